import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sent } from '#contract/endpoints';
import type { ListFilter } from '#contract/list';
import type { TargetType } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

type Page = Omit<Sent<'listTargets'>, 'targetType'>;
const read = async (targetType: TargetType, page: Page = {}) => {
  const { data, message } = await api.call('listTargets', { targetType, ...page });
  return data ?? { error: message, list: [], next: null, previous: null };
};
const names = async (targetType: TargetType, page: Page = {}) =>
  (await read(targetType, { limit: 100, ...page })).list.map(({ name }) => name);

const parts = [
  '王',
  '王小明',
  '陳',
  '美咲',
  'さとう',
  'Zoë',
  'O’Brien',
  'ＡＢＣ',
  'ab',
  'straße',
  '100%_real',
  '𠮷野',
  "a'b\\c",
];
const people = Array.from({ length: 60 }, (_, at) => ({
  username: `u${at}`,
  name: `${parts[at % parts.length]} ${parts[(at * 7 + 3) % parts.length]}`,
  ...(at % 3 && { email: `${'zyx'[at % 3]}${at % 5}.${at}@example.com` }),
  customData: {
    ...(at % 4 && { town: `${parts[(at * 5) % parts.length]}${at % 6}` }),
    ...(at % 5 && { level: (at * 13) % 17 }),
  },
}));

