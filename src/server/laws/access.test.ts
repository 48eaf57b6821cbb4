import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints, type Sent } from '#contract/endpoints';
import { keyScopes } from '#contract/key';
import { type ListOperator, listOperators } from '#contract/list';
import { presetRoles } from '#contract/staff';
import { targetTypes } from '#contract/target';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';

// Tests every endpoint with every role and every state of a field. By type, the table of requests must have every
// endpoint. The test searches the answers for values that the role may not see.

const states = ['open', 'read', 'hidden', 'masked', 'sealed', 'hiddenSealed'] as const;
type State = (typeof states)[number];

const keyOf = (state: State) => `f_${state}`;
/** Nothing else in the data looks like this. */
const secretOf = (state: State) => `leak-${state}-4711`;

/** The access of roles other than the administrator's to a field in each state. */
const accessOf: Partial<Record<State, 'hidden' | 'read'>> = { read: 'read', hidden: 'hidden', hiddenSealed: 'hidden' };
const isProtectedState = (state: State) => state === 'masked' || state === 'sealed' || state === 'hiddenSealed';

type World = Awaited<ReturnType<typeof makeWorld>>;

async function makeWorld() {
  const api = await testApp();
  const admin = await api.staffWith('administrator');
  const role = async (name: string, rights: Right[], tenants: string[] | null = null) =>
    (await admin('saveStaffRole', { name, rights, tenants })).data.id;
  const { tenantId } = (await api.call('createTenant', { name: 'North' })).data;
  const roles = {
    clerk: await role('Clerk', ['read', 'write', 'define', 'directory', 'reveal', 'export', 'activity']),
    reader: await role('Reader', ['read']),
    north: await role('North', ['read', 'write', 'define', 'activity'], [tenantId]),
  };
  const others = ['support', 'auditor', ...Object.values(roles)];
  const access = (state: State) => {
    const said = accessOf[state];
    return said ? Object.fromEntries(others.map((id) => [id, said])) : {};
  };
  const fields = (['USER', 'ROLE', 'GROUP', 'DEPARTMENT'] as const).flatMap((targetType) =>
    states.map((state) => ({
      targetType,
      key: keyOf(state),
      access: access(state),
      ...(state === 'masked' && { desensitization: true }),
      ...((state === 'sealed' || state === 'hiddenSealed') && { encrypted: true }),
    })),
  );
  expect((await admin('setCustomFields', { list: fields })).statusCode).toBe(200);
  const choice = {
    targetType: 'USER' as const,
    key: 'choice',
    dataType: 'ENUM' as const,
    access: access('hidden'),
    options: [{ value: 'a', label: 'A' }],
  };
  await admin('setCustomFields', { list: [choice] });
  const customData = Object.fromEntries(states.map((state) => [keyOf(state), secretOf(state)]));
  const person = async (username: string) => (await api.call('createUser', { username, customData })).data.userId;
  const userId = await person('ada');
  const spareUser = await person('spare');
  await api.call('createRole', { code: 'r', name: 'R', customData });
  await api.call('createRole', { code: 'r2', name: 'R2' });
  await api.call('createGroup', { code: 'g', name: 'G', customData });
  await api.call('createGroup', { code: 'g2', name: 'G2' });
  await api.call('createOrganization', { organizationCode: 'o', organizationName: 'O' });
  const department = async (code: string) =>
    (
      await api.call('createDepartment', {
        organizationCode: 'o',
        parentDepartmentId: 'root',
        name: code,
        code,
        customData,
      })
    ).data.departmentId;
  const departmentId = await department('d');
  const spareDepartment = await department('d2');
  // Fills the change history, the trash and the applied plans.
  for (const state of states) {
    const targetIdentifier = userId;
    for (const value of [`${secretOf(state)}-later`, secretOf(state)])
      await api.call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key: keyOf(state), value }] });
  }
  const request = { changes: [{ targetType: 'USER' as const, key: 'f_open', label: 'Open' }] };
  const { token } = (await admin('planFields', request)).data;
  const { planId } = (await admin('applyPlan', { ...request, token })).data;
  const accessKey = (await admin('createAccessKey', { name: 'Spare', scopes: ['read'] })).data;
  // A shared view about fields that other roles don't see.
  const query = new URLSearchParams([['filter', JSON.stringify(['f_hidden', 'EQUAL', secretOf('hidden')])]]).toString();
  await admin('saveView', { targetType: 'USER', name: 'Of hidden', query, shared: true });
  const view = (await admin('saveView', { targetType: 'USER', name: 'Mine', query: '', shared: true })).data;
  return {
    api,
    admin,
    roles,
    tenantId,
    userId,
    spareUser,
    departmentId,
    spareDepartment,
    planId,
    token,
    accessKey,
    view,
  };
}

