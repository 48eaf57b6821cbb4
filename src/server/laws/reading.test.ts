import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { dots } from '#contract/mask';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';
import { inputFor, type Pools, randomFrom } from '../testing/inputs.ts';

// Calls every endpoint with each permission except `read`. No answer may contain what somebody else wrote.

/** Part of every text that the test writes, and of no id. */
const mark = 'zq4711';
/** Part of names. The audit log shows names. */
const called = 'zq4712';

let api: Awaited<ReturnType<typeof testApp>>;
let pools: Pools;
let userId: string;

beforeAll(async () => {
  api = await testApp();
  const { call } = api;
  const texts = { email: `e${mark}@example.com`, identityNumber: `ID${mark}`, address: `Road ${mark}` };
  userId = (await call('createUser', { username: `u${called}`, phone: `1380000${mark}`, ...texts })).data.userId;
  const nameless = (await call('createUser', { phone: `1390000${mark}` })).data.userId;
  await call('updateUser', { userId, nickname: `Nick ${mark}` });
  const group = { name: `G ${called}`, description: `D ${mark}` };
  await call('createGroup', { code: 'g', ...group });
  await call('createRole', { code: 'r', ...group });
  await call('createNamespace', { code: 'n', ...group });
  await call('createOrganization', { organizationCode: 'o', organizationName: `O ${called}`, description: mark });
  const organization = { organizationCode: 'o', parentDepartmentId: 'root' };
  const more = { name: `Dep ${called}`, code: `c${mark}`, description: mark, leaderUserIds: [userId] };
  const { departmentId } = (await call('createDepartment', { ...organization, ...more })).data;
  const types = ['USER', 'GROUP', 'ROLE', 'DEPARTMENT'] as const;
  await call('setCustomFields', { list: types.map((targetType) => ({ targetType, key: 'f' })) });
  for (const targetIdentifier of [userId, nameless])
    await call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key: 'f', value: mark }] });
  pools = poolsOf({ users: [userId, nameless], departmentId });
});
afterAll(() => api.close());

describe('a caller without the read permission', () => {
  it.each<Right[][]>([
    [['write']],
    [['directory']],
    [['define']],
    [['define', 'write']],
    [['reveal']],
    [['staff']],
    [['activity']],
    [['activity', 'export']],
  ])('and with %j learns nothing that others wrote', async (rights) => {
    const chief = await api.staffWith('administrator');
    const role = (await chief('saveStaffRole', { name: rights.join(' '), rights, tenants: null })).data.id;
    expect(await told(await api.staffWith(role), rights)).toEqual([]);
  });

  it('gets back what they sent, and the ids', async () => {
    const call = await api.callerWith(['directory', 'write']);
    const changed = (await call('updateUser', { userId, nickname: 'Nick' })).data;
    expect(changed).toMatchObject({ userId, nickname: 'Nick', username: null, phone: null, address: null });
    const { data } = await call('createGroup', { code: 'own', name: 'Own', description: 'Mine' });
    expect(data).toMatchObject({ code: 'own', name: 'Own', description: 'Mine' });
    expect((await call('updateGroup', { code: 'own', name: 'Now' })).data).toMatchObject({
      name: 'Now',
      description: '',
    });
  });

  it('isn’t told the name of a new role’s permission group', async () => {
    await api.call('createNamespace', { code: 'plan', name: `Group ${mark}` });
    const call = await api.callerWith(['directory']);
    const made = await call('createRole', { code: 'planned', name: 'Planned', namespace: 'plan' });
    expect(made.data).toMatchObject({ code: 'planned', name: 'Planned', namespace: 'plan', namespaceName: '' });
    const reader = await api.callerWith(['directory', 'read']);
    const { data } = await reader('createRole', { code: 'planned too', namespace: 'plan' });
    expect(data.namespaceName).toBe(`Group ${mark}`);
  });

  it('can’t reveal a value, even with the reveal permission', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'pin', desensitization: true }] });
    await api.call('updateUser', { userId, customData: { pin: mark } });
    const place = { targetType: 'USER' as const, targetIdentifier: userId, key: 'pin', reason: 'Because' };
    const reveal = async (rights: Right[]) => {
      const chief = await api.staffWith('administrator');
      const role = { name: `Reveals with ${rights}`, rights, tenants: null };
      return (await api.staffWith((await chief('saveStaffRole', role)).data.id))('revealValue', place);
    };
    expect((await reveal(['reveal'])).error).toBe('forbidden');
    expect((await reveal(['reveal', 'read'])).data).toEqual({ value: mark });
  });

  it('gets the id of a user, and no phone number, email address or username', async () => {
    const call = await api.callerWith(['write', 'directory']);
    for (const [userIdType, id] of [
      ['phone', `1380000${mark}`],
      ['email', 'nobody@example.com'],
      ['username', 'u'],
    ] as const) {
      const options = { userIdType };
      const answers = [
        await call('updateUser', { userId: id, options, customData: {} }),
        await call('deleteUsersBatch', { userIds: [id], options }),
      ];
      for (const { error, issues } of answers)
        expect([error, issues]).toEqual(['forbidden', [expect.objectContaining({ name: 'needsReadRight' })]]);
    }
  });
});

