import { type EndpointName, endpoints, type Sent } from '#contract/endpoints';
import { type TargetType, targetTypes } from '#contract/target';
import { addStaff } from './staff/service.ts';
import { type Pools, pick, type Random } from './testing.inputs.ts';
import type { testApp } from './testing.ts';

// A small pool in which everybody meets: two administrators, and a few of each thing that can be written. Whatever is
// done to it, `tend` brings it back to where the next two calls find something to quarrel about.

type Api = Awaited<ReturnType<typeof testApp>>;
type Answer = { statusCode: number; data?: unknown; error?: string; message?: string };

/** Somebody who calls as a browser would. */
export interface Person {
  id: string;
  call<N extends EndpointName>(name: N, input: Sent<N>): Promise<Answer & { data: unknown }>;
}

/** What there is, by kind: the ids and names with which an input means one of them. */
export type Things = Record<string, string[]>;

const password = 'correct horse';
const keys = ['k1', 'k2', 'k3', 'tier', 'pin', 'secret'];
const values = ['v1', 'v2', 'V1', '3', 3, 'gold', 'silver', null];
/** All that is typed into texts here, and so all that a search can look for. */
export const texts = ['v1', 'gold', 'ann', 'Ben', 'one', '四', 'g1', 'nobody bears this'];

/** The names that new things get, by what they are names of. */
export const names: Things = {
  user: ['ann', 'Ann', 'Ben', 'ann@example.com', 'ANN@example.com'],
  group: ['g1', 'g2'],
  role: ['r1', 'r2'],
  namespace: ['s1', 's2'],
  organization: ['o1', 'o2'],
  department: ['d1', 'd2'],
  field: ['n0', 'n1', 'n2', 'n3', 'n4'],
  baseField: ['nickname', 'city'],
  invitation: ['new@example.com', 'two@example.com'],
};

export async function makeWorld(api: Api) {
  const { database } = api.server;
  const people = [await signedIn(api, 'first@example.com'), await signedIn(api, 'second@example.com')] as const;
  const [{ call }] = people;
  const tokens = new Map<string, string>();
  let count = 0;
  let tenant = '';

  /** Gives back what the two need to go on calling, and makes anew what was used up. */
  async function tend(): Promise<Things> {
    for (const { heal } of people) await heal();
    await database.write.deleteFrom('attempts').execute();
    if (!tenant) tenant = String(((await call('createTenant', { name: 'T' })).data as { tenantId: string }).tenantId);
    let things = await read();
    for (const [kind, list] of Object.entries(things)) {
      const make = makers[kind];
      const least = kind === 'field' ? keys.length : 3;
      for (let missing = least - list.length; make && missing > 0; missing -= 1) await make(`x${++count}`);
      if (make && list.length < least) things = await read();
    }
    return things;
  }

  /** With values, where the fields still take them. */
  async function addUser(username: string): Promise<string> {
    const customData = { k1: username, k2: username, tier: 'gold', pin: username };
    const full = await call('createUser', { username, customData });
    const { data } = full.statusCode === 200 ? full : await call('createUser', { username });
    return (data as { userId: string }).userId;
  }

  const makers: Record<string, (name: string) => Promise<unknown>> = {
    user: addUser,
    binned: async (name) => {
      return call('deleteUsersBatch', { userIds: [await addUser(name)] });
    },
    group: (code) => call('createGroup', { code, name: 'one' }),
    namespace: (code) => call('createNamespace', { code, name: code }),
    role: (code) => call('createRole', { code, namespace: 'default' }),
    organization: (code) => call('createOrganization', { organizationCode: code, organizationName: code }),
    department: async (name) => {
      const { organization = [] } = await read();
      const [organizationCode = 'none'] = organization;
      return call('createDepartment', { organizationCode, name, parentDepartmentId: 'root' });
    },
    field: async () => {
      for (const targetType of targetTypes) await call('setCustomFields', { list: definitions(targetType) });
    },
    binnedField: async (key) => {
      await call('setCustomFields', { list: [{ targetType: 'USER', key, label: key, isUnique: true }] });
      return call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
    },
    invitation: async (name) => {
      const { data } = await call('inviteStaff', { email: `${name}@example.com`, name, role: 'support' });
      const { id } = await database.read
        .selectFrom('invitations')
        .select('id')
        .where('email', '=', `${name}@example.com`)
        .executeTakeFirstOrThrow();
      tokens.set(id, (data as { token: string }).token);
    },
    staff: (name) => addStaff(api.server, { email: `${name}@example.com`, name, role: 'support', password }),
    staffRole: (name) => call('saveStaffRole', { name, rights: ['read'], tenants: null }),
    accessKey: (name) => call('createAccessKey', { name, scopes: ['read'] }),
    view: (name) => call('saveView', { targetType: 'USER', name, query: '', shared: true }),
    plan: async (name) => {
      const request = { changes: [{ targetType: 'USER' as const, key: 'k1', label: name }] };
      const { token } = (await call('planFields', request)).data as { token: string };
      return call('applyPlan', { ...request, token });
    },
  };

  async function read(): Promise<Things> {
    const db = database.read;
    const all = async <T extends object>(query: { execute(): Promise<T[]> }) =>
      (await query.execute()).flatMap((row) => Object.values(row).map(String));
    const users = (isBinned: boolean) =>
      db
        .selectFrom('users')
        .select('userId')
        .where('deletedAt', isBinned ? 'is not' : 'is', null)
        .where('username', 'is not', null)
        .orderBy('id', 'desc')
        .limit(6);
    const fields = (isBinned: boolean) =>
      db
        .selectFrom('fields')
        .select('key')
        .distinct()
        .where('targetType', '=', 'USER')
        .where('tenantId', '=', '')
        .where('deletedAt', isBinned ? 'is not' : 'is', null);
    const live = <T extends 'groups' | 'namespaces' | 'roles'>(table: T) =>
      db
        .selectFrom(table as 'groups')
        .select('code')
        .distinct()
        .where('deletedAt', 'is', null);
    const departments = (isRoot: boolean) =>
      db
        .selectFrom('departments')
        .where('deletedAt', 'is', null)
        .where('parentId', isRoot ? 'is' : 'is not', null);
    const invitations = await all(db.selectFrom('invitations').select('id'));
    return {
      namespace: await all(live('namespaces')),
      field: (await all(fields(false))).filter((key) => keys.includes(key)).slice(0, 6),
      user: await all(users(false)),
      binned: await all(users(true)),
      group: await all(live('groups')),
      role: await all(live('roles')),
      organization: await all(departments(true).select('organizationCode')),
      department: await all(departments(false).select('departmentId')),
      binnedField: await all(fields(true)),
      invitation: invitations.filter((id) => tokens.has(id)),
      staff: await all(db.selectFrom('staff').select('id')),
      staffRole: await all(db.selectFrom('staffRoles').select('id')),
      accessKey: await all(db.selectFrom('accessKeys').select('id').where('revokedAt', 'is', null)),
      view: await all(db.selectFrom('views').select('id')),
      plan: await all(db.selectFrom('plans').select('id').where('undoneAt', 'is', null)),
      session: await all(db.selectFrom('sessions').select('id')),
      email: await all(db.selectFrom('staff').select('email')),
      tenant: tenant ? [tenant] : [],
    };
  }

  return { people, tend, poolsOf: (random: Random, things: Things) => poolsOf(random, things, tokens) };
}

