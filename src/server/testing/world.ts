import { type EndpointName, endpoints, type Sent } from '#contract/endpoints';
import { targetTypes } from '#contract/target';
import { addStaff } from '../staff/service.ts';
import type { testApp } from './app.ts';
import type { Random } from './inputs.ts';
import { definitions, keys, password, poolsOf, type Things } from './pools.ts';

// A small pool with two administrators and a few objects of each kind that a call can write. `tend` repairs it after
// any call, so that the next two calls find something to conflict about.

type Api = Awaited<ReturnType<typeof testApp>>;
type Answer = { statusCode: number; data?: unknown; error?: string; message?: string };

/** A caller who calls like a browser. */
export interface Person {
  id: string;
  call<N extends EndpointName>(name: N, input: Sent<N>): Promise<Answer & { data: unknown }>;
}

export async function makeWorld(api: Api) {
  const { database } = api.server;
  const people = [await signedIn(api, 'first@example.com'), await signedIn(api, 'second@example.com')] as const;
  const [{ call }] = people;
  const tokens = new Map<string, string>();
  let count = 0;
  let tenant = '';

  /** Restores what both callers need, and replaces what was used up. */
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

  /** With values, if the fields still accept them. */
  async function addUser(username: string): Promise<string> {
    const customData = { k1: username, k2: username, tier: 'gold', pin: username };
    const full = await call('createUser', { username, customData });
    const { data } = full.statusCode === 200 ? full : await call('createUser', { username });
    return (data as { userId: string }).userId;
  }

  const makers: Record<string, (name: string) => Promise<unknown>> = {
    user: addUser,
    trashed: async (name) => {
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
    trashedField: async (key) => {
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
    const users = (isTrashed: boolean) =>
      db
        .selectFrom('users')
        .select('userId')
        .where('deletedAt', isTrashed ? 'is not' : 'is', null)
        .where('username', 'is not', null)
        .orderBy('id', 'desc')
        .limit(6);
    const fields = (isTrashed: boolean) =>
      db
        .selectFrom('fields')
        .select('key')
        .distinct()
        .where('targetType', '=', 'USER')
        .where('tenantId', '=', '')
        .where('deletedAt', isTrashed ? 'is not' : 'is', null);
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
      trashed: await all(users(true)),
      group: await all(live('groups')),
      role: await all(live('roles')),
      organization: await all(departments(true).select('organizationCode')),
      department: await all(departments(false).select('departmentId')),
      trashedField: await all(fields(true)),
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

/** An administrator whose account and session can be restored. */
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