describe('a guess at a profile by a caller without the read permission', () => {
  it('has the same answer, right or wrong', async () => {
    const own = await testApp({ requireReason: true });
    try {
      const guessed = (await own.call('createUser', { username: 'ada', phone: '13800138030' })).data.userId;
      await own.call('createGroup', { code: 'g', name: 'G', description: 'Right' });
      await own.call('createRole', { code: 'r', name: 'R', description: 'Right' });
      const chief = await own.staffWith('administrator');
      const role = { name: 'Keeper', rights: ['directory' as const], tenants: null };
      const keeper = await own.staffWith((await chief('saveStaffRole', role)).data.id);
      const writer = await own.callerWith(['write']);
      const names = async (call: Call, description: string) => [
        (await call('updateGroup', { code: 'g', description })).issues,
        (await call('updateRole', { code: 'r', description })).issues,
      ];
      const phone = async (guess: string) => (await keeper('updateUser', { userId: guessed, phone: guess })).issues;
      expect(await phone('13800138030')).toEqual([expect.objectContaining({ name: 'reasonRequired' })]);
      expect(await phone('13800138031')).toEqual(await phone('13800138030'));
      for (const call of [keeper, writer]) expect(await names(call, 'Right')).toEqual(await names(call, 'Wrong'));
      expect((await names(keeper, 'Right')).every(Boolean)).toBe(true);
    } finally {
      await own.close();
    }
  });
});

describe('a caller with only the audit log', () => {
  it('learns which built-in properties changed, and finds people by name or whole id', async () => {
    const own = await api.call('createUser', { name: 'Ada Byron', phone: '13700137000', email: 'ada@example.com' });
    await api.call('updateUser', { userId: own.data.userId, identityNumber: 'ID-99' });
    const auditor = await api.callerWith(['activity']);
    const found = async (whose: string) =>
      (await auditor('listActivity', { whose })).data.list.map(({ target }) => target?.event);
    expect(await found('ada by')).toEqual(['changed', 'created']);
    expect(await found(own.data.userId)).toEqual(['changed', 'created']);
    for (const part of ['13700137000', '0137', 'ada@', 'id-99']) expect(await found(part)).toEqual([]);
    const [entry] = (await auditor('listActivity', { limit: 1 })).data.list;
    expect(entry?.target?.changes).toEqual([{ key: 'identityNumber', before: dots, after: dots }]);
    const reader = await api.callerWith(['activity', 'read']);
    const [all] = (await reader('listActivity', { whose: '0137' })).data.list;
    expect(all?.target?.changes).toEqual([{ key: 'identityNumber', before: null, after: 'ID-99' }]);
  });
});

/** The endpoints whose answers contain the mark although their input doesn't. */
async function told(call: Call, rights: Right[]): Promise<string[]> {
  const random = randomFrom(7);
  const found = new Set<string>();
  const marks = rights.includes('activity') ? [mark] : [mark, called];
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const { right } = endpoints[name];
    if (!Array.isArray(right) || !right.some((one) => rights.includes(one)) || /^delete|^restore/.test(name)) continue;
    for (let round = 0; round < 6; round += 1) {
      const input = inputFor(name, random, pools);
      const answer = JSON.stringify(await call(name, input));
      const sent = JSON.stringify(input);
      for (const one of marks) if (answer.includes(one) && !sent.includes(one)) found.add(`${name}: ${answer}`);
    }
  }
  return [...found];
}

function poolsOf({ users, departmentId }: { users: string[]; departmentId: string }): Pools {
  const optional = ['username', 'email', 'phone', 'externalId', 'namespace', 'newCode', 'password', 'tenantId', 'name'];
  const wanted = ['options', 'whose', 'actor', 'from', 'to', 'kind', 'before', 'nickname', 'description', 'i18n'];
  const none = [...optional, ...wanted, 'parentDepartmentId', 'leaderUserIds', 'code'].map((name) => [
    name,
    [undefined],
  ]);
  return {
    ...Object.fromEntries(none),
    userId: users,
    'USER.targetIdentifier': users,
    'GROUP.targetIdentifier': ['g'],
    'ROLE.targetIdentifier': ['r'],
    'DEPARTMENT.targetIdentifier': [departmentId],
    'updateGroup.code': ['g'],
    'updateRole.code': ['r'],
    'updateNamespace.code': ['n'],
    organizationCode: ['o'],
    departmentId: [departmentId],
    departmentIdType: ['department_id'],
    key: ['f'],
    customData: [{}, undefined, { f: 'y' }],
  };
}
