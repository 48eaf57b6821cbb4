import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccessKey } from './staff/service.ts';
import { testApp } from './testing/app.ts';

// Tests authing-node-sdk from npm, unmodified, over HTTP. Its types don't match what it sends, so the test ignores
// them.
type Sdk = Record<string, (input: object) => Promise<Answer>>;
interface Answer {
  statusCode: number;
  message: string;
  apiCode?: number;
  // biome-ignore lint/suspicious/noExplicitAny: the test checks what the SDK resolves with
  data: any;
}
const { ManagementClient } = createRequire(import.meta.url)('authing-node-sdk') as {
  ManagementClient: new (options: object) => Sdk;
};

let api: Awaited<ReturnType<typeof testApp>>;
let options: { accessKeyId: string; accessKeySecret: string; host: string };
let sdk: Sdk;
beforeAll(async () => {
  api = await testApp();
  const host = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const key = await addAccessKey(api.server, { name: 'SDK' });
  options = { accessKeyId: key.id, accessKeySecret: key.secret, host };
  sdk = new ManagementClient(options);
});
afterAll(() => api.close());

const ask = (method: string, input: object = {}) => {
  const call = sdk[method];
  if (!call) throw new Error(`The SDK has no ${method}.`);
  return call.call(sdk, input);
};
const done = async (method: string, input: object = {}) => {
  const answer = await ask(method, input);
  expect(answer, method).toMatchObject({ statusCode: 200, message: '' });
  return answer.data;
};