const operands: Partial<Record<ListOperator, unknown>> = { IS_NULL: undefined, NOT_NULL: undefined };
const filtersOn = (state: State) =>
  listOperators.map((operator) => ({
    field: keyOf(state),
    operator,
    ...(!(operator in operands) && {
      value: operator === 'IN' || operator === 'BETWEEN' ? [secretOf(state), secretOf(state)] : secretOf(state),
    }),
  }));
const v3Filters = (state: State) =>
  filtersOn(state).filter(
    ({ operator }) => operator !== 'UNFIT' && operator !== 'RETIRED',
  ) as Sent<'listUsers'>['advancedFilter'];
const columns = states.map(keyOf);
const all = { withCustomData: true, flatCustomData: true };
const each = <T>(make: (state: State) => T[]) => states.flatMap(make);
const person = ({ userId }: World) => ({ targetType: 'USER' as const, targetIdentifier: userId });

const targets = (world: World) => [
  person(world),
  { targetType: 'ROLE' as const, targetIdentifier: 'r' },
  { targetType: 'GROUP' as const, targetIdentifier: 'g' },
  { targetType: 'DEPARTMENT' as const, targetIdentifier: world.departmentId },
];

/** The requests to each endpoint. Reads come first. Deletions use only what no other request needs. */
const requests: { [K in EndpointName]: (world: World) => Sent<K>[] } = {
  getManagementToken: () => [{ accessKeyId: 'none', accessKeySecret: 'none' }],
  getCustomFields: () => [{ targetType: 'USER' }, { targetType: 'GROUP' }],
  listCustomFields: () => [
    { targetType: 'USER', limit: 50 },
    ...each((state) => [{ targetType: 'USER' as const, keyword: keyOf(state) }]),
  ],
  getUserBaseFields: () => [{}],
  listUserBaseFields: () => [{}],
  getCustomData: targets,
  getTarget: targets,
  listUsers: () => [
    { options: all },
    { keywords: 'leak-', options: all },
    ...each((state) => (v3Filters(state) ?? []).map((filter) => ({ advancedFilter: [filter], options: all }))),
    ...each((state) => [{ options: { ...all, sort: [{ field: keyOf(state), order: 'ASC' as const }] } }]),
  ],
  listUsersLegacy: () => [{ ...all }],
  getUser: ({ userId }) => [{ userId, ...all }],
  getUserBatch: ({ userId }) => [{ userIds: [userId], ...all }],
  listNamespaces: () => [{}],
  listRoles: () => [{ allNamespaces: true }],
  getRole: () => [{ code: 'r' }],
  listGroups: () => [{ withCustomData: true, flatCustomData: true }],
  getGroup: () => [{ code: 'g', withCustomData: true, flatCustomData: true }],
  listOrganizations: () => [{ withCustomData: true }],
  getOrganization: () => [{ organizationCode: 'o', withCustomData: true }],
  listChildrenDepartments: () => [{ organizationCode: 'o', departmentId: 'root', withCustomData: true }],
  getDepartment: ({ departmentId }) => [
    { organizationCode: 'o', departmentId, withCustomData: true, flatCustomData: true },
  ],
  getDepartmentById: ({ departmentId }) => [{ departmentId, withCustomData: true }],
  searchDepartmentsList: () => [
    { organizationCode: 'o', withCustomData: true },
    ...each((state) =>
      (v3Filters(state) ?? []).map((filter) => ({
        organizationCode: 'o',
        withCustomData: true,
        advancedFilter: [filter],
      })),
    ),
  ],
  listTenants: () => [{}],
  getTenant: ({ tenantId }) => [{ tenantId }],
  getSession: () => [{}],
  listStaff: () => [{}],
  getSignIn: () => [{}],
  getInvitation: () => [{ token: 'none' }],
  listInvitations: () => [{}],
  listSessions: () => [{}],
  startTotp: () => [{}],
  listStaffRoles: () => [{}],
  listAccessKeys: () => [{}],
  countValues: () => [{ targetType: 'USER' }],
  countOptions: () => [
    ...each((state) => [{ targetType: 'USER' as const, key: keyOf(state) }]),
    { targetType: 'USER', key: 'choice' },
  ],
  getFieldHealth: () => each((state) => [{ targetType: 'USER' as const, key: keyOf(state) }]),
  getSealing: () => each((state) => [{ targetType: 'USER' as const, key: keyOf(state) }]),
  planFields: () => [
    ...each((state) => [
      {
        changes: [
          {
            targetType: 'USER' as const,
            key: keyOf(state),
            validateRules: [{ type: 'regExp' as const, content: '^x', error: '' }],
          },
        ],
        samples: 100,
      },
      { changes: [{ targetType: 'USER' as const, key: keyOf(state), isUnique: true }], samples: 100 },
      { deletions: [{ targetType: 'USER' as const, key: keyOf(state) }], samples: 100 },
    ]),
    { changes: [{ targetType: 'USER', key: 'choice', options: [] }], samples: 100 },
  ],
  listPlans: () => [{ targetType: 'USER' }],
  listTrashedFields: () => [{ targetType: 'USER' }],
  listTargets: () => [
    { targetType: 'USER', columns },
    { targetType: 'ROLE', columns },
    { targetType: 'GROUP', columns },
    { targetType: 'DEPARTMENT', columns },
    ...each((state) => filtersOn(state).map((filter) => ({ targetType: 'USER' as const, columns, filters: [filter] }))),
    ...each((state) => [{ targetType: 'USER' as const, columns, sort: { field: keyOf(state) } }]),
  ],
  countTargets: () =>
    each((state) => filtersOn(state).map((filter) => ({ targetType: 'USER' as const, filters: [filter] }))),
  listViews: () => [{ targetType: 'USER' }],
  listHistory: (world) => [
    { ...person(world), limit: 200 },
    { ...person(world), latest: true },
    ...each((state) => [{ ...person(world), key: keyOf(state) }]),
    { targetType: 'GROUP', targetIdentifier: 'g' },
  ],
  getValuesAt: (world) => [
    { ...person(world), entry: 1_000_000 },
    { ...person(world), entry: 1 },
  ],
  getOverview: () => [{}],
  countMisfits: () => targetTypes.map((targetType) => ({ targetType })),
  listActivity: () => [{ limit: 500 }, ...each((state) => [{ key: keyOf(state) }])],
  exportActivity: () => [{}],
  getDraft: (world) => [person(world)],

  setCustomData: (world) => each((state) => [{ ...person(world), list: [{ key: keyOf(state), value: '••••••••' }] }]),
  saveDraft: (world) => [
    {
      ...person(world),
      draft: {
        builtin: {},
        custom: Object.fromEntries(states.map((state) => [keyOf(state), { base: null, mine: `leak-draft-${state}` }])),
      },
    },
  ],
  compareValue: (world) => each((state) => [{ ...person(world), key: keyOf(state), value: secretOf(state) }]),
  revealValue: (world) => each((state) => [{ ...person(world), key: keyOf(state), reason: 'The caller forgot it' }]),
  saveView: () =>
    each((state) => [
      {
        targetType: 'USER' as const,
        name: state,
        query: `filter=${encodeURIComponent(JSON.stringify([keyOf(state), 'EQUAL', 'x']))}`,
        shared: false,
      },
    ]),
  deleteView: ({ view }) => [{ id: view.id }],
  updateUser: ({ userId }) => each((state) => [{ userId, customData: { [keyOf(state)]: '••••••••' } }]),
  updateRole: () => [{ code: 'r', customData: { f_hidden: 'x' } }],
  updateGroup: () => [{ code: 'g', customData: { f_hidden: 'x' } }],
  updateDepartment: ({ departmentId }) => [{ organizationCode: 'o', departmentId, customData: { f_hidden: 'x' } }],
  createUser: () => [{ username: 'new-user' }],
  createUsersBatch: () => [{ list: [{ username: 'new-users' }] }],
  createNamespace: () => [{ code: 'ns' }],
  updateNamespace: () => [{ code: 'ns', name: 'NS' }],
  deleteNamespace: () => [{ code: 'ns' }],
  createRole: () => [{ code: 'new', name: 'New' }],
  createGroup: () => [{ code: 'new', name: 'New' }],
  createOrganization: () => [{ organizationCode: 'new', organizationName: 'New' }],
  createDepartment: () => [{ organizationCode: 'o', parentDepartmentId: 'root', name: 'New', code: 'new' }],
  createTenant: () => [{ name: 'New' }],
  setUserBaseFields: () => [{ list: [{ key: 'name', description: 'Who it is' }] }],
  applyPlan: ({ token }) => [{ changes: [{ targetType: 'USER', key: 'f_open', label: 'Open' }], token }],
  undoPlan: ({ planId }) => [{ planId }],
  moveCustomField: () => [{ targetType: 'USER', key: 'f_open', position: 1 }],
  setCustomFields: () =>
    each((state) => [{ list: [{ targetType: 'USER' as const, key: keyOf(state), description: 'x' }] }]),
  saveStaffRole: () => [{ name: 'Another', rights: ['read'], tenants: null }],
  deleteStaffRole: () => [{ id: 'none' }],
  changeStaff: () => [{ id: 'none', role: 'auditor' }],
  signOutStaff: () => [{ id: 'none' }],
  createAccessKey: () => [{ name: 'New', scopes: ['read'] }],
  rotateAccessKey: ({ accessKey }) => [{ id: accessKey.id, overlapHours: 0 }],
  revokeAccessKey: ({ accessKey }) => [{ id: accessKey.id }],
  deleteUsersBatch: ({ spareUser }) => [{ userIds: [spareUser] }],
  undoChange: (world) => [
    { ...person(world), request: 'none' },
    ...each((state) => [{ ...person(world), request: 'none', key: keyOf(state) }]),
  ],
  restoreTarget: ({ spareUser }) => [{ targetType: 'USER', targetIdentifier: spareUser }],
  deleteRolesBatch: () => [{ codeList: ['r2'] }],
  deleteGroupsBatch: () => [{ codeList: ['g2'] }],
  deleteDepartment: ({ spareDepartment }) => [{ organizationCode: 'o', departmentId: spareDepartment }],
  deleteCustomFields: () => [{ list: [{ targetType: 'ROLE', key: 'f_open' }] }],
  restoreCustomField: () => [{ targetType: 'ROLE', key: 'f_open' }],
  confirmTotp: () => [{ token: 'none', code: '000000', password: 'none' }],
  stopTotp: () => [{ password: 'wrong' }],
  resetTotp: () => [{ id: 'none' }],
  changePassword: () => [{ current: 'wrong', next: 'a password that is long enough' }],
  acceptInvitation: () => [{ token: 'none', name: 'Nobody', password: 'a password that is long enough' }],
  inviteStaff: () => [{ email: 'new@example.com', name: 'New', role: 'auditor' }],
  revokeInvitation: () => [{ id: 'none' }],
  endSession: () => [{ id: 'none' }],
  signIn: () => [{ email: 'nobody@example.com', password: 'wrong' }],
  signOut: () => [{}],
};
const names = Object.keys(requests) as EndpointName[];
const isGuarded = (name: EndpointName) => endpoints[name].right !== 'public';

