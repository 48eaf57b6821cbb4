import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rightsOf } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

const targetType = 'USER' as const;
let key: string;
let count = 0;
beforeEach(() => {
  count += 1;
  key = `closed${count}`;
});
const roleWith = async (rights: Right[], tenants: string[] | null = null) => {
  count += 1;
  return (await admin('saveStaffRole', { name: `Role ${count}`, rights, tenants })).data.id;
};
/** Somebody who may do everything, in a role of their own. */
async function anotherAdministrator() {
  const role = await roleWith([...rightsOf.administrator]);
  await api.staffWith(role);
  others.push(role);
  const id = (await admin('listStaff', {})).data.find((one) => one.role === role)?.id ?? '';
  return { role, id };
}
const others: string[] = [];
afterEach(async () => {
  const { write } = api.server.database;
  for (const role of others.splice(0)) await write.deleteFrom('staff').where('role', '=', role).execute();
});
const refused = { error: 'forbidden', issues: [{ name: 'closesBeyondOwn' }] };
const keyOf = async (call: Call, list: object[], tenantId?: string) =>
  call('setCustomFields', { list: list.map((item) => ({ targetType, key, ...item })), tenantId });

describe('a field', () => {
  it('can’t be closed to a role with more power: auditors and administrators see what happens to it', async () => {
    await keyOf(api.call, [{}]);
    const thief = await api.staffWith(await roleWith(['read', 'write', 'define']));
    expect(await keyOf(thief, [{ access: { auditor: 'hidden' } }])).toMatchObject(refused);
    expect(await keyOf(thief, [{ access: { administrator: 'read' } }])).toMatchObject(refused);
    const changes = [{ targetType, key, access: { administrator: 'hidden' as const } }];
    expect(await thief('planFields', { changes })).toMatchObject(refused);
    expect((await keyOf(thief, [{ access: { support: 'hidden' } }])).statusCode).toBe(200);
  });

  it('is closed to nobody who manages staff by somebody who doesn’t, whatever else they may do', async () => {
    await keyOf(api.call, [{}]);
    const rights: Right[] = ['read', 'write', 'define', 'directory', 'reveal', 'export', 'activity'];
    const most = await api.staffWith(await roleWith(rights));
    expect(await keyOf(most, [{ access: { administrator: 'hidden' } }])).toMatchObject(refused);
    const made = (await admin('createAccessKey', { name: 'Most', scopes: rights })).data;
    expect(await keyOf(await api.keyCall(made), [{ access: { administrator: 'hidden' } }])).toMatchObject(refused);
    const definer = await api.staffWith(await roleWith(['read', 'define']));
    const keeper = await roleWith(['read', 'staff']);
    expect(await keyOf(definer, [{ access: { [keeper]: 'hidden' } }])).toMatchObject(refused);
  });

  it('that is hidden from somebody is neither encrypted, deleted nor restored by them', async () => {
    const id = await roleWith(['read', 'define']);
    const definer = await api.staffWith(id);
    await keyOf(api.call, [{ access: { [id]: 'hidden' } }]);
    const unseen = { error: 'forbidden', issues: [{ name: 'accessBeyondOwn' }] };
    expect(await keyOf(definer, [{ encrypted: true }])).toMatchObject(unseen);
    expect(await definer('deleteCustomFields', { list: [{ targetType, key }] })).toMatchObject(unseen);
    await api.call('deleteCustomFields', { list: [{ targetType, key }] });
    expect(await definer('restoreCustomField', { targetType, key })).toMatchObject(unseen);
  });

  it('that is hidden from somebody isn’t masked again by their undo', async () => {
    const id = await roleWith(['read', 'define']);
    const definer = await api.staffWith(id);
    await keyOf(api.call, [{ desensitization: true, access: { [id]: 'hidden' } }]);
    const changes = [{ targetType, key, desensitization: false }];
    const { token } = (await admin('planFields', { changes })).data;
    const { planId } = (await admin('applyPlan', { changes, token })).data;
    expect((await definer('undoPlan', { planId })).data.skipped).toEqual([{ key, what: 'desensitization' }]);
    const isMasked = async () =>
      (await api.call('getCustomFields', { targetType })).data.find((field) => field.key === key)?.desensitization;
    expect(await isMasked()).toBe(false);
    expect((await admin('undoPlan', { planId })).data.skipped).toEqual([]);
    expect(await isMasked()).toBe(true);
  });

  it('is opened to edit by nobody who may not edit values themselves', async () => {
    await keyOf(api.call, [{ access: { support: 'read' } }]);
    const definer = await api.staffWith(await roleWith(['read', 'define']));
    expect(await keyOf(definer, [{ access: {} }])).toMatchObject({ issues: [{ name: 'accessBeyondOwn' }] });
  });

  it('is made for no role that has more', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'Closing' })).data;
    const definer = await api.staffWith(await roleWith(['read', 'define'], [tenantId]));
    expect(await keyOf(definer, [{ access: { administrator: 'hidden' } }], tenantId)).toMatchObject(refused);
    expect((await keyOf(definer, [{}], tenantId)).statusCode).toBe(200);
  });

  it('can’t be closed for a moment to take over a role that sees it again afterwards', async () => {
    const id = await roleWith(['read', 'define', 'staff']);
    const other = await roleWith(['read']);
    await keyOf(api.call, [{ access: { [id]: 'hidden' } }]);
    const keeper = await api.staffWith(id);
    const close = { [id]: 'hidden', [other]: 'hidden' };
    expect(await keyOf(keeper, [{ access: close }])).toMatchObject(refused);
    const another = await roleWith(['read']);
    await keyOf(api.call, [{ access: { [id]: 'hidden', [another]: 'hidden' } }]);
    const access = { [id]: 'hidden', [another]: 'hidden', [other]: 'hidden' };
    expect(await keyOf(keeper, [{ access }])).toMatchObject(refused);
  });

  it('can’t be closed by an undo to a role with more power', async () => {
    const definer = await api.staffWith(await roleWith(['read', 'define']));
    await anotherAdministrator();
    await keyOf(admin, [{ access: { administrator: 'read' } }]);
    const changes = [{ targetType, key, access: {} }];
    const { token } = (await api.call('planFields', { changes })).data;
    const { planId } = (await api.call('applyPlan', { changes, token })).data;
    expect((await definer('undoPlan', { planId })).data.skipped).toEqual([{ key, what: 'access' }]);
    const { data } = await api.call('getCustomFields', { targetType });
    expect(data.find((field) => field.key === key)?.access).toEqual({});
  });

  it('stays open to one of those who may do everything, so that somebody can open it again', async () => {
    const closed = { error: 'forbidden', issues: [{ name: 'closesToAll' }] };
    for (const said of ['read', 'hidden'] as const) {
      const access = { administrator: said };
      expect(await keyOf(admin, [{ access }])).toMatchObject(closed);
      expect(await keyOf(api.call, [{}])).toMatchObject({ statusCode: 200 });
      expect(await keyOf(admin, [{ access }])).toMatchObject(closed);
      expect(await keyOf(api.call, [{ access }])).toMatchObject({ error: 'forbidden' });
      const changes = [{ targetType, key, access }];
      expect(await admin('planFields', { changes })).toMatchObject(closed);
      expect(await admin('applyPlan', { changes })).toMatchObject(closed);
    }
    const other = await anotherAdministrator();
    const most = { administrator: 'hidden', [other.role]: 'read' };
    expect(await keyOf(admin, [{ access: most }])).toMatchObject(closed);
    expect(await keyOf(admin, [{ access: { administrator: 'hidden' } }])).toMatchObject({ statusCode: 200 });
    // The other one has to remain, also while the field lies in the trash.
    const disable = () => admin('changeStaff', { id: other.id, isDisabled: true });
    const last = { error: 'forbidden', issues: [{ name: 'lastAdministrator' }] };
    expect(await disable()).toMatchObject(last);
    await api.call('deleteCustomFields', { list: [{ targetType, key }] });
    expect(await disable()).toMatchObject(last);
    expect((await api.call('restoreCustomField', { targetType, key })).statusCode).toBe(200);
    await keyOf(api.call, [{ access: {} }]);
    expect((await disable()).statusCode).toBe(200);
  });

  it('isn’t closed to all of them while the account of the last one is disabled', async () => {
    const spare = await api.staffWith('administrator');
    for (let round = 0; round < 8; round += 1) {
      const other = await anotherAdministrator();
      count += 1;
      key = `closed${count}`;
      await keyOf(api.call, [{}]);
      const answers = await Promise.all([
        keyOf(admin, [{ access: { administrator: 'hidden' } }]),
        spare('changeStaff', { id: other.id, isDisabled: true }),
      ]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403]);
      if (answers[0].statusCode === 200) await keyOf(api.call, [{ access: {} }]);
      await admin('changeStaff', { id: other.id, isDisabled: true });
    }
  });

  it('isn’t closed to all of them by an undo', async () => {
    const other = await anotherAdministrator();
    await keyOf(admin, [{ access: { administrator: 'hidden' } }]);
    const changes = [{ targetType, key, access: {} }];
    const { token } = (await api.call('planFields', { changes })).data;
    const { planId } = (await api.call('applyPlan', { changes, token })).data;
    expect((await admin('changeStaff', { id: other.id, isDisabled: true })).statusCode).toBe(200);
    expect((await admin('undoPlan', { planId })).data.skipped).toEqual([{ key, what: 'access' }]);
  });

  it('that is closed to administrators doesn’t prevent them from locking somebody out', async () => {
    const support = await api.staffWith('support');
    const email = (await support('getSession', {})).data?.email;
    const spare = (await admin('createAccessKey', { name: 'Spare', scopes: ['read'], role: 'support' })).data;
    await anotherAdministrator();
    await keyOf(admin, [{ access: { administrator: 'hidden' } }]);
    const person = (await admin('listStaff', {})).data.find((one) => one.email === email);
    const id = person?.id ?? '';
    expect((await admin('signOutStaff', { id })).statusCode).toBe(200);
    expect((await admin('revokeAccessKey', { id: spare.id })).statusCode).toBe(200);
    expect((await admin('changeStaff', { id, isDisabled: true })).statusCode).toBe(200);
    const beyond = { error: 'forbidden', issues: [{ name: 'beyondOwn' }] };
    expect(await admin('changeStaff', { id, isDisabled: false })).toMatchObject(beyond);
    expect(await admin('resetTotp', { id })).toMatchObject(beyond);
  });
});

