import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilterItem } from '#contract/directory';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const namesOf = (answer: { data: { list: { name: string | null }[] } }) => answer.data.list.map(({ name }) => name);

describe('list-users', () => {
  const people = [
    {
      username: 'liu',
      name: '刘洋',
      email: 'Liu@Example.com',
      customData: { town: '北京', level: 3, since: '2024-01-01', vip: true, tier: 'gold' },
    },
    {
      username: 'sato',
      name: '佐藤 美咲',
      email: 'sato@example.jp',
      customData: { town: 'ﾄｳｷｮｳ', level: 12, since: '2025-06-01', vip: false, tier: 'silver' },
    },
    {
      username: 'mueller',
      name: 'Jürgen MÜLLER',
      email: 'jm@example.de',
      nickname: '100%_real',
      customData: { town: 'Berlin', level: -1.5 },
    },
    { username: 'nobody', name: 'Zoë', loginsCount: 0 },
  ];
  beforeAll(async () => {
    const list = [
      { targetType: 'USER', key: 'town' },
      { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
      { targetType: 'USER', key: 'since', dataType: 'DATETIME' },
      { targetType: 'USER', key: 'vip', dataType: 'BOOLEAN' },
      {
        targetType: 'USER',
        key: 'tier',
        dataType: 'ENUM',
        options: [
          { value: 'gold', label: 'G' },
          { value: 'silver', label: 'S' },
        ],
      },
    ];
    await api.call('setCustomFields', { list });
    expect(await api.call('createUsersBatch', { list: people })).toMatchObject({ statusCode: 200 });
  });
  const find = async (advancedFilter: FilterItem[], options = {}) =>
    namesOf(
      await api.call('listUsers', {
        advancedFilter,
        options: { sort: [{ field: 'username', order: 'asc' }], ...options },
      }),
    ) as string[];
  const where = (field: string, operator: FilterItem['operator'], value?: unknown) =>
    find([{ field, operator, value }]);
  const [liu, sato, mueller, nobody] = people.map(({ name }) => name) as [string, string, string, string];

  it.each<[string, string, FilterItem['operator'], unknown, string[]]>([
    ['equality is exact', 'town', 'EQUAL', 'berlin', []],
    ['equality of a custom text', 'town', 'EQUAL', 'Berlin', [mueller]],
    ['containment ignores case', 'town', 'CONTAINS', 'BERL', [mueller]],
    ['containment ignores width', 'town', 'CONTAINS', 'トウ', [sato]],
    ['one Chinese character is found', 'name', 'CONTAINS', '洋', [liu]],
    ['per cent and underscore are plain characters', 'nickname', 'CONTAINS', '0%_r', [mueller]],
    ['inequality includes what is unset', 'town', 'NOT_EQUAL', 'Berlin', [liu, nobody, sato]],
    ['not containing includes what is unset', 'town', 'NOT_CONTAINS', 'er', [liu, nobody, sato]],
    ['unset', 'town', 'IS_NULL', undefined, [nobody]],
    ['set', 'level', 'NOT_NULL', undefined, [liu, mueller, sato]],
    ['a built-in field that is unset', 'nickname', 'IS_NULL', undefined, [liu, nobody, sato]],
    ['one of several', 'tier', 'IN', ['gold', 'silver'], [liu, sato]],
    ['one of none', 'tier', 'IN', [], []],
    ['greater includes the bound and compares numbers', 'level', 'GREATER', 3, [liu, sato]],
    ['less includes the bound', 'level', 'LESSER', '3', [liu, mueller]],
    ['between', 'level', 'BETWEEN', [-2, 3], [liu, mueller]],
    ['dates as text', 'since', 'LESSER', '2024-12-31', [liu]],
    ['dates as milliseconds', 'since', 'GREATER', Date.UTC(2025, 0, 1), [sato]],
    ['a boolean that is false', 'vip', 'EQUAL', false, [sato]],
    ['a boolean that is not true', 'vip', 'NOT_EQUAL', true, [mueller, nobody, sato]],
    ['a number of a built-in field', 'loginsCount', 'EQUAL', 0, [liu, mueller, nobody, sato]],
  ])('%s', async (_name, field, operator, value, names) => {
    expect(await where(field, operator, value)).toEqual(names);
  });

  it('combines filters with and', async () => {
    expect(
      await find([
        { field: 'level', operator: 'GREATER', value: 0 },
        { field: 'vip', operator: 'EQUAL', value: true },
      ]),
    ).toEqual([liu]);
  });

  it.each<[string, FilterItem, string]>([
    ['an unknown field', { field: 'nope', operator: 'EQUAL', value: 1 }, 'fieldUnknown'],
    ['a comparison of texts', { field: 'town', operator: 'GREATER', value: 'a' }, 'operatorNotPossible'],
    ['containment in a number', { field: 'level', operator: 'CONTAINS', value: '1' }, 'operatorNotPossible'],
    ['one of several booleans', { field: 'vip', operator: 'IN', value: [true] }, 'operatorNotPossible'],
    ['words for a number', { field: 'level', operator: 'EQUAL', value: 'x' }, 'notANumber'],
    ['between with one bound', { field: 'level', operator: 'BETWEEN', value: [1] }, 'wrongType'],
  ])('refuses %s', async (_name, item, reason) => {
    expect(await api.call('listUsers', { advancedFilter: [item] })).toMatchObject({
      statusCode: 400,
      issues: [{ name: reason }],
    });
  });

  it('finds keywords in the default places, and only in those asked for', async () => {
    const search = async (keywords: string, fuzzySearchOn?: string[]) =>
      namesOf(await api.call('listUsers', { keywords, options: { ...(fuzzySearchOn && { fuzzySearchOn }) } } as never));
    expect(await search('LIU@')).toEqual([liu]);
    expect(await search('ｊü')).toEqual([mueller]);
    expect(await search('liu', [' profile'])).toEqual([]);
    expect(await search('liu', ['email'])).toEqual([liu]);
  });

  it('also sorts by custom fields, empty values last, in both directions', async () => {
    expect(await find([], { sort: [{ field: 'level', order: 'asc' }] })).toEqual([mueller, liu, sato, nobody]);
    expect(await find([], { sort: [{ field: 'level', direction: 'desc' }] })).toEqual([sato, liu, mueller, nobody]);
    expect(await api.call('listUsers', { options: { sort: [{ field: 'nope' }] } })).toMatchObject({ statusCode: 400 });
  });

  it('pages, counts, and includes values only on request', async () => {
    const answer = await api.call('listUsers', {
      options: { pagination: { page: 2, limit: 3 }, sort: [{ field: 'username' }], withCustomData: true },
    });
    expect(answer.data.totalCount).toBe(4);
    expect(answer.data.list).toMatchObject([{ name: sato, customData: { town: 'ﾄｳｷｮｳ' } }]);
    expect((await api.call('listUsers', {})).data.list[0]).not.toHaveProperty('customData');
    const flat = await api.call('listUsers', { keywords: 'liu', options: { flatCustomData: true } });
    expect(flat.data.list[0]).toMatchObject({ town: '北京', customData: { town: '北京' } });
  });

  it.each([
    [{ page: 0 }, 'page'],
    [{ limit: 51 }, 'limit'],
    [{ limit: -1 }, 'limit'],
  ])('refuses %j', async (pagination, name) => {
    const answer = await api.call('listUsers', { options: { pagination } }, { 'x-genauth-lang': 'zh-CN' });
    expect(answer.statusCode).toBe(400);
    expect(answer.message).toContain(`${name}：`);
  });

  it('answers the legacy form by status', async () => {
    expect((await api.call('listUsersLegacy', { status: 'Suspended' })).data.totalCount).toBe(0);
    expect(
      (await api.call('listUsersLegacy', { status: 'Activated', withCustomData: 'True' })).data.list[0],
    ).toHaveProperty('customData');
    expect(await api.call('listUsersLegacy', { status: 'Nope' })).toMatchObject({ statusCode: 400 });
  });
});

describe('users', () => {
  it('are created with GenAuth’s defaults, changed in part, and values merge', async () => {
    const created = (await api.call('createUser', { username: 'ada', customData: { town: 'Rome' } })).data;
    expect(created).toMatchObject({
      status: 'Activated',
      gender: 'U',
      userSourceType: 'adminCreated',
      loginsCount: 0,
      lastLogin: null,
      customData: { town: 'Rome' },
    });
    await api.call('updateUser', { userId: created.userId, nickname: 'A', customData: { level: 1 } });
    const read = (await api.call('getUser', { userId: created.userId, withCustomData: 'true' })).data;
    expect(read).toMatchObject({ username: 'ada', nickname: 'A', customData: { town: 'Rome', level: 1 } });
    expect(read).not.toHaveProperty('id');
    expect(read).not.toHaveProperty('deletedAt');
  });

  it('are found by a username in any case, also beyond ASCII', async () => {
    const { userId } = (await api.call('createUser', { username: 'Élan', email: 'Ünal@example.com' })).data;
    for (const [id, userIdType] of [
      ['élan', 'username'],
      ['ÉLAN', 'username'],
      ['ünal@EXAMPLE.com', 'email'],
    ] as const)
      expect((await api.call('getUser', { userId: id, userIdType })).data?.userId, id).toBe(userId);
    await api.call('deleteUsersBatch', { userIds: [userId] });
    expect(await api.call('getUser', { userId: 'élan', userIdType: 'username' })).toMatchObject({
      error: 'userNotFound',
    });
  });

  it('are found by their other ids', async () => {
    const { userId } = (
      await api.call('createUser', { username: 'Grace', email: 'Grace@X.org', phone: '123', externalId: 'E-1' })
    ).data;
    const by = async (id: string, userIdType: 'email' | 'username' | 'phone' | 'external_id' | 'identity') =>
      api.call('getUser', { userId: id, userIdType });
    expect((await by('grace@x.ORG', 'email')).data.userId).toBe(userId);
    expect((await by('GRACE', 'username')).data.userId).toBe(userId);
    expect((await by('E-1', 'external_id')).data.userId).toBe(userId);
    expect(await by('e-1', 'external_id')).toMatchObject({ statusCode: 404, apiCode: 2004 });
    expect(await by('x', 'identity')).toMatchObject({ statusCode: 501 });
  });

  it.each([
    ['username', 'taken', 'TAKEN'],
    ['email', 'a@b.c', 'A@B.C'],
    ['phone', '555', '555'],
    ['externalId', 'X9', 'X9'],
  ])('have a unique %s', async (key, first, second) => {
    expect(await api.call('createUser', { [key]: first })).toMatchObject({ statusCode: 200 });
    expect(await api.call('createUser', { [key]: second })).toMatchObject({
      statusCode: 409,
      issues: [{ path: [key], name: 'valueTaken' }],
    });
  });

  it('are created all or none', async () => {
    const list = [{ username: 'first-of-batch' }, { username: 'second', customData: { level: 'x' } }];
    expect(await api.call('createUsersBatch', { list })).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['list', 1, 'customData', 'level'] }],
    });
    expect((await api.call('listUsers', { keywords: 'first-of-batch' })).data.totalCount).toBe(0);
  });

  it('refuse a password with a message', async () => {
    expect(await api.call('createUser', { username: 'p', password: 'secret' } as never)).toMatchObject({
      statusCode: 501,
      issues: [{ path: ['password'] }],
    });
  });

  it('move to the trash, and free their names', async () => {
    const { userId } = (await api.call('createUser', { username: 'leaver', customData: { town: 'Oslo' } })).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    expect(await api.call('getUser', { userId })).toMatchObject({ statusCode: 404 });
    const again = (await api.call('createUser', { username: 'leaver' })).data;
    expect(again.userId).not.toBe(userId);
    expect((await api.call('getCustomData', { targetType: 'USER', targetIdentifier: again.userId })).data).toEqual({});
  });

  it('leave a history row for built-in fields too', async () => {
    const { userId } = (await api.call('createUser', { username: 'tracked' })).data;
    await api.call('updateUser', { userId, name: 'New' });
    const rows = await api.server.database.read
      .selectFrom('history')
      .innerJoin('users', 'users.id', 'history.targetId')
      .select(['history.kind', 'history.before', 'history.after'])
      .where('users.userId', '=', userId)
      .orderBy('history.id')
      .execute();
    expect(rows[1]).toEqual({ kind: 'target', before: '{"name":null}', after: '{"name":"New"}' });
  });
});