describe('list-targets', () => {
  beforeAll(async () => {
    await api.call('setCustomFields', {
      list: [
        { targetType: 'USER', key: 'town' },
        { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
        { targetType: 'USER', key: 'since', dataType: 'DATETIME', precision: 'day' },
        {
          targetType: 'USER',
          key: 'tier',
          dataType: 'ENUM',
          options: ['gold', 'silver'].map((value) => ({ value, label: value })),
        },
        { targetType: 'ROLE', key: 'area' },
      ],
    });
    for (let at = 0; at < people.length; at += 50)
      expect((await api.call('createUsersBatch', { list: people.slice(at, at + 50) })).statusCode).toBe(200);
  });

  it('finds every part of a name, of one character or many, in any script, case and width', async () => {
    const texts = new Set(people.flatMap(({ name }) => partsOf(name)));
    for (const text of [...texts].filter((_, at) => at % 5 === 0)) {
      const wanted = people.filter((person) =>
        [person.name, person.username, person.email ?? '', person.customData.town ?? ''].some((place) =>
          fold(place).includes(fold(text.trim())),
        ),
      );
      const found = await names('USER', { keywords: text });
      expect(found.toSorted(), text).toEqual(wanted.map(({ name }) => name).toSorted());
      const { data } = await api.call('countTargets', { targetType: 'USER', keywords: text });
      expect(data.count).toBe(wanted.length);
    }
  });

  it('finds parts of a value in the same way, also if it is too long for the index', async () => {
    const [user] = (await api.call('createUsersBatch', { list: [{ username: 'long', name: 'Long' }] })).data;
    await api.call('setCustomData', {
      targetType: 'USER',
      targetIdentifier: user?.userId ?? '',
      list: [{ key: 'town', value: `${'x'.repeat(3_000)} needle 京` }],
    });
    const contains = (value: string) =>
      names('USER', { filters: [{ field: 'town', operator: 'CONTAINS', value }], sort: { field: 'username' } });
    expect(await contains('needle 京')).toEqual(['Long']);
    expect(await contains('京')).toEqual(['Long']);
    for (const text of ['王', 'ab', 'abc', '小明', "a'b\\", '%_', '𠮷']) {
      const wanted = people.filter(({ customData: { town } }) => town && fold(town).includes(fold(text)));
      expect((await contains(text)).toSorted(), text).toEqual(wanted.map(({ name }) => name).toSorted());
    }
    await api.call('deleteUsersBatch', { userIds: [user?.userId ?? ''] });
  });

  it('follows changes, clearing and deletion', async () => {
    const [user] = (await api.call('createUsersBatch', { list: [{ username: 'mover', name: '陈晨' }] })).data;
    const targetIdentifier = user?.userId ?? '';
    const town = (value: string | null) =>
      api.call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key: 'town', value }] });
    const inTown = (value: string) => names('USER', { filters: [{ field: 'town', operator: 'CONTAINS', value }] });
    expect(await names('USER', { keywords: '晨' })).toEqual(['陈晨']);
    await api.call('updateUser', { userId: targetIdentifier, name: '陈曦' });
    expect(await names('USER', { keywords: '晨' })).toEqual([]);
    expect(await names('USER', { keywords: '曦' })).toEqual(['陈曦']);
    expect(await names('USER', { keywords: targetIdentifier })).toEqual(['陈曦']);
    await town('Querétaro');
    expect(await inTown('qué')).toEqual([]);
    expect(await inTown('rét')).toEqual(['陈曦']);
    await town('Xi’an');
    expect(await inTown('rét')).toEqual([]);
    expect(await inTown('i’a')).toEqual(['陈曦']);
    await town(null);
    expect(await inTown('i’a')).toEqual([]);
    await api.call('deleteUsersBatch', { userIds: [targetIdentifier] });
    expect(await names('USER', { keywords: '曦' })).toEqual([]);
  });

  it.each([
    undefined,
    { field: 'name' },
    { field: 'email', descending: true },
    { field: 'town' },
    { field: 'level', descending: true },
    { field: 'since' },
  ])('walks forwards and backwards through all pages once, sorted by %o', async (sort) => {
    const order = (await read('USER', { limit: 100, sort })).list.map(({ targetIdentifier }) => targetIdentifier);
    expect(order).toHaveLength(people.length);
    const walk = async (start: Page, way: 'next' | 'previous') => {
      const pages: string[][] = [];
      let cursor: string | null | undefined = start.cursor;
      do {
        const page = await read('USER', { ...start, cursor, limit: 7, sort });
        pages.push(page.list.map(({ targetIdentifier }) => targetIdentifier));
        cursor = page[way];
      } while (cursor);
      return pages;
    };
    expect((await walk({}, 'next')).flat()).toEqual(order);
    expect((await walk({ cursor: 'end' }, 'previous')).reverse().flat()).toEqual(order);
    for (const page of [2, 5, 9]) {
      const { list } = await read('USER', { page, limit: 7, sort });
      expect(list.map(({ targetIdentifier }) => targetIdentifier)).toEqual(order.slice((page - 1) * 7, page * 7));
    }
  });

  it('orders by value, and puts empty ones last in both directions', async () => {
    const levels = async (descending: boolean) =>
      (await read('USER', { limit: 100, columns: ['level'], sort: { field: 'level', descending } })).list.map(
        ({ cells }) => cells.level,
      );
    const held = people
      .flatMap(({ customData: { level } }) => (level === undefined ? [] : [level]))
      .sort((a, b) => a - b);
    const unset = Array(people.length - held.length).fill(undefined);
    expect(await levels(false)).toEqual([...held, ...unset]);
    expect(await levels(true)).toEqual([...held.toReversed(), ...unset]);
  });

  it('returns the requested cells and no others', async () => {
    const { list } = await read('USER', { keywords: 'u1', columns: ['email', 'town'], sort: { field: 'username' } });
    expect(list[0]).toMatchObject({
      name: people[1]?.name,
      note: 'u1',
      cells: { email: people[1]?.email, town: people[1]?.customData.town },
    });
    expect(Object.keys(list[0]?.cells ?? {})).toEqual(['email', 'town']);
  });

  it('finds values that don’t fit their type, and inactive options', async () => {
    const list = ['day', 'text', 'gone', 'fine'].map((name) => ({ username: `odd-${name}`, name }));
    const created = (await api.call('createUsersBatch', { list })).data;
    const set = (at: number, key: string, value: unknown) =>
      api.call('setCustomData', {
        targetType: 'USER',
        targetIdentifier: created[at]?.userId ?? '',
        list: [{ key, value }],
      });
    await set(0, 'since', '2024-02-29');
    await set(1, 'level', 5);
    await set(2, 'tier', 'silver');
    await set(3, 'tier', 'gold');
    await api.call('setCustomFields', {
      list: [{ targetType: 'USER', key: 'tier', options: [{ value: 'gold', label: 'gold' }] }],
    });
    const { write } = api.server.database;
    const spoil = async (key: string, value: string, row: object) => {
      const field = await write.selectFrom('fields').select('id').where('key', '=', key).executeTakeFirstOrThrow();
      await write
        .updateTable('fieldValues')
        .set({ value, ...row })
        .where('fieldId', '=', field.id)
        .where('targetId', 'in', (ids) => ids.selectFrom('users').select('id').where('username', 'like', 'odd-%'))
        .execute();
    };
    await spoil('since', '"2024-02-29T08:00:00.000Z"', { sortKey: '2024-02-29T08:00:00.000Z', number: 1709193600000 });
    await spoil('level', '"five"', { sortKey: 'five', number: null });
    const unfit = (field: string, operator: ListFilter['operator'] = 'UNFIT') =>
      names('USER', { filters: [{ field, operator }] });
    expect(await unfit('since')).toEqual(['day']);
    expect(await unfit('level')).toEqual(['text']);
    expect(await unfit('town')).toEqual([]);
    expect(await unfit('tier')).toEqual([]);
    expect(await unfit('tier', 'RETIRED')).toEqual(['gone']);
    await api.call('deleteUsersBatch', { userIds: created.map(({ userId }) => userId) });
  });

  it('lists roles of all permission spaces, groups and departments, with their values', async () => {
    await api.call('createNamespace', { code: 'shop' });
    await api.call('createRole', { code: 'clerk', namespace: 'shop', name: 'Clerk', customData: { area: 'north' } });
    await api.call('createRole', { code: 'boss', name: 'Boss' });
    await api.call('createGroup', { code: 'night', name: 'Night shift' });
    await api.call('createOrganization', { organizationCode: 'acme', organizationName: 'Acme' });
    await api.call('createDepartment', {
      organizationCode: 'acme',
      parentDepartmentId: 'root',
      name: '销售',
      code: 'sales',
    });
    expect(
      await read('ROLE', { columns: ['area'], filters: [{ field: 'area', operator: 'EQUAL', value: 'north' }] }),
    ).toMatchObject({
      list: [{ targetIdentifier: 'clerk', namespace: 'shop', name: 'Clerk', cells: { area: 'north' } }],
      next: null,
      previous: null,
    });
    expect(await names('ROLE', { namespace: 'default' })).toEqual(['Boss']);
    expect(await names('GROUP', { keywords: 'SHIFT' })).toEqual(['Night shift']);
    expect((await read('DEPARTMENT', { keywords: '售' })).list[0]).toMatchObject({
      name: '销售',
      note: 'Acme / sales',
    });
    expect(await names('DEPARTMENT', { keywords: 'acme' })).toEqual(['Acme']);
  });

  it('keeps the departments of tenants apart', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'North' })).data;
    await api.call('createOrganization', { organizationCode: 'north', organizationName: 'North pole', tenantId });
    expect(await names('DEPARTMENT', { keywords: 'pole' })).toEqual([]);
    expect(await names('DEPARTMENT', { keywords: 'pole', tenantId })).toEqual(['North pole']);
  });

  it('lists the trash separately, the latest first', async () => {
    for (const code of ['trash-a', 'trash-b', 'trash-c']) await api.call('createGroup', { code, name: code });
    await api.call('deleteGroupsBatch', { codeList: ['trash-c'] });
    await new Promise((resume) => setTimeout(resume, 5));
    await api.call('deleteGroupsBatch', { codeList: ['trash-a'] });
    expect(await names('GROUP', { keywords: 'trash-' })).toEqual(['trash-b']);
    const { list } = await read('GROUP', { keywords: 'trash-', trash: true });
    expect(list.map(({ name }) => name)).toEqual(['trash-a', 'trash-c']);
    expect(list[0]?.deletedAt).toMatch(/^\d{4}-/);
    await api.call('restoreTarget', { targetType: 'GROUP', targetIdentifier: 'trash-c' });
    expect(await names('GROUP', { keywords: 'trash-', sort: { field: 'name' } })).toEqual(['trash-b', 'trash-c']);
  });

  it.each([
    [{ filters: [{ field: 'nothing', operator: 'EQUAL', value: 'x' }] }, ['filters', 0, 'field']],
    [{ filters: [{ field: 'town', operator: 'GREATER', value: 'x' }] }, ['filters', 0, 'operator']],
    [{ filters: [{ field: 'name', operator: 'UNFIT' }] }, ['filters', 0, 'operator']],
    [{ filters: [{ field: 'level', operator: 'EQUAL', value: 'five' }] }, ['filters', 0, 'value']],
    [{ filters: [{ field: 'level', operator: 'BETWEEN', value: [1] }] }, ['filters', 0, 'value']],
    [{ sort: { field: 'nothing' } }, ['sort', 'field']],
    [{ cursor: 'x' }, ['cursor']],
  ] as [Page, (string | number)[]][])('refuses %o where it is wrong', async (page, path) => {
    const { statusCode, issues } = await api.call('listTargets', { targetType: 'USER', ...page });
    expect(statusCode).toBe(400);
    expect(issues?.[0]?.path).toEqual(path);
  });
});

