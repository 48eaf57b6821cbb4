import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';
import { differs, Renaming } from '../testing/compare.ts';
import { must } from '../testing/foreign.ts';
import { inputFor, type Pools, randomFrom } from '../testing/inputs.ts';

// Two pools are the same for the tenant North, and differ in other tenants and in the pool itself. A caller who is
// limited to North must get the same answers in both, from every endpoint of the table.

const rights: Right[] = ['read', 'write', 'define', 'reveal', 'export', 'activity'];
const perEndpoint = process.env.FIELDBOOK_TEST_ENGINE === 'postgres' ? 12 : 30;

interface World {
  api: Awaited<ReturnType<typeof testApp>>;
  south: string;
  pools: Pools;
}
interface Base {
  north: string;
  south: string;
  role: string;
  userId: string;
  departments: string[];
  headers: Record<string, string>;
  viewing: Record<string, string>;
}

let base: Base;
let worlds: World[];
const removals: (() => Promise<void>)[] = [];

const choice = (key: string, targetType: 'USER' | 'DEPARTMENT') => ({
  targetType,
  key,
  dataType: 'ENUM' as const,
  options: ['a', 'b'].map((value) => ({ value, label: value })),
});
const text = (key: string, targetType: 'USER' | 'DEPARTMENT') => ({ targetType, key });
const keys = ['words', 'tier', 'pin', 'absent'];

/** The common data: two tenants, North's people and departments, and the callers who are limited to North. */
async function makeBase(api: World['api']): Promise<Base> {
  const { call } = api;
  const admin = await api.staffHeaders('administrator');
  const { tenantId: north } = await must(call('createTenant', { name: 'North' }));
  const { tenantId: south } = await must(call('createTenant', { name: 'South' }));
  const tenants = [north];
  const { id: role } = await must(api.callAs(admin)('saveStaffRole', { name: 'Of North', rights, tenants }));
  for (const targetType of ['USER', 'DEPARTMENT'] as const) {
    const list = [
      text('words', targetType),
      choice('tier', targetType),
      { ...text('pin', targetType), encrypted: true },
    ];
    await must(call('setCustomFields', { tenantId: north, list }));
  }
  const { userId } = await must(call('createUser', { username: 'ada', tenantId: north, customData: { words: 'one' } }));
  await must(call('createGroup', { code: 'g', name: 'G' }));
  await must(call('createRole', { code: 'r', name: 'R' }));
  await must(call('createOrganization', { organizationCode: 'o', organizationName: 'Pole', tenantId: north }));
  const departments: string[] = [];
  for (const code of ['ice', 'snow']) {
    const department = { organizationCode: 'o', parentDepartmentId: 'root', name: code, code, tenantId: north };
    departments.push((await must(call('createDepartment', { ...department, customData: { tier: 'a' } }))).departmentId);
  }
  await must(call('createUser', { username: 'ben', departmentIds: departments.slice(0, 1) }));
  const headers = await api.staffHeaders(role);
  return { north, south, role, userId, departments, headers, viewing: { ...admin, 'x-fieldbook-view-as': role } };
}

/** The data outside North: some in one world, more in the other. All of it has names that the test can search for. */
async function fill(api: World['api'], { north, south, userId, departments }: Base, world: 0 | 1): Promise<World> {
  const { call } = api;
  const of = <T>(list: T[]) => list.slice(0, world + 1);
  const ids: string[] = [];
  await must(
    call('createOrganization', { organizationCode: 'foreign', organizationName: 'leak-org', tenantId: south }),
  );
  for (const code of ['leak-a', 'leak-b', 'leak-c'].slice(0, 2 + world)) {
    const department = {
      organizationCode: 'foreign',
      parentDepartmentId: ids[0] ?? 'root',
      name: `${code}${world}`,
      code,
    };
    ids.push((await must(call('createDepartment', { ...department, tenantId: south }))).departmentId);
  }
  await must(call('createOrganization', { organizationCode: 'pools', organizationName: `leak-pool${world}` }));
  // The same person is in more departments of the other tenant.
  await must(call('createUser', { username: 'cy', departmentIds: [...ids.slice(0, world + 1), ...departments] }));
  for (const tenantId of of([south, undefined])) {
    const list = [text('leak_text', 'USER'), choice('leak_choice', 'USER')];
    await must(call('setCustomFields', { tenantId, list }));
    const values = [{ key: 'leak_text', value: `leak-value${world}` }];
    await must(call('setCustomData', { targetType: 'USER', targetIdentifier: userId, tenantId, list: values }));
    await must(call('deleteCustomFields', { tenantId, list: [{ targetType: 'USER', key: 'leak_choice' }] }));
  }
  // Fields of North, with values of another tenant's departments. A caller without tenant limit wrote them.
  for (const targetIdentifier of of(ids)) {
    const list = [
      { key: 'words', value: `leak-words${world}` },
      { key: 'tier', value: world ? 'b' : 'a' },
    ];
    await must(call('setCustomData', { targetType: 'DEPARTMENT', targetIdentifier, tenantId: north, list }));
  }
  const admin = await api.staffWith('administrator');
  for (const name of of(['leak-one', 'leak-two'])) {
    await must(call('createTenant', { name }));
    await must(admin('saveStaffRole', { name, rights: ['read'], tenants: [south] }));
    await must(admin('inviteStaff', { email: `${name}@example.com`, name, role: 'auditor' }));
    await must(admin('createAccessKey', { name, scopes: ['read'] }));
    await must(admin('saveView', { targetType: 'USER', name, query: '', shared: true, tenantId: south }));
    const plan = { tenantId: south, changes: [{ targetType: 'USER' as const, key: 'leak_text', label: name }] };
    const { token } = await must(admin('planFields', plan));
    await must(admin('applyPlan', { ...plan, token }));
  }
  const gone = ids.at(-1) ?? '';
  if (world) await must(call('deleteDepartment', { organizationCode: 'foreign', departmentId: gone, tenantId: south }));
  // North continues, with row numbers that differ now between the worlds.
  const list = [{ key: 'words', value: 'two' }];
  await must(call('setCustomData', { targetType: 'USER', targetIdentifier: userId, tenantId: north, list }));
  const place = { targetType: 'DEPARTMENT' as const, targetIdentifier: departments[0] ?? '', tenantId: north };
  await must(call('setCustomData', { ...place, list }));
  return { api, south, pools: poolsOf({ ids, departments, userId, north, south }) };
}

