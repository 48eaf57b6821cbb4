import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '../app.ts';
import { openDatabase } from '../database/open.ts';
import { addAccessKey } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';
import { eraseUser } from '../vault/erase.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const rounds = Array.from({ length: 6 }, (_, round) => round);
const outcomes = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode).sort();
const departmentsOf = () => api.server.database.read.selectFrom('departments').selectAll().execute();

/** An organization with departments at its root. */
async function tree(organizationCode: string, names: string[]) {
  await api.call('createOrganization', { organizationCode, organizationName: organizationCode });
  const made: string[] = [];
  for (const name of names) {
    const { data } = await api.call('createDepartment', { organizationCode, name, parentDepartmentId: 'root' });
    made.push(data.departmentId);
  }
  const move = (departmentId = '', parentDepartmentId = '') =>
    api.call('updateDepartment', { organizationCode, departmentId, parentDepartmentId });
  return { organizationCode, made, move };
}

/** Whether every department can be reached from its root. */
async function hasNoCircle() {
  const rows = await departmentsOf();
  const above = new Map(rows.map(({ id, parentId }) => [id, parentId]));
  return rows.every(({ id }) => {
    let at: number | null | undefined = id;
    for (let steps = 0; at; steps += 1) {
      if (steps > rows.length) return false;
      at = above.get(at);
    }
    return true;
  });
}

describe('two changes of a tree at once', () => {
  it('make no cycle', async () => {
    for (const round of rounds) {
      const { made, move } = await tree(`circle${round}`, ['A', 'B']);
      const [a, b] = made;
      expect(outcomes(await Promise.all([move(a, b), move(b, a)]))).toEqual([200, 400]);
    }
    expect(await hasNoCircle()).toBe(true);
  });

  it('make no cycle on a database with a stricter default isolation level either', async () => {
    const url = new URL(api.server.config.databaseUrl);
    const options = url.searchParams.get('options');
    if (!options) return;
    url.searchParams.set('options', `${options} -c default_transaction_isolation=repeatable\\ read`);
    const database = await openDatabase(url.toString());
    const strict = await makeApp({ ...api.server, database });
    const key = await addAccessKey(api.server, { name: 'Strict' });
    const asked = { accessKeyId: key.id, accessKeySecret: key.secret };
    const token = await strict.inject({ method: 'POST', url: '/api/v3/get-management-token', payload: asked });
    const authorization = `Bearer ${token.json().data.access_token}`;
    for (const round of rounds) {
      const { organizationCode, made } = await tree(`strict${round}`, ['A', 'B', 'C']);
      const move = (departmentId = '', parentDepartmentId = '') =>
        strict.inject({
          method: 'POST',
          url: '/api/v3/update-department',
          headers: { authorization },
          payload: { organizationCode, departmentId, parentDepartmentId },
        });
      const [a, b, c] = made;
      const answers = await Promise.all([move(a, b), move(b, c), move(c, a)]);
      expect(outcomes(answers.map((answer) => answer.json()))).toEqual([200, 200, 400]);
    }
    await strict.close();
    await database.close();
    expect(await hasNoCircle()).toBe(true);
  });

  it('leave no department below a deleted one', async () => {
    for (const round of rounds) {
      const { organizationCode, made, move } = await tree(`orphan${round}`, ['A', 'B']);
      const [a = '', b] = made;
      await Promise.all([
        api.call('deleteDepartment', { organizationCode, departmentId: a }),
        round % 2 ? move(b, a) : api.call('createDepartment', { organizationCode, name: 'C', parentDepartmentId: a }),
      ]);
    }
    const rows = await departmentsOf();
    const dead = new Set(rows.filter(({ deletedAt }) => deletedAt).map(({ id }) => id));
    expect(rows.filter(({ deletedAt, parentId }) => !deletedAt && parentId && dead.has(parentId))).toEqual([]);
  });

  it('leave none either if the deleted one is restored while its parent is deleted', async () => {
    for (const round of rounds) {
      const { organizationCode, made } = await tree(`back${round}`, ['A']);
      const [a = ''] = made;
      const child = await api.call('createDepartment', { organizationCode, name: 'C', parentDepartmentId: a });
      const { departmentId } = child.data;
      await api.call('deleteDepartment', { organizationCode, departmentId });
      const answers = await Promise.all([
        api.call('deleteDepartment', { organizationCode, departmentId: a }),
        api.call('restoreTarget', { targetType: 'DEPARTMENT', targetIdentifier: departmentId }),
      ]);
      expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    }
  });
});

