import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

it('a restore with a hidden unique value that is taken now is refused without naming the field, and it counts as a query', async () => {
  const admin = await api.staffWith('administrator');
  const rights = ['read' as const, 'directory' as const];
  const { id } = (await admin('saveStaffRole', { name: 'Keeper', rights, tenants: null })).data;
  const secret = { targetType: 'USER' as const, key: 'badge', isUnique: true, access: { [id]: 'hidden' as const } };
  await admin('setCustomFields', { list: [secret] });
  const keeper = await api.staffWith(id);
  const user = async (badge: string) => (await api.call('createUser', { customData: { badge } })).data.userId;
  const gone = await user('7');
  await admin('deleteUsersBatch', { userIds: [gone] });
  await user('7');
  const who = { targetType: 'USER' as const, targetIdentifier: gone };
  const refused = await keeper('restoreTarget', who);
  expect(refused).toMatchObject({ error: 'valueTaken', issues: [{ path: ['targetIdentifier'] }] });
  expect(JSON.stringify(refused)).not.toContain('badge');
  const { read } = api.server.database;
  const asked = await read.selectFrom('activity').select('actorName').where('event', '=', 'searched').execute();
  expect(asked).toHaveLength(1);
  expect((await admin('restoreTarget', who)).issues).toMatchObject([
    { path: ['targetIdentifier', 'badge'], name: 'valueTaken' },
  ]);
});

it('a restore counts as one guess, whether the user holds no hidden unique value or several', async () => {
  const admin = await api.staffWith('administrator');
  const rights = ['read' as const, 'directory' as const];
  const { id } = (await admin('saveStaffRole', { name: 'Porter', rights, tenants: null })).data;
  const secret = { targetType: 'USER' as const, isUnique: true, access: { [id]: 'hidden' as const } };
  await admin('setCustomFields', { list: ['desk', 'locker'].map((key) => ({ ...secret, key })) });
  const porter = await api.staffWith(id);
  const asked = async () =>
    (await api.server.database.read.selectFrom('activity').select('id').where('event', '=', 'searched').execute())
      .length;
  for (const customData of [{}, { desk: '1' }, { desk: '2', locker: '2' }]) {
    const { userId } = (await api.call('createUser', { customData })).data;
    await porter('deleteUsersBatch', { userIds: [userId] });
    const before = await asked();
    const back = await porter('restoreTarget', { targetType: 'USER', targetIdentifier: userId });
    expect(back.statusCode).toBe(200);
    expect((await asked()) - before).toBe(1);
  }
});
