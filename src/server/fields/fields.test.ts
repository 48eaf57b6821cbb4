import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inSlices } from '../database/open.ts';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const school = {
  targetType: 'USER' as const,
  key: 'school',
  dataType: 'ENUM' as const,
  label: 'School',
  options: [
    { value: 'pku', label: 'Peking', i18n: { label: { 'ja-JP': { enabled: true, value: '北京大学' } } } },
    { value: 'hust', label: 'Huazhong' },
  ],
};
const set = (...list: object[]) => api.call('setCustomFields', { list } as never);
const get = async (key: string, targetType: 'USER' | 'ROLE' = 'USER') =>
  (await api.call('getCustomFields', { targetType })).data.find((field) => field.key === key);
let count = 0;
const newUser = async (customData: Record<string, unknown> = {}) =>
  (await api.call('createUser', { username: `u${++count}`, customData })).data.userId;
const valuesOf = async (targetIdentifier: string) =>
  (await api.call('getCustomData', { targetType: 'USER', targetIdentifier })).data;
const historyOf = async (fieldKey: string) => {
  const { database } = api.server;
  return database.read
    .selectFrom('history')
    .innerJoin('fields', 'fields.id', 'history.fieldId')
    .select(['history.kind', 'history.before', 'history.after', 'history.actorKind', 'history.through'])
    .where('fields.key', '=', fieldKey)
    .orderBy('history.id')
    .execute();
};