it('two who change the names of an organisation at once both keep what they wrote', async () => {
  const { organizationCode } = await tree('named', []);
  const name = (language: 'zh-CN' | 'en-US' | 'ja-JP', value: string) =>
    api.call('updateDepartment', {
      organizationCode,
      departmentId: 'root',
      i18n: { name: { [language]: { enabled: true, value } } },
    });
  for (const round of rounds) {
    const values = [`顶${round}`, `Top${round}`, `上${round}`];
    await Promise.all([name('zh-CN', `顶${round}`), name('en-US', `Top${round}`), name('ja-JP', `上${round}`)]);
    const row = (await departmentsOf()).find((one) => one.organizationCode === organizationCode);
    expect(values.filter((value) => row?.i18n.includes(value))).toEqual(values);
  }
});

describe('a circle that an older version let in', () => {
  it('ends the walk up, and a move below it is refused', async () => {
    const { made, move } = await tree('old', ['A', 'B', 'C']);
    const [a = '', b = '', c = ''] = made;
    const ids = new Map((await departmentsOf()).map(({ id, departmentId }) => [departmentId, id]));
    const put = (departmentId: string, parentId: number | undefined) =>
      api.server.database.write
        .updateTable('departments')
        .set({ parentId: parentId ?? null })
        .where('departmentId', '=', departmentId)
        .execute();
    await put(a, ids.get(b));
    await put(b, ids.get(a));
    expect(await move(c, a)).toMatchObject({ issues: [{ name: 'wouldBeItsOwnParent' }] });
    await put(a, ids.get(c));
  });
});

describe('the trash', () => {
  it('takes a user once that two calls delete at once, and restores them with their names', async () => {
    for (const round of rounds) {
      const username = `twice${round}`;
      const { userId } = (await api.call('createUser', { username })).data;
      const remove = () => api.call('deleteUsersBatch', { userIds: [userId] });
      expect(outcomes(await Promise.all([remove(), remove(), remove()]))).toEqual([200, 404, 404]);
      const restore = () => api.call('restoreTarget', { targetType: 'USER', targetIdentifier: userId });
      expect(outcomes(await Promise.all([restore(), restore()]))).toEqual([200, 404]);
      expect(await api.call('createUser', { username })).toMatchObject({ error: 'valueTaken' });
    }
  });

  it('takes a target that is named twice once', async () => {
    await api.call('createGroup', { code: 'named', name: 'Named' });
    expect((await api.call('deleteGroupsBatch', { codeList: ['named', 'named'] })).statusCode).toBe(200);
    const rows = await api.server.database.read
      .selectFrom('history')
      .select('history.id')
      .innerJoin('groups', 'groups.id', 'history.targetId')
      .where('groups.code', '=', 'named')
      .execute();
    expect(rows).toHaveLength(2);
  });

  it('restores nobody without their claims while a field becomes unique', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'badge' }] });
    for (const round of rounds) {
      const isUnique = (wanted: boolean) =>
        api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'badge', isUnique: wanted }] });
      await isUnique(false);
      const customData = { badge: `b${round}` };
      const { userId } = (await api.call('createUser', { customData })).data;
      const goes = round % 2 === 0;
      const remove = () => api.call('deleteUsersBatch', { userIds: [userId] });
      const restore = () => api.call('restoreTarget', { targetType: 'USER', targetIdentifier: userId });
      if (!goes) await remove();
      expect(outcomes(await Promise.all([isUnique(true), goes ? remove() : restore()]))).toEqual([200, 200]);
      // The value is free while its target is in the trash, and taken otherwise.
      const other = await api.call('createUser', { customData });
      expect(other.statusCode).toBe(goes ? 200 : 409);
    }
  });
});