describe('roles and groups', () => {
  it('are in namespaces, where a code is unique', async () => {
    expect((await api.call('listNamespaces', {})).data.list.map(({ code }) => code)).toEqual(['default', 'system']);
    await api.call('createNamespace', { code: 'crm', name: 'CRM' });
    await api.call('createRole', { code: 'admin', namespace: 'crm', name: 'CRM admin' });
    await api.call('createRole', { code: 'admin' });
    expect(await api.call('createRole', { code: 'admin' })).toMatchObject({ statusCode: 409, error: 'codeTaken' });
    expect((await api.call('getRole', { code: 'admin', namespace: 'crm' })).data).toMatchObject({
      name: 'CRM admin',
      namespaceName: 'CRM',
      status: 'ENABLE',
    });
    expect(await api.call('listRoles', { namespace: 'nope' }, { 'x-authing-lang': 'zh-CN' })).toMatchObject({
      statusCode: 404,
      message: '权限空间不存在。',
    });
    expect((await api.call('listRoles', {})).data.totalCount).toBe(1);
    await api.call('updateRole', { code: 'admin', namespace: 'crm', newCode: 'boss', description: 'Top' });
    expect((await api.call('getRole', { code: 'boss', namespace: 'crm' })).data.description).toBe('Top');
    await api.call('deleteRolesBatch', { codeList: ['boss'], namespace: 'crm' });
    expect(await api.call('getRole', { code: 'boss', namespace: 'crm' })).toMatchObject({ statusCode: 404 });
  });

  it('groups keep their values when their code changes', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'GROUP', key: 'tag' }] });
    await api.call('createGroup', { code: 'g1', name: 'One', customData: { tag: 'x' } });
    await api.call('updateGroup', { code: 'g1', newCode: 'g2', customData: {} });
    expect((await api.call('getGroup', { code: 'g2', withCustomData: 'true' })).data).toMatchObject({
      name: 'One',
      customData: { tag: 'x' },
    });
    await api.call('createGroup', { code: 'g1' });
    expect((await api.call('getCustomData', { targetType: 'GROUP', targetIdentifier: 'g1' })).data).toEqual({});
  });
});