/** The fields that every type has: keys in common, so that each call may mean any of them. */
function definitions(targetType: TargetType): Sent<'setCustomFields'>['list'] {
  const option = (value: string) => ({ value, label: value });
  return [
    { targetType, key: 'k1', label: 'k1' },
    { targetType, key: 'k2', label: 'k2', isUnique: true },
    { targetType, key: 'k3', label: 'k3', dataType: 'NUMBER' },
    { targetType, key: 'tier', label: 'tier', dataType: 'ENUM', options: [option('gold'), option('silver')] },
    { targetType, key: 'pin', label: 'pin', desensitization: true },
    { targetType, key: 'secret', label: 'secret', encrypted: true, isUnique: true },
  ];
}

/** What random inputs are made of: only the things given, so that two calls meet where those are few. */
function poolsOf(random: Random, things: Things, tokens: Map<string, string>): Pools {
  const targetType = pick(random, ['USER', 'USER', 'USER', ...targetTypes]) as TargetType;
  const { field = [], user = [], binned = [], group = [], role = [], department = [] } = things;
  const [key = 'k1'] = field;
  const lists = (list: string[] = []) => [...list.map((one) => [one]), list.slice(0, 2)];
  const someUsers = [...user, ...binned];
  const option = (value: string) => ({ value, label: value });
  const changes = [
    [{ targetType, key, isUnique: random() < 0.6 }],
    [{ targetType, key, label: random() < 0.5 ? 'one' : 'two', desensitization: random() < 0.3 }],
    [{ targetType, key: 'tier', options: [option('gold'), option('silver'), option('lead')] }],
    ...(random() < 0.2 ? [[{ targetType, key, encrypted: true }]] : []),
    [{ targetType, key: `n${Math.floor(random() * 5)}`, label: 'new', isUnique: true }],
  ];
  const planned = [
    ...changes,
    [{ targetType, key: 'tier', options: [option('silver')], fates: [{ value: 'gold', fate: 'move', to: 'silver' }] }],
    [{ targetType, key: 'tier', options: [option('gold')], fates: [{ value: 'silver', fate: 'clear' }] }],
    [{ targetType, key, dataType: 'STRING', normalise: true }],
  ];
  const moves = [undefined, 'root', ...department];
  return {
    targetType: [targetType],
    tenantId: ['', '', '', ...(things.tenant ?? [])],
    key: field,
    'customData.key': field,
    value: values,
    'customData.value': values,
    'saveDraft.draft': [null, { builtin: {}, custom: { [key]: { base: null, mine: 'v1' } } }],
    'setCustomFields.list': changes,
    'deleteCustomFields.list': field.map((one) => [{ targetType, key: one }]),
    'setUserBaseFields.list': [
      [{ key: 'nickname', label: 'one' }],
      [{ key: 'city', label: 'two', userEditable: true }],
    ],
    'applyPlan.changes': planned,
    'applyPlan.deletions': [undefined, undefined, [{ targetType, key }]],
    'applyPlan.order': [undefined],
    'applyPlan.samples': [undefined],
    'restoreCustomField.targetType': ['USER'],
    'restoreCustomField.key': things.binnedField ?? [],
    'restoreCustomField.binId': [undefined],
    'restoreCustomField.as': [undefined, 'n1', 'n2'],
    'restoreCustomField.tenantId': [''],
    'undoPlan.planId': things.plan ?? [],
    'USER.targetIdentifier': someUsers,
    'GROUP.targetIdentifier': group,
    'ROLE.targetIdentifier': role,
    'DEPARTMENT.targetIdentifier': department,
    userId: user,
    'deleteUsersBatch.userIds': lists(user),
    userIdType: ['user_id'],
    departmentIdType: ['department_id'],
    options: [undefined],
    password: [undefined],
    i18n: [undefined],
    departmentIds: [undefined, department.slice(0, 1)],
    leaderUserIds: [undefined, user.slice(0, 1)],
    username: ['ann', 'Ann', 'Ben', null],
    email: ['ann@example.com', 'ANN@example.com', null],
    phone: ['1', '2', null],
    externalId: ['1', '2', null],
    namespace: things.namespace ?? [],
    'createNamespace.code': ['s1', 's2'],
    'updateNamespace.code': things.namespace ?? [],
    'updateNamespace.newCode': [undefined, 's1', 's2'],
    'deleteNamespace.code': things.namespace ?? [],
    'createRole.code': ['r1', 'r2'],
    'updateRole.code': role,
    'updateRole.newCode': [undefined, 'r1', 'r2'],
    'deleteRolesBatch.codeList': lists(role),
    'createGroup.code': ['g1', 'g2'],
    'updateGroup.code': group,
    'updateGroup.newCode': [undefined, 'g1', 'g2'],
    'deleteGroupsBatch.codeList': lists(group),
    'createOrganization.organizationCode': ['o1', 'o2'],
    organizationCode: things.organization ?? [],
    departmentId: department,
    parentDepartmentId: moves,
    'createDepartment.code': [undefined, 'd1', 'd2'],
    'updateDepartment.code': [undefined, 'd1', 'd2'],
    'inviteStaff.email': ['new@example.com', 'two@example.com'],
    role: ['support', 'administrator', ...(things.staffRole ?? [])],
    'changeStaff.id': things.staff ?? [],
    'signOutStaff.id': things.staff ?? [],
    'resetTotp.id': things.staff ?? [],
    'saveStaffRole.id': [undefined, ...(things.staffRole ?? [])],
    'saveStaffRole.tenants': [null],
    'saveStaffRole.name': ['one', 'two'],
    'deleteStaffRole.id': things.staffRole ?? [],
    'rotateAccessKey.id': things.accessKey ?? [],
    'revokeAccessKey.id': things.accessKey ?? [],
    'revokeInvitation.id': things.invitation ?? [],
    'acceptInvitation.token': (things.invitation ?? []).map((id) => tokens.get(id)),
    'acceptInvitation.password': ['another horse, another battery'],
    'signIn.email': things.email ?? [],
    'signIn.password': [password],
    'signIn.code': [undefined],
    'changePassword.current': [password],
    'changePassword.next': ['another horse, another battery'],
    'stopTotp.password': [password],
    'confirmTotp.password': [password],
    'endSession.id': things.session ?? [],
    'deleteView.id': things.view ?? [],
    'saveView.id': [undefined, ...(things.view ?? [])],
    'saveView.query': [''],
  };
}

/** An administrator whose account and session can be put back as they were. */
async function signedIn(api: Api, email: string): Promise<Person & { heal(): Promise<void> }> {
  const { app, server } = api;
  const { read, write } = server.database;
  await addStaff(server, { email, name: email, role: 'administrator', password });
  const payload = { email, password };
  const answer = await app.inject({ method: 'POST', url: endpoints.signIn.path, payload });
  const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const account = await read.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirstOrThrow();
  const { id, ...own } = account;
  const session = await read.selectFrom('sessions').selectAll().where('staffId', '=', id).executeTakeFirstOrThrow();
  return {
    id,
    async call(name, input) {
      const { method, path } = endpoints[name];
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      return (
        await app.inject({ method, url: path, headers, ...(method === 'POST' && { payload: input as object }) })
      ).json();
    },
    async heal() {
      await write.updateTable('staff').set(own).where('id', '=', id).execute();
      await write.deleteFrom('recoveryCodes').where('staffId', '=', id).execute();
      await write
        .insertInto('sessions')
        .values(session)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
