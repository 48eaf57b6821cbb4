import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Right } from '#contract/wire/endpoint';
import { purgeTrash } from '../fields/lifecycle.ts';
import { signer } from '../secrets.ts';
import { type Call, testApp } from '../testing/app.ts';
import { addAccessKey } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

const targetType = 'USER' as const;

describe('an access key', () => {
  it('can’t be rotated, revoked or made by a caller with less power', async () => {
    const role = await admin('saveStaffRole', { name: 'Keeper', rights: ['read', 'staff'], tenants: null });
    const keeper = await api.staffWith(role.data.id);
    const { id } = await addAccessKey(api.server, { name: 'All' });
    const refused = { error: 'forbidden', issues: [{ path: ['id'], name: 'beyondOwn' }] };
    expect(await keeper('rotateAccessKey', { id, overlapHours: 0 })).toMatchObject(refused);
    expect(await keeper('revokeAccessKey', { id })).toMatchObject(refused);
    expect((await admin('rotateAccessKey', { id, overlapHours: 0 })).statusCode).toBe(200);
  });

  it('sees what its creator’s role sees: hidden fields and encrypted values stay hidden', async () => {
    const role = await admin('saveStaffRole', { name: 'Keeper 2', rights: ['read', 'staff'], tenants: null });
    const { id } = role.data;
    const list = [
      { targetType, key: 'hid', access: { [id]: 'hidden' as const } },
      { targetType, key: 'sealed', encrypted: true },
    ];
    expect((await api.call('setCustomFields', { list })).statusCode).toBe(200);
    const { userId } = (
      await api.call('createUser', { username: 'kim', customData: { hid: 'h-4711', sealed: 's-4711' } })
    ).data;
    const keeper = await api.staffWith(id);
    const call = await api.keyCall((await keeper('createAccessKey', { name: 'Mine', scopes: ['read'] })).data);
    const seen = await call('getCustomData', { targetType, targetIdentifier: userId });
    expect(seen.statusCode).toBe(200);
    expect(JSON.stringify(seen)).not.toContain('4711');
    const beyond = await keeper('createAccessKey', { name: 'As', scopes: ['read'], role: 'support' });
    expect(beyond).toMatchObject({ error: 'forbidden', issues: [{ path: ['role'], name: 'beyondOwn' }] });
  });
});

describe('who doesn’t see a field that was permanently deleted', () => {
  const rights: Right[] = ['read', 'activity', 'export', 'staff'];
  const leadWith = async (name: string, key: string, access: 'hidden' | 'read') => {
    const { id } = (await admin('saveStaffRole', { name, rights, tenants: null })).data;
    await admin('setCustomFields', { list: [{ targetType, key, access: { [id]: access } }] });
    return api.staffWith(id);
  };
  const invite = (call: Call) => call('inviteStaff', { email: 'auditor2@example.com', name: 'Other', role: 'auditor' });
  async function purge(key: string) {
    await admin('deleteCustomFields', { list: [{ targetType, key }] });
    const sign = signer(api.server.secrets);
    const by = { kind: 'system' as const, id: '', name: '', through: 'command' as const, sign };
    expect(await purgeTrash(api.server, by, new Date(Date.now() + 31 * 86_400_000))).toBe(1);
  }

  it('gives nobody the sight of its entries: no role, no invitation, no key', async () => {
    const lead = await leadWith('Lead', 'gone', 'hidden');
    await admin('createUser', { username: 'anna', customData: { gone: 'positive' } });
    expect(await invite(lead)).toMatchObject({ error: 'forbidden' });
    await purge('gone');
    expect(await invite(lead)).toMatchObject({ error: 'forbidden' });
    const made = await lead('saveStaffRole', { name: 'Mine', rights: ['read', 'activity', 'export'], tenants: null });
    const key = await lead('createAccessKey', { name: 'Mine', scopes: ['activity'], role: made.data.id });
    const entriesOf = async (call: Call) =>
      (await call('listActivity', { kind: 'value' })).data.list.filter(({ holder }) => holder?.name === 'anna');
    expect(await entriesOf(admin)).toHaveLength(1);
    for (const call of [lead, await api.staffWith(made.data.id), await api.keyCall(key.data)])
      expect(await entriesOf(call)).toEqual([]);
  });

  it('is not held back by one that they only couldn’t edit, for nobody can any more', async () => {
    const lead = await leadWith('Reader', 'read', 'read');
    expect(await invite(lead)).toMatchObject({ error: 'forbidden' });
    await purge('read');
    expect(await invite(lead)).toMatchObject({ statusCode: 200 });
  });
});