describe('organisations and departments', () => {
  it('form a tree with members, which stays a tree', async () => {
    const root = (await api.call('createOrganization', { organizationCode: 'acme', organizationName: 'Acme' })).data;
    const make = async (name: string, parentDepartmentId?: string) =>
      (
        await api.call('createDepartment', {
          organizationCode: 'acme',
          name,
          code: name.toLowerCase(),
          parentDepartmentId,
        })
      ).data;
    const sales = await make('Sales');
    const north = await make('North', sales.departmentId);
    expect(north).toMatchObject({
      parentDepartmentId: sales.departmentId,
      parentDepartmentCode: 'sales',
      organizationCode: 'acme',
    });
    await api.call('createUser', { username: 'seller', departmentIds: [north.departmentId] });
    const children = (await api.call('listChildrenDepartments', { organizationCode: 'acme', departmentId: 'root' }))
      .data;
    expect(children).toMatchObject({ totalCount: 1, list: [{ name: 'Sales', hasChildren: true, membersCount: 0 }] });
    expect((await api.call('getOrganization', { organizationCode: 'acme' })).data).toMatchObject({
      departmentId: root.departmentId,
      membersCount: 1,
    });
    expect((await api.call('getDepartment', { organizationCode: 'acme', departmentId: 'root' })).data.name).toBe(
      'Acme',
    );
    const below = {
      field: 'department',
      operator: 'IN' as const,
      value: [{ departmentId: sales.departmentId, includeChildrenDepartments: true }],
    };
    expect((await api.call('listUsers', { advancedFilter: [below] })).data.totalCount).toBe(1);
    const move = { organizationCode: 'acme', departmentId: sales.departmentId, parentDepartmentId: north.departmentId };
    expect(await api.call('updateDepartment', move)).toMatchObject({
      statusCode: 400,
      issues: [{ name: 'wouldBeItsOwnParent' }],
    });
    const remove = (departmentId: string) => api.call('deleteDepartment', { organizationCode: 'acme', departmentId });
    expect(await remove(sales.departmentId)).toMatchObject({ statusCode: 422, error: 'hasChildren' });
    expect(await remove(north.departmentId)).toMatchObject({ statusCode: 200 });
    expect(await remove(sales.departmentId)).toMatchObject({ statusCode: 200 });
    expect((await api.call('listOrganizations', {})).data.list).toMatchObject([
      { organizationName: 'Acme', hasChildren: false },
    ]);
  });

  it('are searched by name and dates', async () => {
    await api.call('createOrganization', { organizationCode: 'find', organizationName: 'Find' });
    for (const name of ['研发中心', '研发一部', 'Ｓales'])
      await api.call('createDepartment', { organizationCode: 'find', name });
    const search = async (value: string) =>
      (
        await api.call('searchDepartmentsList', {
          organizationCode: 'find',
          advancedFilter: [{ field: 'name', operator: 'CONTAINS', value }],
        })
      ).data.map(({ name }) => name);
    expect((await search('研发')).sort()).toEqual(['研发一部', '研发中心']);
    expect(await search('sales')).toEqual(['Ｓales']);
  });
});