describe('unique', () => {
  it('can’t be turned on by a caller who may not know the values, nor by the undo of their plan', async () => {
    const clerk = await api.staffWith(await roleWith(['read', 'write', 'define', 'directory']));
    const blind = await api.staffWith(await roleWith(['define', 'write', 'directory']));
    await keyOf(api.call, [{ desensitization: true, isUnique: true }]);
    await api.call('createUser', { username: `held${count}`, customData: { [key]: '1648' } });
    const answers = [];
    for (const [call, guess] of [clerk, blind].flatMap((call) => [[call, '1648'] as const, [call, '9999'] as const])) {
      const changes = [{ targetType, key, isUnique: false }];
      const { token } = (await call('planFields', { changes })).data;
      const { planId } = (await call('applyPlan', { changes, token })).data;
      count += 1;
      await call('createUser', { username: `guess${count}`, customData: { [key]: guess } });
      const again = await keyOf(call, [{ isUnique: true }]);
      const undone = await call('undoPlan', { planId });
      answers.push([again.issues?.map(({ name }) => name), undone.data.skipped]);
      await call('deleteUsersBatch', {
        userIds: (await api.call('listUsers', { keywords: `guess${count}` })).data.list.map(({ userId }) => userId),
      });
      expect((await keyOf(admin, [{ isUnique: true }])).statusCode).toBe(200);
    }
    const skipped = [{ key, what: 'isUnique' }];
    const [reveal, read] = [['needsRevealRight'], ['needsReadRight']];
    expect(answers).toEqual([reveal, reveal, read, read].map((names) => [names, skipped]));
  });
});