/** Sends all requests. Returns the answers with a forbidden value, and how often a permitted value occurred. */
async function leaks(world: World, call: Call, may: { see(name: EndpointName, state: State): boolean }) {
  const found: string[] = [];
  let open = 0;
  for (const name of names) {
    if (!isGuarded(name)) continue;
    for (const input of requests[name](world) as never[]) {
      const text = JSON.stringify(await call(name, input));
      if (text.includes(secretOf('open'))) open += 1;
      for (const state of states) {
        if (!may.see(name, state) && text.includes(secretOf(state)))
          found.push(`${name} ${JSON.stringify(input)}: ${state}`);
      }
      if (text.includes('leak-draft-masked') || text.includes('leak-draft-sealed')) found.push(`${name}: a draft`);
    }
  }
  return { found, open };
}

describe('what a role sees', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.api.close());

  // The server decides before it queries the database. So on PostgreSQL one role is enough to show that the engine
  // doesn't matter.
  const walked =
    process.env.FIELDBOOK_TEST_ENGINE === 'postgres'
      ? (['support'] as const)
      : ([...presetRoles, 'clerk', 'reader'] as const);
  it.each(walked)('of values is the same on every endpoint: %s', async (role) => {
    const fresh = await makeWorld();
    try {
      const id = role in fresh.roles ? fresh.roles[role as 'clerk'] : role;
      const call = await fresh.api.staffWith(id);
      const rights: readonly Right[] = (await call('getSession', {})).data?.rights ?? [];
      const isHidden = (state: State) => role !== 'administrator' && accessOf[state] === 'hidden';
      const { found, open } = await leaks(fresh, call, {
        see: (name, state) =>
          !isHidden(state) && (!isProtectedState(state) || (name === 'revealValue' && rights.includes('reveal'))),
      });
      expect(found).toEqual([]);
      // Proves that the search finds permitted values.
      expect(open > 20).toBe(rights.includes('read'));
    } finally {
      await fresh.api.close();
    }
  });

  const others = keyScopes.filter((scope) => scope !== 'reveal');
  it.each([
    { name: 'to read', scopes: ['read' as const] },
    { name: 'to do all but reveal', scopes: others },
    { name: 'to do all', scopes: [...keyScopes] },
  ])('as an access key with the scopes $name is plain text, except masked values', async ({ scopes }) => {
    const fresh = await makeWorld();
    try {
      const call = await fresh.api.callerWith(scopes);
      const { found } = await leaks(fresh, call, {
        see: (_name, state) => state !== 'masked' || scopes.includes('reveal'),
      });
      expect(found).toEqual([]);
    } finally {
      await fresh.api.close();
    }
  });

  it('hidden looks the same as absent', async () => {
    const call = await world.api.staffWith('support');
    const plain = async (name: EndpointName, input: unknown) =>
      JSON.stringify(await call(name, input as never)).replace(/"requestId":"[^"]*"/, '');
    for (const name of [
      'listUsers',
      'listTargets',
      'countTargets',
      'searchDepartmentsList',
      'getFieldHealth',
      'listHistory',
      'compareValue',
      'setCustomData',
      'updateUser',
    ] as const) {
      for (const input of requests[name](world)) {
        const asked = JSON.stringify(input);
        if (!asked.includes('"f_hidden')) continue;
        const absent = JSON.parse(asked.replaceAll('f_hiddenSealed', 'f_absent').replaceAll('f_hidden', 'f_absent'));
        const answer = (await plain(name, input))
          .replaceAll('f_hiddenSealed', 'f_absent')
          .replaceAll('f_hidden', 'f_absent');
        expect([name, answer]).toEqual([name, await plain(name, absent)]);
      }
    }
    expect(await plain('getCustomFields', { targetType: 'USER' })).not.toContain('f_hidden');
    expect(await plain('countValues', { targetType: 'USER' })).not.toContain('f_hidden');
  });

  it('can change only where it may edit', async () => {
    const call = await world.api.staffWith('support');
    const set = (state: State, value: string) =>
      call('setCustomData', { ...person(world), list: [{ key: keyOf(state), value }] });
    expect(await set('read', 'x')).toMatchObject({ error: 'forbidden', issues: [{ name: 'fieldReadOnly' }] });
    expect(await set('hidden', 'x')).toMatchObject({ error: 'fieldUndefined' });
    expect(await set('masked', '••••••••')).toMatchObject({ statusCode: 400, issues: [{ name: 'masked' }] });
    expect(await set('masked', 'another')).toMatchObject({ statusCode: 200 });
    expect((await world.api.call('getCustomData', person(world))).data.f_masked).not.toBe('another');
    const reveal = await world.api.callerWith(['read', 'reveal']);
    expect((await reveal('getCustomData', person(world))).data.f_masked).toBe('another');
  });
});