function poolsOf(at: { ids: string[]; departments: string[]; userId: string; north: string; south: string }): Pools {
  const departmentIds = [...at.departments, ...at.departments, at.ids[0], at.ids.at(-1)];
  const value = ['one', 'two', 'a', 'b', null];
  return {
    targetType: ['USER', 'DEPARTMENT', 'DEPARTMENT', 'GROUP', 'ROLE'],
    'USER.targetIdentifier': [at.userId],
    'DEPARTMENT.targetIdentifier': departmentIds,
    'GROUP.targetIdentifier': ['g'],
    'ROLE.targetIdentifier': ['r'],
    userId: [at.userId, 'cy', 'ben'],
    userIdType: ['user_id', 'username', 'username'],
    userIds: [['ada', 'ben', 'cy']],
    'getUserBatch.userIdType': ['username'],
    withDepartmentIds: [true],
    withCustomData: [true],
    'listUsers.options': [{ withDepartmentIds: true, withCustomData: true }, undefined],
    'listUsers.advancedFilter': [
      undefined,
      ...departmentIds.map((departmentId) => [
        { field: 'department', operator: 'IN', value: [{ departmentId, includeChildrenDepartments: true }] },
      ]),
    ],
    departmentId: [...departmentIds, 'root'],
    departmentIdType: ['department_id', 'code'],
    departmentCode: [undefined, 'ice', 'leak-a'],
    parentDepartmentId: [...departmentIds, 'root'],
    organizationCode: ['o', 'o', 'o', 'foreign', 'pools'],
    code: ['g', 'r'],
    namespace: ['default'],
    tenantId: [at.north, at.north, at.north, at.north, at.south, undefined],
    key: keys,
    'customData.key': keys,
    'custom.key': keys,
    field: [...keys, 'name', 'code', 'createdAt'],
    column: [...keys, 'name'],
    keywords: [undefined, 'leak', 'i', 'cy'],
    whose: [undefined, undefined, 'leak', 'ice', at.ids[0]],
    actor: [undefined],
    from: [undefined],
    to: [undefined],
    kind: [undefined, 'target', 'value', 'field', 'session', 'protected'],
    before: [undefined],
    entry: [1, 2_147_483_647],
    cursor: [undefined, 'end'],
    value,
    base: value,
    mine: value,
    reason: ['The caller asked'],
    fuzzySearchOn: [undefined],
    dataType: ['STRING', 'ENUM'],
    options: [[{ value: 'a', label: 'a' }], []],
    validateRules: [[{ type: 'maxLength', content: '2', error: 'Long' }], []],
    samples: [50],
    create: [undefined],
    access: [undefined],
    version: [undefined],
    i18n: [undefined],
    password: [undefined],
    planId: ['none'],
    id: ['none'],
    token: ['none'],
  };
}

/** The endpoints for a limited caller: reads, then writes, which change both worlds in the same way. */
const callable = (effect: 'read' | 'write') =>
  (Object.keys(endpoints) as EndpointName[]).filter((name) => {
    const { right, also, effect: own } = endpoints[name] as (typeof endpoints)[EndpointName] & { also?: Right };
    if ((own === 'write') !== (effect === 'write') || !Array.isArray(right)) return false;
    return right.some((one) => rights.includes(one)) && (!also || rights.includes(also));
  });