describe('a role', () => {
  it('sees of each field what its creator sees, and no more', async () => {
    const { id } = (await admin('saveStaffRole', { name: 'Maker', rights: ['read', 'staff'], tenants: null })).data;
    const list = [{ targetType, key: 'ofMaker', access: { [id]: 'hidden' as const } }];
    await api.call('setCustomFields', { list });
    const maker = await api.staffWith(id);
    const made = await maker('saveStaffRole', { name: 'Made', rights: ['read'], tenants: null });
    expect(made.statusCode).toBe(200);
    const { data } = await api.call('getCustomFields', { targetType });
    expect(data.find(({ key }) => key === 'ofMaker')?.access).toEqual({ [id]: 'hidden', [made.data.id]: 'hidden' });
    expect((await maker('inviteStaff', { email: 'made@example.com', name: 'M', role: made.data.id })).statusCode).toBe(
      200,
    );
  });

  it('with more power can’t be changed or deleted by a caller with less', async () => {
    const { id } = (await admin('saveStaffRole', { name: 'Less', rights: ['read', 'staff'], tenants: null })).data;
    const strong = { name: 'More', rights: ['read' as const, 'write' as const], tenants: null };
    const other = (await admin('saveStaffRole', strong)).data;
    const keeper = await api.staffWith(id);
    const refused = { error: 'forbidden', issues: [{ path: ['id'], name: 'beyondOwn' }] };
    expect(await keeper('saveStaffRole', { ...strong, rights: ['read'], id: other.id })).toMatchObject(refused);
    expect(await keeper('deleteStaffRole', { id: other.id })).toMatchObject(refused);
  });

  it('can’t be deleted while an open invitation gives it', async () => {
    const { id } = (await admin('saveStaffRole', { name: 'Invited', rights: ['read'], tenants: null })).data;
    await admin('inviteStaff', { email: 'invited@example.com', name: 'I', role: id });
    expect(await admin('deleteStaffRole', { id })).toMatchObject({ issues: [{ name: 'roleInvited' }] });
  });
});