describe('set-custom-fields', () => {
  it('creates fields and answers in request order, with the API’s defaults', async () => {
    const answer = await set({ targetType: 'ROLE', key: 'plain' }, school, {
      targetType: 'USER',
      key: 'age',
      dataType: 'NUMBER',
      label: 'Age',
    });
    expect(answer).toMatchObject({ statusCode: 200, message: '' });
    expect(answer.data.map(({ key }) => key)).toEqual(['plain', 'school', 'age']);
    expect(answer.data[0]).toMatchObject({
      dataType: 'STRING',
      label: 'plain',
      isUnique: false,
      encrypted: false,
      userEditable: false,
      visibleInAdminConsole: true,
      visibleInUserCenter: true,
      version: 1,
    });
    expect(answer.data[1]?.i18n.label['zh-TW']).toEqual({ enabled: false, value: '' });
    expect(answer.data[0]?.createdAt).toMatch(/^\d{4}-.*Z$/);
  });

  it('leaves unsent properties alone', async () => {
    const before = await get('school');
    await set({ targetType: 'USER', key: 'school', description: 'Where they studied' });
    const after = await get('school');
    expect(after).toEqual({ ...before, description: 'Where they studied', version: 2, updatedAt: after?.updatedAt });
  });

  it('changes nothing, not even the version, if nothing differs', async () => {
    const before = await get('school');
    await set({ ...school, description: 'Where they studied' });
    expect(await get('school')).toEqual(before);
  });

  it('keeps an option’s translations when it is sent without them', async () => {
    await set({
      targetType: 'USER',
      key: 'school',
      options: [
        { value: 'pku', label: 'PKU' },
        { value: 'hust', label: 'Huazhong' },
      ],
    });
    const field = await get('school');
    expect(field?.dataType === 'ENUM' && field.options[0]).toMatchObject({
      label: 'PKU',
      i18n: { label: { 'ja-JP': { enabled: true, value: '北京大学' } } },
    });
  });

  it('treats an all-empty i18n as none, keeps languages that are not sent, and clears on request', async () => {
    const sent = (label: object, more: object = {}) =>
      set({ targetType: 'USER', key: 'age', i18n: { label }, ...more });
    await sent({ 'zh-CN': { enabled: true, value: '年龄' }, 'ja-JP': { enabled: false, value: '年齢' } });
    await sent({ 'zh-CN': { enabled: false, value: '' }, 'en-US': { enabled: 'false', value: '' } });
    expect((await get('age'))?.i18n.label['zh-CN']).toEqual({ enabled: true, value: '年龄', source: 'Age' });
    await sent({ 'en-US': { enabled: true, value: 'Age' } });
    expect((await get('age'))?.i18n.label).toMatchObject({
      'zh-CN': { enabled: true, value: '年龄' },
      'ja-JP': { enabled: false, value: '年齢' },
      'en-US': { enabled: true, value: 'Age' },
    });
    await sent({}, { clearI18n: true });
    expect((await get('age'))?.i18n.label['zh-CN']).toEqual({ enabled: false, value: '' });
  });

  it.each<[string, object, number, string, unknown[]]>([
    [
      'a change of type',
      { targetType: 'USER', key: 'age', dataType: 'STRING' },
      422,
      'dataTypeFixed',
      ['list', 0, 'dataType'],
    ],
    ['a built-in key', { targetType: 'USER', key: 'username' }, 409, 'keyReserved', ['list', 0, 'key']],
    ['a key that differs in case alone', { targetType: 'USER', key: 'AGE' }, 409, 'keyTaken', ['list', 0, 'key']],
    [
      'creating a key that exists',
      { targetType: 'USER', key: 'age', create: true },
      409,
      'keyTaken',
      ['list', 0, 'key'],
    ],
    [
      'changing a key that does not exist',
      { targetType: 'USER', key: 'agee', create: false },
      404,
      'fieldNotFound',
      ['list', 0, 'key'],
    ],
    [
      'a unique choice',
      { targetType: 'USER', key: 'school', isUnique: true },
      422,
      'uniqueNotPossible',
      ['list', 0, 'isUnique'],
    ],
    [
      'the type OBJECT',
      { targetType: 'USER', key: 'x', dataType: 'OBJECT' },
      400,
      'validation',
      ['list', 0, 'dataType'],
    ],
  ])('refuses %s', async (_name, item, statusCode, error, path) => {
    const answer = await set(item);
    expect(answer).toMatchObject({ statusCode, error });
    expect(answer.issues?.[0]?.path).toEqual(path);
    expect(answer).not.toHaveProperty('data');
  });

  it('writes the whole list or nothing, and names every bad item', async () => {
    const answer = await set(
      { targetType: 'USER', key: 'fine' },
      { targetType: 'USER', key: 'age', dataType: 'ENUM' },
      { targetType: 'USER', key: 'email' },
    );
    expect(answer.issues?.map(({ path, name }) => [path[1], name])).toEqual([
      [1, 'dataTypeFixed'],
      [2, 'keyReserved'],
    ]);
    expect(await get('fine')).toBeUndefined();
  });

  it('refuses a version that is not the current one, and returns the current field', async () => {
    const present = await get('age');
    const answer = await set({ targetType: 'USER', key: 'age', label: 'Years', version: (present?.version ?? 0) - 1 });
    expect(answer).toMatchObject({ statusCode: 412, error: 'versionChanged', current: present });
  });

  it('makes an option in use inactive, drops an unused one, and reactivates by value', async () => {
    const holder = await newUser({ school: 'hust' });
    await set({
      targetType: 'USER',
      key: 'school',
      options: [
        { value: 'pku', label: 'PKU' },
        { value: 'new', label: 'New' },
      ],
    });
    await set({ targetType: 'USER', key: 'school', options: [{ value: 'pku', label: 'PKU' }] });
    const retired = await get('school');
    expect(retired?.dataType === 'ENUM' && retired.retiredOptions.map(({ value }) => value)).toEqual(['hust']);
    expect(await valuesOf(holder)).toEqual({ school: 'hust' });
    await set({
      targetType: 'USER',
      key: 'school',
      options: [
        { value: 'pku', label: 'PKU' },
        { value: 'hust', label: 'Huazhong' },
      ],
    });
    const revived = await get('school');
    expect(revived?.dataType === 'ENUM' && [revived.options.length, revived.retiredOptions.length]).toEqual([2, 0]);
  });

  it('names the duplicates that prevent isUnique', async () => {
    await set({ targetType: 'USER', key: 'badge' });
    await newUser({ badge: 'A1' });
    await newUser({ badge: 'A1' });
    const answer = await set({ targetType: 'USER', key: 'badge', isUnique: true });
    expect(answer).toMatchObject({
      statusCode: 409,
      error: 'duplicatesBlockUnique',
      issues: [{ name: 'duplicates', limit: 'A1 × 2' }],
    });
    expect((await get('badge'))?.isUnique).toBe(false);
  });

  it('treats a UNIQUE rule as isUnique', async () => {
    const [field] = (
      await set({ targetType: 'USER', key: 'ruled', validateRules: [{ type: 'UNIQUE', content: '', error: 'Taken' }] })
    ).data;
    expect(field?.isUnique).toBe(true);
  });

  it('writes the history of a definition in its transaction', async () => {
    const rows = await historyOf('age');
    expect(rows[0]).toMatchObject({ kind: 'field', before: null, actorKind: 'key', through: 'api' });
    expect(JSON.parse(rows[1]?.before ?? '').i18n.label['zh-CN'].value).toBe('');
    expect(JSON.parse(rows[1]?.after ?? '').i18n.label['zh-CN'].value).toBe('年龄');
  });

  it('holds 20,000 options', async () => {
    const options = Array.from({ length: 20_000 }, (_, index) => ({ value: `v${index}`, label: `Label ${index}` }));
    expect(await set({ targetType: 'USER', key: 'huge', dataType: 'ENUM', options })).toMatchObject({
      statusCode: 200,
    });
    await set({ targetType: 'USER', key: 'huge', options: options.toReversed() });
    const field = await get('huge');
    expect(field?.dataType === 'ENUM' && [field.options.length, field.options[0]?.value]).toEqual([20_000, 'v19999']);
  });

  it('shares 100,000 options with the others of its space', async () => {
    const choice = (key: string, options: string[]) =>
      set({ targetType: 'ROLE', key, dataType: 'ENUM', options: options.map((value) => ({ value, label: value })) });
    await choice('many', ['a']);
    const { id } = await api.server.database.read
      .selectFrom('fields')
      .select('id')
      .where('key', '=', 'many')
      .executeTakeFirstOrThrow();
    const rows = Array.from({ length: 99_997 }, (_, at) => ({
      fieldId: id,
      value: `v${at}`,
      label: 'V',
      i18n: null,
      position: at,
      retired: 1 as const,
    }));
    await inSlices(rows, async (some) => {
      await api.server.database.write.insertInto('fieldOptions').values(some).execute();
      return [];
    });
    expect(await choice('two', ['a', 'b'])).toMatchObject({ statusCode: 200 });
    expect(await choice('one', ['a'])).toMatchObject({ statusCode: 422, error: 'tooManyOptions' });
    expect(await set({ targetType: 'ROLE', key: 'text' })).toMatchObject({ statusCode: 200 });
  });

  it('lets one of several concurrent creations of a key succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => set({ targetType: 'GROUP', key: 'race', create: true })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });
});

describe('list-custom-fields', () => {
  it('counts after type and keyword, before visibility and paging', async () => {
    await set(
      { targetType: 'GROUP', key: 'one', label: 'Größe' },
      {
        targetType: 'GROUP',
        key: 'two',
        i18n: { label: { 'zh-TW': { enabled: false, value: '大小 GRÖSSE' } } },
        visibleInUserCenter: false,
      },
      { targetType: 'GROUP', key: 'three', dataType: 'NUMBER', label: 'größer' },
    );
    const { data } = await api.call('listCustomFields', {
      targetType: 'GROUP',
      keyword: 'ｇｒö',
      userVisible: 'false',
      limit: 1,
    });
    expect(data.count).toEqual({ all: 3, userVisible: 2, adminVisible: 3 });
    expect(data.list.map(({ key }) => key)).toEqual(['two']);
    expect((await api.call('listCustomFields', { targetType: 'GROUP', dataType: 'OBJECT' })).data.list).toEqual([]);
  });

  it.each([
    ['page', 0],
    ['limit', 51],
    ['limit', 'x'],
  ])('refuses %s %s in the caller’s language', async (name, value) => {
    const answer = await api.call(
      'listCustomFields',
      { targetType: 'USER', [name]: value },
      { 'x-authing-lang': 'zh-CN' },
    );
    expect(answer.statusCode).toBe(400);
    expect(answer.message).toContain(`参数 ${name}：`);
  });
});

describe('delete-custom-fields', () => {
  it('removes the field and its values, frees the key, and starts a new field with that key empty', async () => {
    await set({ targetType: 'USER', key: 'gone', isUnique: true });
    const holder = await newUser({ gone: 'x' });
    expect(
      await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key: 'gone' }], tenantId: '' }),
    ).toMatchObject({ data: { success: true } });
    expect(await valuesOf(holder)).toEqual({});
    await set({ targetType: 'USER', key: 'gone' });
    expect(await valuesOf(holder)).toEqual({});
  });

  it('restores definition and values, but not onto a taken key', async () => {
    const restore = () => api.call('restoreCustomField', { targetType: 'USER', key: 'back' });
    await set({ targetType: 'USER', key: 'back', isUnique: true });
    const holder = await newUser({ back: 'kept' });
    await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key: 'back' }] });
    await set({ targetType: 'USER', key: 'back' });
    expect(await restore()).toMatchObject({ statusCode: 409, error: 'keyTaken' });
    await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key: 'back' }] });
    await api.server.database.write.deleteFrom('fields').where('key', '=', 'back').where('isUnique', '=', 0).execute();
    expect(await restore()).toMatchObject({ statusCode: 200 });
    expect(await valuesOf(holder)).toEqual({ back: 'kept' });
    expect(await api.call('createUser', { username: 'second', customData: { back: 'kept' } })).toMatchObject({
      error: 'valueTaken',
    });
  });

  it('restores no field beyond the limit of its space, neither alone nor by an undo', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'Full' })).data;
    const targetType = 'GROUP';
    const first = { targetType, key: 'first', tenantId } as const;
    const define = (key: string) => api.call('setCustomFields', { list: [{ targetType, key }], tenantId });
    const count = async () => (await api.call('getCustomFields', { targetType, tenantId })).data.length;
    await define('first');
    const { write } = api.server.database;
    const { id: _, ...row } = await write
      .selectFrom('fields')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .executeTakeFirstOrThrow();
    const more = Array.from({ length: 998 }, (_, at) => ({ ...row, key: `more_${at}`, position: at + 2 }));
    for (let at = 0; at < more.length; at += 50) {
      await write
        .insertInto('fields')
        .values(more.slice(at, at + 50))
        .execute();
    }
    await define('last');
    expect(await count()).toBe(1_000);

    const deletions = [{ targetType, key: 'first' } as const];
    const { token } = (await api.call('planFields', { deletions, tenantId })).data;
    const { planId } = (await api.call('applyPlan', { deletions, tenantId, token })).data;
    await define('another');
    expect(await api.call('restoreCustomField', first)).toMatchObject({ statusCode: 422, error: 'tooManyFields' });
    expect((await api.call('undoPlan', { planId })).data.skipped).toEqual([{ key: 'first', what: 'tooManyFields' }]);
    expect(await count()).toBe(1_000);

    await api.call('deleteCustomFields', { list: [{ targetType, key: 'another' }], tenantId });
    expect((await api.call('undoPlan', { planId })).data.skipped).toEqual([]);
    expect(await count()).toBe(1_000);
  });

  it('refuses an unknown key and deletes nothing', async () => {
    const list = [
      { targetType: 'USER', key: 'age' },
      { targetType: 'USER', key: 'nope' },
    ];
    expect(await api.call('deleteCustomFields', { list })).toMatchObject({ statusCode: 404, error: 'fieldNotFound' });
    expect(await get('age')).toBeDefined();
  });
});