describe('restore-target', () => {
  const user = (more: object = {}) => ({ username: `back${Math.random().toString(36).slice(2)}`, ...more });
  const restore = (targetIdentifier: string, targetType: 'USER' | 'GROUP' | 'ROLE' | 'DEPARTMENT' = 'USER') =>
    api.call('restoreTarget', { targetType, targetIdentifier });

  it('restores a target with its names and values, and records it in its history', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'locker', isUnique: true }] });
    const sent = user({ customData: { locker: 'L1' } });
    const { userId } = (await api.call('createUser', sent)).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    expect(await restore(userId)).toMatchObject({ statusCode: 200 });
    const found = await api.call('getUser', { userId, withCustomData: 'true' });
    expect(found.data).toMatchObject({ username: sent.username, customData: { locker: 'L1' } });
    expect(await api.call('createUser', { username: sent.username.toUpperCase() })).toMatchObject({
      error: 'valueTaken',
    });
    expect(await api.call('createUser', user({ customData: { locker: 'L1' } }))).toMatchObject({ error: 'valueTaken' });
    const { list } = (await api.call('listHistory', { targetType: 'USER', targetIdentifier: userId })).data;
    expect(list.slice(0, 2).map(({ target }) => target)).toEqual([
      { event: 'restored', changes: [] },
      { event: 'deleted', changes: [] },
    ]);
  });

  it('is refused, and changes nothing, if another target has a name or unique value now', async () => {
    const sent = user({ customData: { locker: 'L2' } });
    const { userId } = (await api.call('createUser', sent)).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    await api.call('createUser', { username: sent.username, customData: { locker: 'L2' } });
    expect(await restore(userId)).toMatchObject({
      statusCode: 409,
      issues: [
        { path: ['targetIdentifier', 'username'], name: 'codeTaken' },
        { path: ['targetIdentifier', 'locker'], name: 'valueTaken' },
      ],
    });
    expect(await api.call('getUser', { userId })).toMatchObject({ error: 'userNotFound' });
  });

  it('leaves taken names and values empty on request, and keeps them in history', async () => {
    const sent = user({ email: 'kept@example.com', customData: { locker: 'L3' } });
    const { userId } = (await api.call('createUser', sent)).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    await api.call('createUser', { username: sent.username, customData: { locker: 'L3' } });
    const back = { targetType: 'USER' as const, targetIdentifier: userId, withoutTaken: true };
    // To empty a value is to write it.
    const other = await api.callerWith(['directory', 'read']);
    expect(await other('restoreTarget', back)).toMatchObject({ error: 'valueTaken' });
    expect(await api.call('restoreTarget', back)).toMatchObject({ statusCode: 200 });
    const { data } = await api.call('getUser', { userId, withCustomData: 'true' });
    expect(data).toMatchObject({ username: null, email: 'kept@example.com', customData: {} });
    const { list } = (await api.call('listHistory', { targetType: 'USER', targetIdentifier: userId })).data;
    expect(list.slice(0, 2)).toMatchObject([
      { field: { key: 'locker' }, before: 'L3', after: null },
      { target: { changes: [{ key: 'username', before: sent.username, after: null }] } },
    ]);
    await api.call('deleteUsersBatch', { userIds: [userId] });
    expect(await restore(userId)).toMatchObject({ statusCode: 200 });
  });

  it('restores the last group with a code, and a department only below one outside the trash', async () => {
    for (const name of ['first', 'second']) {
      await api.call('createGroup', { code: 'again', name });
      await api.call('deleteGroupsBatch', { codeList: ['again'] });
    }
    await restore('again', 'GROUP');
    expect((await api.call('getGroup', { code: 'again' })).data.name).toBe('second');
    expect(await restore('again', 'GROUP')).toMatchObject({ error: 'codeTaken' });

    await api.call('createOrganization', { organizationCode: 'tree', organizationName: 'Tree' });
    const above = (await api.call('createDepartment', { organizationCode: 'tree', name: 'Above', code: 'above' })).data;
    const below = (
      await api.call('createDepartment', {
        organizationCode: 'tree',
        name: 'Below',
        parentDepartmentId: above.departmentId,
      })
    ).data;
    for (const { departmentId } of [below, above]) {
      await api.call('deleteDepartment', { organizationCode: 'tree', departmentId });
    }
    expect(await restore(below.departmentId, 'DEPARTMENT')).toMatchObject({ error: 'departmentNotFound' });
    expect(await restore(above.departmentId, 'DEPARTMENT')).toMatchObject({ statusCode: 200 });
    expect(await restore(below.departmentId, 'DEPARTMENT')).toMatchObject({ statusCode: 200 });
  });
});