describe('a field', () => {
  it('can’t be opened further than the caller sees it, directly, by a plan or by an undo', async () => {
    const rights = ['read' as const, 'define' as const];
    const { id } = (await admin('saveStaffRole', { name: 'Definer', rights, tenants: null })).data;
    const list = [
      { targetType, key: 'shut', access: { [id]: 'hidden' as const, support: 'read' as const } },
      { targetType, key: 'veiled', encrypted: true },
    ];
    await api.call('setCustomFields', { list });
    const definer = await api.staffWith(id);
    const set = (key: string, change: object) => definer('setCustomFields', { list: [{ targetType, key, ...change }] });
    const refused = { error: 'forbidden', issues: [{ path: ['list', 0, 'access'], name: 'accessBeyondOwn' }] };
    expect(await set('shut', { access: {} })).toMatchObject(refused);
    expect(await set('shut', { access: { [id]: 'hidden' } })).toMatchObject(refused);
    expect(await set('shut', { access: { [id]: 'hidden', support: 'hidden' } })).toMatchObject({
      error: 'forbidden',
      issues: [{ name: 'closesBeyondOwn' }],
    });
    expect(await set('veiled', { mask: 'PHONE' })).toMatchObject({ issues: [{ name: 'needsRevealRight' }] });
    expect(await set('veiled', { mask: 'ALL', label: 'V' })).toMatchObject({ statusCode: 200 });
    const changes = [{ targetType, key: 'shut', access: {} }];
    expect(await definer('planFields', { changes })).toMatchObject({ error: 'forbidden' });
    // An administrator closes it with a plan. A caller who sees less can't open it with the undo.
    const close = { changes: [{ targetType, key: 'veiled', access: { [id]: 'hidden' as const } }] };
    const { token } = (await admin('planFields', close)).data;
    const { planId } = (await admin('applyPlan', { ...close, token })).data;
    const undone = await definer('undoPlan', { planId });
    expect(undone.data.skipped).toEqual([{ key: 'veiled', what: 'access' }]);
  });

  it('can’t be made unique by a caller who may not read it, because that discloses whether values repeat', async () => {
    await api.call('setCustomFields', { list: [{ targetType, key: 'twice' }] });
    const definer = await api.callerWith(['define']);
    const list = [{ targetType, key: 'twice', isUnique: true }];
    expect(await definer('setCustomFields', { list })).toMatchObject({ issues: [{ name: 'needsReadRight' }] });
  });

  it('isn’t opened to a role that reveals by a caller who can’t reveal its values', async () => {
    const roleOf = async (name: string, rights: Right[]) =>
      (await admin('saveStaffRole', { name, rights, tenants: null })).data.id;
    const friend = await roleOf('Who reveals', ['read', 'reveal']);
    const own = await roleOf('Who doesn’t reveal', ['read', 'define']);
    const list = [{ targetType, key: 'iban', encrypted: true, access: { [friend]: 'hidden' as const } }];
    await admin('setCustomFields', { list });
    const open = { list: [{ targetType, key: 'iban', access: { [friend]: 'read' as const } }] };
    expect(await (await api.staffWith(own))('setCustomFields', open)).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['list', 0, 'access'], name: 'accessBeyondOwn' }],
    });
    expect((await admin('setCustomFields', open)).statusCode).toBe(200);
  });

  it('isn’t opened by a caller who doesn’t see all tenants, because others’ values would be', async () => {
    const { tenantId } = (await admin('createTenant', { name: 'West' })).data;
    const rights: Right[] = ['read', 'define', 'reveal'];
    const role = await admin('saveStaffRole', { name: 'Of West', rights, tenants: [tenantId] });
    const west = await api.staffWith(role.data.id);
    const set = (call: Call, type: 'USER' | 'DEPARTMENT', field: object) =>
      call('setCustomFields', { tenantId, list: [{ targetType: type, key: 'budget', ...field }] });
    for (const type of ['USER', 'DEPARTMENT'] as const)
      await set(admin, type, { access: { auditor: 'hidden' }, desensitization: true });
    for (const opening of [{ access: { auditor: 'read' } }, { desensitization: false }, { mask: 'PHONE' }])
      expect((await set(west, 'DEPARTMENT', opening)).issues, JSON.stringify(opening)).toMatchObject([
        { name: 'accessBeyondOwn' },
      ]);
    expect((await set(west, 'USER', { access: { auditor: 'read' } })).statusCode).toBe(200);
  });

  it('can’t be made unique by a caller who doesn’t see all tenants, because that would compare with their values', async () => {
    const { tenantId } = (await admin('createTenant', { name: 'North' })).data;
    const rights = ['read' as const, 'define' as const];
    const role = await admin('saveStaffRole', { name: 'Of North', rights, tenants: [tenantId] });
    const north = await api.staffWith(role.data.id);
    const unique = (call: Call, type: 'USER' | 'DEPARTMENT', isUnique: boolean) =>
      call('setCustomFields', { tenantId, list: [{ targetType: type, key: 'number', isUnique }] });
    for (const type of ['USER', 'DEPARTMENT'] as const) await unique(admin, type, false);
    expect(await unique(north, 'DEPARTMENT', true)).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['list', 0, 'isUnique'], name: 'accessBeyondOwn' }],
    });
    expect(await unique(north, 'USER', true)).toMatchObject({ statusCode: 200 });
    expect(await unique(admin, 'DEPARTMENT', true)).toMatchObject({ statusCode: 200 });
  });
});

describe('administrators', () => {
  it('who disable each other at the same time leave one who can sign in', async () => {
    const own = await testApp();
    try {
      const one = await own.staffWith('administrator');
      const people = [one, await own.staffWith('administrator')];
      const email = (await one('getSession', {})).data?.email;
      const staff = (await one('listStaff', {})).data;
      const others = [staff.find((person) => person.email !== email), staff.find((person) => person.email === email)];
      const answers = await Promise.all(
        people.map((call, at) => call('changeStaff', { id: others[at]?.id ?? '', isDisabled: true })),
      );
      expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    } finally {
      await own.close();
    }
  });
});