describe('a role that is limited to tenants', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.api.close());

  it('sees and changes only their fields and values, however a request names the tenant', async () => {
    const { tenantId, roles, userId } = world;
    await world.api.call('setCustomFields', { tenantId, list: [{ targetType: 'USER', key: 'north' }] });
    const call = await world.api.staffWith(roles.north);
    const set = (more: object, item: object = {}) =>
      call('setCustomData', { ...person(world), ...more, list: [{ key: 'north', value: 'x', ...item }] });
    expect(await set({ tenantId })).toMatchObject({ statusCode: 200 });
    expect((await call('getCustomData', { ...person(world), tenantId })).data).toEqual({ north: 'x' });
    const other = (await world.api.call('createTenant', { name: 'South' })).data.tenantId;
    const refused = { error: 'forbidden' };
    expect(await set({})).toMatchObject(refused);
    expect(await set({ tenantId: other })).toMatchObject(refused);
    expect(await set({ tenantId }, { tenantId: other })).toMatchObject(refused);
    expect(await call('getCustomData', person(world), { 'x-authing-tenant-id': other })).toMatchObject(refused);
    expect(await call('getCustomData', person(world))).toMatchObject(refused);
    expect(await call('getCustomData', person(world), { 'x-authing-tenant-id': tenantId })).toMatchObject({
      statusCode: 200,
    });
    expect(await call('listUsers', { options: all })).toMatchObject(refused);
    expect(await call('setUserBaseFields', { list: [{ key: 'name', label: 'N' }] })).toMatchObject(refused);
    expect(await call('undoPlan', { planId: world.planId })).toMatchObject(refused);
    expect(await call('getTenant', { tenantId: other })).toMatchObject(refused);
    expect((await call('listTenants', {})).data.list.map((tenant) => tenant.tenantId)).toEqual([tenantId]);
    expect(await call('updateUser', { userId, name: 'Other', tenantId })).toMatchObject(refused);
  });

  it('finds nothing of the user pool itself on any endpoint', async () => {
    const call = await world.api.staffWith(world.roles.north);
    expect(await leaks(world, call, { see: () => false })).toEqual({ found: [], open: 0 });
  });

  it('has no permission that concerns the whole pool', async () => {
    const role = { name: 'Too much', rights: ['read' as const, 'directory' as const], tenants: [world.tenantId] };
    expect(await world.admin('saveStaffRole', role)).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['rights', 1], name: 'rightConcernsPool' }],
    });
  });
});