describe('a namespace', () => {
  it('stays while a role is created or restored in it, or neither happens', async () => {
    for (const round of rounds) {
      const namespace = `space${round}`;
      await api.call('createNamespace', { code: namespace, name: namespace });
      if (round % 2) {
        await api.call('createRole', { code: 'clerk', namespace });
        await api.call('deleteRolesBatch', { codeList: ['clerk'], namespace });
      }
      await Promise.all([
        api.call('deleteNamespace', { code: namespace }),
        round % 2
          ? api.call('restoreTarget', { targetType: 'ROLE', targetIdentifier: 'clerk', namespace })
          : api.call('createRole', { code: 'clerk', namespace }),
      ]);
    }
    const homeless = await api.server.database.read
      .selectFrom('roles')
      .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
      .select('roles.id')
      .where('roles.deletedAt', 'is', null)
      .where('namespaces.deletedAt', 'is not', null)
      .execute();
    expect(homeless).toEqual([]);
  });

  it('gets a code that another wants at the same time, or a refusal', async () => {
    for (const round of rounds) {
      await api.call('createNamespace', { code: `one${round}`, name: 'One' });
      await api.call('createNamespace', { code: `two${round}`, name: 'Two' });
      const rename = (code: string) => api.call('updateNamespace', { code, newCode: `same${round}` });
      const make = () => api.call('createNamespace', { code: `same${round}`, name: 'Three' });
      const answers = await Promise.all([rename(`one${round}`), rename(`two${round}`), make()]);
      expect(outcomes(answers)).toEqual([200, 409, 409]);
    }
  });
});

describe('erasing somebody', () => {
  const actor = { kind: 'system', id: 'test', name: 'Test', through: 'command', sign: () => '' } as const;
  const leftOf = async (id: number) => {
    const { read } = api.server.database;
    const left = await Promise.all([
      read.selectFrom('fieldValues').select('targetId').where('targetId', '=', id).execute(),
      read.selectFrom('history').select('targetId').where('targetId', '=', id).execute(),
      read.selectFrom('targetKeys').select('targetId').where('targetId', '=', id).execute(),
      read.selectFrom('claims').select('targetId').where('targetId', '=', id).execute(),
      read.selectFrom('drafts').select('targetId').where('targetId', '=', id).execute(),
    ]);
    return left.flat();
  };
  const idOf = async (userId: string) => {
    const query = api.server.database.read.selectFrom('users').select('id').where('userId', '=', userId);
    return (await query.executeTakeFirstOrThrow()).id;
  };

  it('leaves nothing of concurrent writes', async () => {
    const list = [
      { targetType: 'USER', key: 'plain', isUnique: true },
      { targetType: 'USER', key: 'secret', encrypted: true },
    ];
    expect((await api.call('setCustomFields', { list })).statusCode).toBe(200);
    const person = await api.staffWith('administrator');
    for (const round of rounds) {
      const { userId } = (await api.call('createUser', { username: `erased${round}` })).data;
      const who = { targetType: 'USER' as const, targetIdentifier: userId };
      const set = (key: string, turn: number) =>
        api.call('setCustomData', { ...who, list: [{ key, value: `${round}-${turn}` }] });
      await Promise.all([
        set('plain', 0),
        set('secret', 1),
        eraseUser(api.server, actor, userId),
        api.call('updateUser', { userId, nickname: 'Late', username: `late${round}` }),
        person('saveDraft', { ...who, draft: { builtin: {}, custom: { plain: { base: null, mine: 'typed' } } } }),
        set('secret', 2),
        set('plain', 3),
      ]);
      expect(await leftOf(await idOf(userId))).toEqual([]);
      expect((await set('plain', 4)).error).toBe('userNotFound');
    }
  });

  it('also works in the trash, and such a user can’t be restored', async () => {
    const customData = { plain: 'trashed', secret: 'trashed' };
    const { userId } = (await api.call('createUser', { username: 'trashed', customData })).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    await eraseUser(api.server, actor, userId);
    expect(await leftOf(await idOf(userId))).toEqual([]);
    const restored = await api.call('restoreTarget', { targetType: 'USER', targetIdentifier: userId });
    expect(restored.error).toBe('userNotFound');
    await expect(eraseUser(api.server, actor, userId)).rejects.toMatchObject({ name: 'userNotFound' });
  });
});
