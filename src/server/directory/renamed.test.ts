import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetType } from '#contract/target';
import { lockRows, lockTargets } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { type Call, testApp } from '../testing/app.ts';

// What a name means can change while a write waits: the one that bore it gets another name, and somebody else gets this
// one. On SQLite such a write begins when the change is done.

let api: Awaited<ReturnType<typeof testApp>>;
let person: Call;
beforeAll(async () => {
  api = await testApp();
  const list = (['USER', 'GROUP', 'ROLE', 'DEPARTMENT'] as const).map((targetType) => ({ targetType, key: 'note' }));
  await api.call('setCustomFields', { list });
  await api.call('createOrganization', { organizationCode: 'org', organizationName: 'Org' });
  person = await api.staffWith('administrator');
});
afterAll(() => api.close());

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
const organizationCode = 'org';
const note = { note: 'written' };

/** Makes two of a type; their names differ from those of other tests by the mark. */
const makers = {
  USER: (name: string) => api.call('createUser', { username: name, email: `${name}@x.com`, phone: name }),
  GROUP: (code: string) => api.call('createGroup', { code, name: code }),
  ROLE: (code: string) => api.call('createRole', { code, name: code }),
  DEPARTMENT: (code: string) =>
    api.call('createDepartment', { organizationCode, code, name: code, parentDepartmentId: 'root' }),
};

/** Gives a target another name, as an update does. */
async function rename(trx: Trx, type: TargetType, id: number, to: string): Promise<void> {
  const names = type === 'USER' ? { username: to, email: `${to}@x.com`, phone: to } : { code: to };
  await trx.updateTable(kinds[type].table).set(names).where('id', '=', id).execute();
  await trx
    .updateTable('claims')
    .set({ key: type === 'USER' ? sql<string>`case scope when 'user:email' then ${`${to}@x.com`} else ${to} end` : to })
    .where('targetId', '=', id)
    .where('scope', 'not like', 'field:%')
    .execute();
}

const users = (one: string, userIdType: 'username' | 'email' | 'phone') =>
  ({ userId: userIdType === 'email' ? `${one}@x.com` : one, options: { userIdType } }) as const;
const usersOf = (one: string, type: 'username' | 'email' | 'phone') => {
  const { userId, options } = users(one, type);
  return { userIds: [userId], options };
};
const held = (targetType: 'GROUP' | 'ROLE', targetIdentifier: string) => ({ targetType, targetIdentifier });
const place = (departmentId: string) => ({ organizationCode, departmentId, departmentIdType: 'code' as const });
const draft = { builtin: {}, custom: { note: { base: null, mine: 'typed' } } };

const writes: [string, TargetType, (one: string) => Promise<{ statusCode: number }>][] = [
  [
    'setCustomData',
    'GROUP',
    (one) => api.call('setCustomData', { ...held('GROUP', one), list: [{ key: 'note', value: 'written' }] }),
  ],
  [
    'setCustomData',
    'ROLE',
    (one) => api.call('setCustomData', { ...held('ROLE', one), list: [{ key: 'note', value: 'written' }] }),
  ],
  ['saveDraft', 'GROUP', (one) => person('saveDraft', { ...held('GROUP', one), draft })],
  ['updateGroup', 'GROUP', (code) => api.call('updateGroup', { code, description: 'written', customData: note })],
  ['deleteGroupsBatch', 'GROUP', (one) => api.call('deleteGroupsBatch', { codeList: [one] })],
  ['updateRole', 'ROLE', (code) => api.call('updateRole', { code, description: 'written', customData: note })],
  ['deleteRolesBatch', 'ROLE', (one) => api.call('deleteRolesBatch', { codeList: [one] })],
  ['updateUser by email', 'USER', (one) => api.call('updateUser', { ...users(one, 'email'), nickname: 'written' })],
  ['updateUser by phone', 'USER', (one) => api.call('updateUser', { ...users(one, 'phone'), customData: note })],
  ['deleteUsersBatch by email', 'USER', (one) => api.call('deleteUsersBatch', usersOf(one, 'email'))],
  ['deleteUsersBatch by phone', 'USER', (one) => api.call('deleteUsersBatch', usersOf(one, 'phone'))],
  ['deleteUsersBatch by username', 'USER', (one) => api.call('deleteUsersBatch', usersOf(one, 'username'))],
  ['updateDepartment', 'DEPARTMENT', (one) => api.call('updateDepartment', { ...place(one), description: 'written' })],
  ['deleteDepartment', 'DEPARTMENT', (one) => api.call('deleteDepartment', place(one))],
];