/** Entry numbers count through the whole pool. They disclose that something else happened, and nothing more. */
function withoutNumbers(name: EndpointName, body: string): unknown {
  const said = JSON.parse(body, (key, value) => (key === 'id' && typeof value === 'number' ? null : value));
  if (name === 'exportActivity' && said.data) said.data.csv = said.data.csv.replace(/^\d+,/gm, ',');
  return said;
}

async function walk(names: EndpointName[], headers: Record<string, string>) {
  const found: object[] = [];
  const answered = new Set<EndpointName>();
  const renaming = new Renaming();
  for (const [at, name] of names.entries()) {
    // An endpoint that has refused every input so far gets more inputs.
    for (let count = 0; count < perEndpoint || (!answered.has(name) && count < 100); count += 1) {
      const inputs = worlds.map(({ pools }) => inputFor(name, randomFrom(at * 1_000 + count), pools));
      const answers = [];
      for (const [index, { api }] of worlds.entries())
        answers.push(await api.ask(name, inputs[index] as never, headers));
      const bodies = answers.map(({ body }) => body);
      const [one, other] = bodies.map((body) => withoutNumbers(name, body));
      const difference = differs(one, other, renaming);
      if (difference) found.push({ name, difference, sent: JSON.stringify(inputs[1]) });
      if (bodies.some((body) => JSON.stringify(inputs[1]) && body.replaceAll('"leak"', '').includes('leak-')))
        found.push({ name, told: bodies.find((body) => body.includes('leak-')), sent: JSON.stringify(inputs[1]) });
      if (answers.some((answer) => answer.json().statusCode === 200)) answered.add(name);
      if (found.length > 8) return { found, answered };
    }
  }
  return { found, answered };
}

beforeAll(async () => {
  const first = await testApp({}, { isCopied: true });
  base = await makeBase(first);
  removals.push(await first.stop());
  const make = async (world: 0 | 1) =>
    fill(await testApp({}, { copyOf: first.server.config.databaseUrl }), base, world);
  worlds = [await make(0), await make(1)];
}, 120_000);
afterAll(async () => {
  for (const { api } of worlds) await api.close();
  for (const remove of removals) await remove();
});

describe('a caller who is limited to a tenant', () => {
  it('learns nothing of other tenants or the pool through any read, or by viewing as such a role', async () => {
    for (const headers of [base.headers, base.viewing]) {
      const { found, answered } = await walk(callable('read'), headers);
      expect(found).toEqual([]);
      // Proves that the search reaches every endpoint.
      expect(callable('read').filter((name) => !answered.has(name))).toEqual([]);
    }
  }, 120_000);

  it('still sees what belongs to the tenant', async () => {
    const call = (worlds[1] as World).api.callAs(base.headers);
    const tenantId = base.north;
    const { data } = await call('listActivity', { tenantId, limit: 500 });
    const names = data.list.map(({ holder }) => holder?.name);
    expect(names).toContain('ice');
    expect(names).toContain('ada');
    expect(data.list.some(({ definition }) => definition)).toBe(true);
    const user = await call('getUser', { userId: 'cy', userIdType: 'username', withDepartmentIds: true });
    expect(user.data.departmentIds).toEqual(base.departments);
    expect((await call('countValues', { targetType: 'DEPARTMENT', tenantId })).data).toEqual({
      targets: 3,
      holders: { words: 1, tier: 2, pin: 0 },
    });
  });

  it('finds no department of another tenant to write to', async () => {
    const [, { api, pools }] = worlds as [World, World];
    const call: Call = api.callAs(base.headers);
    const foreign = String((pools['DEPARTMENT.targetIdentifier'] as string[]).at(-2));
    const said = async (targetIdentifier: string) => {
      const place = { targetType: 'DEPARTMENT' as const, targetIdentifier, tenantId: base.north };
      return [
        await call('setCustomData', { ...place, list: [{ key: 'words', value: 'mine' }] }),
        await call('saveDraft', { ...place, draft: { builtin: {}, custom: {} } }),
        await call('compareValue', { ...place, key: 'pin', value: 'x' }),
        await call('revealValue', { ...place, key: 'pin', reason: 'Because' }),
      ].map(({ requestId: _, ...answer }) => answer);
    };
    const answers = await said(foreign);
    expect(answers).toEqual(await said('nobody'));
    expect(answers.every(({ error }) => error === 'departmentNotFound')).toBe(true);
  });

  it('learns nothing of them through any write', async () => {
    const { found } = await walk(callable('write'), base.headers);
    expect(found).toEqual([]);
  }, 120_000);
});
