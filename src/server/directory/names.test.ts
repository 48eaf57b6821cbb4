import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

it('who may not read learns of no more than 30 names in ten minutes that somebody has them, and each is recorded', async () => {
  const rights = ['directory' as const];
  const admin = await api.staffWith('administrator');
  const { id } = (await admin('saveStaffRole', { name: 'Joiner', rights, tenants: null })).data;
  const joiner = await api.staffWith(id);
  await api.call('createUsersBatch', {
    list: Array.from({ length: 31 }, (_, index) => ({ phone: `1380000${String(index).padStart(4, '0')}` })),
  });
  const guess = (index: number) => joiner('createUser', { phone: `1380000${String(index).padStart(4, '0')}` });
  // A name that nobody has costs nothing.
  for (let index = 0; index < 40; index += 1)
    expect(await joiner('createUser', { username: `new${index}` })).toMatchObject({ statusCode: 200 });
  for (let index = 0; index < 30; index += 1) expect(await guess(index)).toMatchObject({ error: 'valueTaken' });
  expect(await guess(30)).toMatchObject({ error: 'tooManyRequests' });
  const asked = await api.server.database.read
    .selectFrom('activity')
    .select('fieldId')
    .where('event', '=', 'searched')
    .execute();
  expect(asked).toEqual(Array.from({ length: 30 }, () => ({ fieldId: null })));
  const reader = await api.callerWith(['directory', 'read']);
  for (let index = 0; index < 31; index += 1)
    expect(await reader('createUser', { phone: '13800000001' })).toMatchObject({ error: 'valueTaken' });
});