describe('a write that waits while its target gets another name', () => {
  it.each(writes.map(([name, type, write], at) => ({ name, type, write, at })))(
    'doesn’t touch it: $name ($type)',
    async ({ type, write, at }) => {
      const { database } = api.server;
      const [one, two, three] = [`one${at}`, `two${at}`, `three${at}`] as const;
      const { table } = kinds[type];
      const named = type === 'USER' ? 'username' : 'code';
      for (const name of [one, two]) expect(await makers[type](name)).toMatchObject({ statusCode: 200 });
      const rows = await database.read
        .selectFrom(table)
        .select('id')
        .where(named, 'in', [one, two])
        .orderBy('id')
        .execute();
      const [first = 0, second = 0] = rows.map(({ id }) => id);
      const state = async () => ({
        row: await database.read.selectFrom(table).selectAll().where('id', '=', first).executeTakeFirstOrThrow(),
        values: await database.read.selectFrom('fieldValues').select('value').where('targetId', '=', first).execute(),
        drafts: await database.read.selectFrom('drafts').select('draft').where('targetId', '=', first).execute(),
      });
      const before = await state();
      let writing: ReturnType<typeof write> | undefined;
      await transact(database, async (trx) => {
        await lockTargets(trx, type, [first, second]);
        writing = write(one);
        await pause(300);
        await rename(trx, type, first, three);
        await rename(trx, type, second, one);
      });
      // Whoever waited is refused; whoever begins now finds the other one.
      expect((await writing)?.statusCode).toBe(database.engine === 'postgres' ? 404 : 200);
      const after = await state();
      expect(after).toEqual({ ...before, row: { ...before.row, ...namesOf(after.row) } });
    },
  );
});

describe('a write that waits for a permission space that gets another code', () => {
  const spaces = () => api.server.database.read.selectFrom('namespaces').selectAll().orderBy('id').execute();

  it.each([
    ['createRole', (namespace: string) => api.call('createRole', { code: 'clerk', namespace })],
    ['deleteNamespace', (code: string) => api.call('deleteNamespace', { code })],
  ] as const)('is refused, as it holds the other one only: %s', async (name, write) => {
    const { database } = api.server;
    const [one, two, three] = [`one-${name}`, `two-${name}`, `three-${name}`];
    for (const code of [one, two]) await api.call('createNamespace', { code, name: code });
    const made = (await spaces()).filter(({ code }) => code === one || code === two);
    const [first = 0, second = 0] = made.map(({ id }) => id);
    let writing: ReturnType<typeof write> | undefined;
    await transact(database, async (trx) => {
      await lockRows(trx, 'namespaces', [first]);
      writing = write(one);
      await pause(300);
      const call = (id: number, code: string) =>
        trx.updateTable('namespaces').set({ code }).where('id', '=', id).execute();
      await call(first, three);
      await call(second, one);
    });
    const isRefused = database.engine === 'postgres';
    const answer = await writing;
    expect(answer?.statusCode).toBe(isRefused ? 404 : 200);
    expect(answer?.error).toBe(isRefused ? 'namespaceNotFound' : undefined);
  });
});

/** The names that the test itself changed. */
const namesOf = (row: object) =>
  Object.fromEntries(Object.entries(row).filter(([key]) => ['code', 'username', 'email', 'phone'].includes(key)));