describe('viewing as another role', () => {
  it('answers as for that role, within one’s own permissions, and writes nothing', async () => {
    const world = await makeWorld();
    try {
      const as = (role: string) => ({ 'x-fieldbook-view-as': role });
      const session = (await world.admin('getSession', {}, as('support'))).data;
      expect(session).toMatchObject({ isViewingAs: true, role: { id: 'support' }, rights: ['read', 'write'] });
      const { data } = await world.admin('getCustomData', person(world), as('support'));
      expect(data).not.toHaveProperty('f_hidden');
      expect((await world.admin('getCustomData', person(world))).data).toHaveProperty('f_hidden');
      const list = [{ key: 'f_open', value: 'changed' }];
      expect(await world.admin('setCustomData', { ...person(world), list }, as('support'))).toMatchObject({
        error: 'forbidden',
        issues: [{ name: 'viewingAs' }],
      });
      expect(await world.admin('listActivity', {}, as('support'))).toMatchObject({ error: 'forbidden' });
      const support = await world.api.staffWith('support');
      expect(await support('getCustomFields', { targetType: 'USER' }, as('administrator'))).toMatchObject({
        error: 'forbidden',
      });
    } finally {
      await world.api.close();
    }
  });
});

describe('a role', () => {
  it('can’t be deleted while an account has it, and a change takes effect with the next request', async () => {
    const api = await testApp();
    try {
      const admin = await api.staffWith('administrator');
      const made = { name: 'Helper', rights: ['read' as const], tenants: null };
      const { id } = (await admin('saveStaffRole', made)).data;
      const helper = await api.staffWith(id);
      expect(await helper('listActivity', {})).toMatchObject({ error: 'forbidden' });
      await admin('saveStaffRole', { ...made, id, rights: ['read', 'activity'] });
      expect(await helper('listActivity', {})).toMatchObject({ statusCode: 200 });
      expect(await admin('deleteStaffRole', { id })).toMatchObject({ issues: [{ name: 'roleHeld' }] });
      expect(await admin('saveStaffRole', made)).toMatchObject({ error: 'codeTaken' });
      expect(await admin('saveStaffRole', { ...made, id: 'administrator' })).toMatchObject({ error: 'notFound' });
      const field = { targetType: 'USER' as const, key: 'x', access: { nobody: 'hidden' as const } };
      expect(await admin('setCustomFields', { list: [field] })).toMatchObject({ issues: [{ name: 'roleUnknown' }] });
      const empty = (await admin('saveStaffRole', { ...made, name: 'Empty' })).data;
      const open = { targetType: 'USER' as const, key: 'y', access: { [empty.id]: 'read' as const } };
      expect(await admin('setCustomFields', { list: [open] })).toMatchObject({ statusCode: 200 });
      expect(await admin('deleteStaffRole', { id: empty.id })).toMatchObject({ statusCode: 200 });
      // What a field says of a deleted role can be sent back with a change.
      const again = { ...open, access: { ...open.access, support: 'read' as const } };
      expect(await admin('setCustomFields', { list: [again] })).toMatchObject({ statusCode: 200 });
    } finally {
      await api.close();
    }
  });
});