describe('authing-node-sdk', () => {
  it('defines fields of every type on every target type, and reads them back', async () => {
    const types = ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'];
    for (const targetType of types) {
      await done('setCustomFields', {
        list: [
          { targetType, key: 'memo', dataType: 'STRING', label: '备注 & "memo"' },
          { targetType, key: 'level', dataType: 'NUMBER', label: 'Level' },
          { targetType, key: 'since', dataType: 'DATETIME', label: 'Since' },
          { targetType, key: 'vip', dataType: 'BOOLEAN', label: 'VIP' },
          {
            targetType,
            key: 'school',
            dataType: 'ENUM',
            label: 'School',
            options: [{ value: 'pku', label: '北京大学' }],
          },
        ],
      });
      const fields = await done('getCustomFields', { targetType });
      expect(fields.map(({ dataType }: { dataType: string }) => dataType)).toEqual([
        'STRING',
        'NUMBER',
        'DATETIME',
        'BOOLEAN',
        'ENUM',
      ]);
      expect(fields[4].options).toEqual([{ value: 'pku', label: '北京大学' }]);
    }
    const listed = await done('listCustFields', {
      targetType: 'USER',
      dataType: 'SELECT',
      page: 1,
      limit: 10,
      keyword: 'school',
      userVisible: true,
    });
    expect(listed).toMatchObject({ count: { all: 1 }, list: [{ key: 'school' }] });
  });

  it('sets and reads values of a user, a role, a group and a department', async () => {
    const { userId } = await done('createUser', {
      username: 'wang',
      name: '王伟',
      gender: 'M',
      customData: { memo: 'new' },
    });
    await done('createNamespace', { code: 'ops' });
    await done('createRole', { code: '管理员', namespace: 'ops', name: '管理员' });
    await done('createGroup', { code: 'devs', name: 'Devs', type: 'static', description: '' });
    const organization = await done('createOrganization', {
      organizationCode: 'acme',
      organizationName: 'Acme',
      metadata: {},
    });
    const department = await done('createDepartment', {
      organizationCode: 'acme',
      name: 'R&D',
      parentDepartmentId: organization.departmentId,
      metadata: {},
    });
    const values = {
      memo: '北京 & "x"=?+%',
      level: 18.5,
      since: '2024-04-01T00:00:00.000Z',
      vip: false,
      school: 'pku',
    };
    const list = Object.entries(values).map(([key, value]) => ({ key, value }));
    for (const [targetType, targetIdentifier, namespace] of [
      ['USER', userId],
      ['ROLE', '管理员', 'ops'],
      ['GROUP', 'devs'],
      ['DEPARTMENT', department.departmentId],
    ]) {
      const target = { targetType, targetIdentifier, ...(namespace && { namespace }) };
      expect(await done('setCustomData', { ...target, list })).toEqual({ success: true });
      expect(await done('getCustomData', target)).toEqual(values);
      await done('setCustomData', { ...target, list: [{ key: 'memo', value: null }] });
      expect(await done('getCustomData', { ...target, tenantId: null })).not.toHaveProperty('memo');
    }
  });

  it('finds users by filters, batches and flags', async () => {
    const found = await done('listUsers', {
      keywords: '王',
      advancedFilter: [{ field: 'school', operator: 'IN', value: ['pku'] }],
      options: {
        withCustomData: true,
        pagination: { page: 1, limit: 5 },
        sort: [{ field: 'createdAt', order: 'desc' }],
      },
    });
    expect(found).toMatchObject({ totalCount: 1, list: [{ name: '王伟', customData: { school: 'pku' } }] });
    const { userId } = found.list[0];
    expect(await done('getUserBatch', { userIds: [userId, '用户 2'], withCustomData: true })).toHaveLength(1);
    expect(await done('getUser', { userId, flatCustomData: true })).toMatchObject({ school: 'pku' });
    expect((await done('getUser', { userId })).customData).toBeUndefined();
    expect((await done('listUsersLegacy', { page: 1, limit: 10, withCustomData: true })).totalCount).toBe(1);
    await done('updateUser', { userId, nickname: 'W', customData: { level: 1 } });
    expect(await done('getUser', { userId, withCustomData: true })).toMatchObject({
      nickname: 'W',
      customData: { level: 1, school: 'pku' },
    });
  });

  it('reads and changes roles, groups, organisations, departments, namespaces and tenants', async () => {
    expect((await done('listRoles', { namespace: 'ops' })).totalCount).toBe(1);
    expect(await done('getRole', { code: '管理员', namespace: 'ops' })).toMatchObject({ namespace: 'ops' });
    await done('updateRole', { code: '管理员', newCode: '管理员', namespace: 'ops', name: 'Admin' });
    expect((await done('listGroups', { keywords: 'dev', withCustomData: true })).list[0].customData).toMatchObject({
      level: 18.5,
    });
    expect(await done('updateGroup', { code: 'devs', description: 'x' })).toMatchObject({ description: 'x' });
    expect(await done('getGroup', { code: 'devs', withCustomData: true })).toMatchObject({ members: [] });
    expect((await done('listOrganizations', { fetchAll: true })).totalCount).toBe(1);
    const children = await done('listChildrenDepartments', {
      organizationCode: 'acme',
      departmentId: 'root',
      withCustomData: true,
    });
    expect(children).toMatchObject({ totalCount: 1, list: [{ name: 'R&D', customData: { level: 18.5 } }] });
    const { departmentId } = children.list[0];
    expect(await done('getDepartment', { organizationCode: 'acme', departmentId })).toMatchObject({ departmentId });
    expect(await done('getDepartmentById', { departmentId, withCustomData: true })).toMatchObject({
      customData: { school: 'pku' },
    });
    expect(await done('searchDepartmentsList', { organizationCode: 'acme' })).toHaveLength(1);
    await done('updateDepartment', { organizationCode: 'acme', departmentId, name: 'RD', metadata: {} });
    expect((await done('listNamespaces', {})).list.map(({ code }: { code: string }) => code)).toContain('ops');
    const tenant = await done('createTenant', { name: 'Acme', appIds: [] });
    expect((await done('listTenants', { page: '1', limit: '10' })).totalCount).toBe(1);
    expect(await done('getTenant', { tenantId: tenant.tenantId })).toMatchObject({ name: 'Acme' });
    await done('setUserBaseFields', { list: [{ key: 'nickname', label: 'Nick' }] });
    expect((await done('getUserBaseFields')).find(({ key }: { key: string }) => key === 'nickname').label).toBe('Nick');
    for (const [method, input] of [
      ['deleteDepartment', { organizationCode: 'acme', departmentId }],
      ['deleteGroupsBatch', { codeList: ['devs'] }],
      ['deleteRolesBatch', { codeList: ['管理员'], namespace: 'ops' }],
    ] as const) {
      expect(await done(method, input)).toEqual({ success: true });
    }
  });

  it('keeps tenants apart by its tenantId option', async () => {
    const { tenantId } = await done('createTenant', { name: 'Apart', appIds: [] });
    const inside = new ManagementClient({ ...options, tenantId });
    expect((await inside.getCustomFields?.({ targetType: 'USER' }))?.data).toEqual([]);
    await inside.setCustomFields?.({ list: [{ targetType: 'USER', key: 'inside', dataType: 'STRING' }] });
    expect((await inside.getCustomFields?.({ targetType: 'USER' }))?.data).toHaveLength(1);
    expect(await done('getCustomFields', { targetType: 'USER' })).toHaveLength(5);
  });

  it('resolves with the codes of an error, in the SDK’s language', async () => {
    expect(await ask('getUser', { userId: 'nobody' })).toMatchObject({
      statusCode: 404,
      apiCode: 2004,
      message: '用户不存在。',
    });
    expect(await ask('listRoles', { namespace: 'nope' })).toMatchObject({
      statusCode: 404,
      message: '权限空间不存在。',
    });
    expect((await ask('listCustFields', { targetType: 'USER', page: 0 })).message).toContain('参数 page：');
    const english = new ManagementClient({ ...options, lang: 'en-US', accessKeySecret: 'wrong' });
    expect(await english.getUserBaseFields?.({})).toMatchObject({
      statusCode: 401,
      apiCode: 1300,
      message: 'The request signature doesn’t match.',
    });
  });
});