describe('user base fields', () => {
  it('lists built-in fields without dates and changes what may change', async () => {
    const list = [
      {
        key: 'nickname',
        visibleInAdminConsole: false,
        i18n: { label: { 'en-US': { enabled: true, value: 'Alias' } } },
      },
    ];
    expect(await api.call('setUserBaseFields', { list })).toMatchObject({ statusCode: 200 });
    const fields = (await api.call('getUserBaseFields', {})).data;
    expect(fields.find(({ key }) => key === 'nickname')).toMatchObject({
      visibleInAdminConsole: false,
      i18n: { label: { 'en-US': { value: 'Alias' }, 'ja-JP': { value: 'ニックネーム' } } },
    });
    expect(fields[0]).not.toHaveProperty('createdAt');
    expect(await api.call('setUserBaseFields', { list: [{ key: 'school' }] })).toMatchObject({ statusCode: 404 });
  });
});

describe('tenants', () => {
  it('are separate spaces; an item’s tenant wins over the body’s, the body’s over the header’s', async () => {
    const tenant = async (name: string) => (await api.call('createTenant', { name })).data.tenantId;
    const [one, two, three] = [await tenant('one'), await tenant('two'), await tenant('three')];
    const list = [
      { targetType: 'USER', key: 'spaced', label: 'two', tenantId: two },
      { targetType: 'USER', key: 'spaced', label: 'one' },
    ];
    await api.call('setCustomFields', { list, tenantId: one }, { 'x-authing-app-id': three });
    await api.call(
      'setCustomFields',
      { list: [{ targetType: 'USER', key: 'spaced', label: 'three' }] },
      { 'x-authing-app-id': three },
    );
    const label = async (tenantId?: string) =>
      (await api.call('getCustomFields', { targetType: 'USER', tenantId })).data.find(({ key }) => key === 'spaced')
        ?.label;
    expect([await label(), await label(one), await label(two), await label(three)]).toEqual([
      undefined,
      'one',
      'two',
      'three',
    ]);
    const holder = await newUser();
    await api.call('setCustomData', {
      targetType: 'USER',
      targetIdentifier: holder,
      list: [{ key: 'spaced', value: 'x', tenantId: two }],
    });
    expect(await valuesOf(holder)).toEqual({});
    expect(
      (await api.call('getCustomData', { targetType: 'USER', targetIdentifier: holder, tenantId: two })).data,
    ).toEqual({ spaced: 'x' });
    expect(await api.call('getCustomFields', { targetType: 'USER', tenantId: 'nobody' })).toMatchObject({
      statusCode: 404,
    });
  });
});