describe('a masked choice', () => {
  it('allows no filter, because one query per option would disclose who has which', async () => {
    const options = ['pos', 'neg'].map((value) => ({ value, label: value }));
    const list = [
      { targetType: 'USER' as const, key: 'result', dataType: 'ENUM' as const, options, desensitization: true },
      { targetType: 'USER' as const, key: 'smokes', dataType: 'BOOLEAN' as const, desensitization: true },
      { targetType: 'USER' as const, key: 'pin', desensitization: true },
    ];
    await api.call('setCustomFields', { list });
    const support = await api.staffWith('support');
    const asked = async (field: string, operator: ListFilter['operator'], value?: unknown) =>
      (
        await support('countTargets', {
          targetType: 'USER',
          filters: [{ field, operator, ...(value !== undefined && { value }) }],
        })
      ).statusCode;
    expect(await asked('result', 'EQUAL', 'pos')).toBe(400);
    expect(await asked('smokes', 'EQUAL', true)).toBe(400);
    expect(await asked('result', 'NOT_NULL')).toBe(200);
    expect(await asked('pin', 'EQUAL', '1234')).toBe(200);
  });
});

describe('views', () => {
  it('are visible to their owner or to all, and only the owner can change them', async () => {
    const [one, other] = [await api.staffWith('support'), await api.staffWith('administrator')];
    const query = new URLSearchParams([['filter', '["town","CONTAINS","京"]']]).toString();
    const view = { targetType: 'USER' as const, name: '北京', query, shared: false };
    const { data: saved } = await one('saveView', view);
    expect(saved).toMatchObject({ ...view, isMine: true });
    expect((await other('listViews', { targetType: 'USER' })).data).toEqual([]);
    await one('saveView', { ...view, id: saved.id, shared: true });
    expect((await other('listViews', { targetType: 'USER' })).data).toEqual([
      { ...saved, shared: true, isMine: false },
    ]);
    expect((await other('saveView', { ...view, id: saved.id, name: 'mine' })).statusCode).toBe(403);
    expect((await other('deleteView', { id: saved.id })).statusCode).toBe(403);
    expect((await one('deleteView', { id: saved.id })).statusCode).toBe(200);
    expect((await one('listViews', { targetType: 'USER' })).data).toEqual([]);
  });

  it('refuse an access key, and a name that is blank', async () => {
    expect((await api.call('listViews', { targetType: 'USER' })).statusCode).toBe(403);
    const staff = await api.staffWith('support');
    const { statusCode, issues } = await staff('saveView', { targetType: 'USER', name: ' ', query: '', shared: false });
    expect(statusCode).toBe(400);
    expect(issues?.[0]?.path).toEqual(['name']);
  });
});

/** All parts of a text, up to four characters long. */
function partsOf(text: string): string[] {
  const signs = [...text];
  return signs
    .flatMap((_, from) => [1, 2, 3, 4].map((size) => signs.slice(from, from + size).join('')))
    .filter((part) => part.trim());
}