describe('permission spaces', () => {
  it('are renamed, and deleted when empty; a restored role restores its space', async () => {
    await api.call('createNamespace', { code: 'desk', name: 'Desk' });
    await api.call('createRole', { code: 'clerk', namespace: 'desk' });
    const renamed = await api.call('updateNamespace', { code: 'desk', name: 'Front desk', newCode: 'front' });
    expect(renamed.data).toMatchObject({ code: 'front', name: 'Front desk' });
    expect(await api.call('getRole', { code: 'clerk', namespace: 'front' })).toMatchObject({ statusCode: 200 });
    expect(await api.call('deleteNamespace', { code: 'front' })).toMatchObject({ statusCode: 422, error: 'hasRoles' });
    await api.call('deleteRolesBatch', { codeList: ['clerk'], namespace: 'front' });
    expect(await api.call('deleteNamespace', { code: 'front' })).toMatchObject({ statusCode: 200 });
    expect(await api.call('getRole', { code: 'clerk', namespace: 'front' })).toMatchObject({ statusCode: 404 });
    const codes = async () => (await api.call('listNamespaces', { limit: 50 })).data.list.map(({ code }) => code);
    expect(await codes()).not.toContain('front');
    await api.call('restoreTarget', { targetType: 'ROLE', targetIdentifier: 'clerk', namespace: 'front' });
    expect(await codes()).toContain('front');
  });

  it('that are built in stay, and a code is unique', async () => {
    for (const code of ['default', 'system'])
      expect(await api.call('deleteNamespace', { code })).toMatchObject({ statusCode: 501 });
    await api.call('createNamespace', { code: 'mine' });
    expect(await api.call('updateNamespace', { code: 'mine', newCode: 'default' })).toMatchObject({
      statusCode: 409,
      issues: [{ path: ['newCode'], name: 'codeTaken' }],
    });
    await api.call('deleteNamespace', { code: 'mine' });
    expect((await api.call('listActivity', { limit: 1 })).data.list[0]).toMatchObject({
      subject: 'mine',
      target: { event: 'deleted' },
    });
    expect(await api.call('createNamespace', { code: 'mine', name: 'Again' })).toMatchObject({
      data: { name: 'Again' },
    });
    expect(await api.call('createNamespace', { code: 'mine' })).toMatchObject({ error: 'codeTaken' });
  });
});
