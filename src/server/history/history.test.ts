import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let userId: string;
beforeAll(async () => {
  api = await testApp();
  await api.call('setCustomFields', {
    list: [
      { targetType: 'USER', key: 'team' },
      { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
    ],
  });
  userId = (await api.call('createUser', { username: 'ada', name: 'Ada' })).data.userId;
});
afterAll(() => api.close());

const who = () => ({ targetType: 'USER' as const, targetIdentifier: userId });
const set = (values: Record<string, unknown>, headers: Record<string, string> = {}) =>
  api.call(
    'setCustomData',
    { ...who(), list: Object.entries(values).map(([key, value]) => ({ key, value })) },
    headers,
  );
const list = async (more: object = {}) => (await api.call('listHistory', { ...who(), ...more })).data;
const at = async (entry: number) => (await api.call('getValuesAt', { ...who(), entry })).data;

describe('list-history', () => {
  it('says who changed what, from what, to what, through what and why', async () => {
    await set({ team: 'Blue', level: 1 });
    await set({ team: 'Red' }, { 'x-fieldbook-reason': encodeURIComponent(' 調動 → 紅隊 ') });
    const { list: entries } = await list();
    expect(entries[0]).toMatchObject({
      field: { key: 'team', label: 'team', isDeleted: false },
      before: 'Blue',
      after: 'Red',
      actorKind: 'key',
      actorName: 'Test',
      through: 'api',
      reason: '調動 → 紅隊',
      byPlan: false,
    });
    expect(entries[1]?.request).toBe(entries[2]?.request);
    expect(entries.at(-1)?.target).toEqual({ event: 'created', changes: [] });
    await api.call('updateUser', { userId, name: 'Ada L.' });
    expect((await list()).list[0]).toMatchObject({
      field: null,
      target: { event: 'changed', changes: [{ key: 'name', before: 'Ada', after: 'Ada L.' }] },
    });
  });

  it('pages through one field without gap or overlap', async () => {
    for (let level = 2; level < 9; level += 1) await set({ level });
    const found = [];
    let page = await list({ key: 'level', limit: 3 });
    for (;;) {
      found.push(...page.list.map(({ after }) => after));
      if (!page.hasMore) break;
      page = await list({ key: 'level', limit: 3, before: page.list.at(-1)?.id });
    }
    expect(found).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('refuses a reason that is too long, and writes nothing', async () => {
    expect(await set({ level: 99 }, { 'x-fieldbook-reason': 'x'.repeat(513) })).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['reason'], name: 'tooLong' }],
    });
    expect((await list({ key: 'level', limit: 1 })).list[0]?.after).toBe(8);
  });

  it('needs the read permission', async () => {
    const call = await api.callerWith(['write']);
    expect(await call('listHistory', who())).toMatchObject({ error: 'forbidden' });
  });
});

describe('get-values-at', () => {
  it('returns the values after each change, back to none', async () => {
    const { list: entries } = await list({ limit: 200 });
    const values = entries.filter(({ field }) => field);
    const held: Record<string, unknown> = {};
    for (const entry of values.toReversed()) {
      if (!entry.field) continue;
      if (entry.after === null) delete held[entry.field.key];
      else held[entry.field.key] = entry.after;
      expect(await at(entry.id)).toEqual(held);
    }
    expect(await at(0)).toEqual({});
  });

  it('knows a value that a plan moved, and one whose field was restored', async () => {
    const option = (value: string) => ({ value, label: value });
    await api.call('setCustomFields', {
      list: [{ targetType: 'USER', key: 'site', dataType: 'ENUM', options: [option('a'), option('b')] }],
    });
    await set({ site: 'b' });
    const before = (await list({ limit: 1 })).list[0]?.id ?? 0;
    const request = {
      changes: [
        {
          targetType: 'USER',
          key: 'site',
          options: [option('a')],
          dispositions: [{ value: 'b', disposition: 'move' as const, to: 'a' }],
        },
      ],
    };
    const { token } = (await api.call('planFields', request)).data;
    await api.call('applyPlan', { ...request, token });
    expect((await list({ limit: 1 })).list[0]).toMatchObject({ byPlan: true, before: 'b', after: 'a' });
    expect((await at(before)).site).toBe('b');
  });
});

describe('list-history with `latest`', () => {
  it('has the last change of each field, and those of the target itself', async () => {
    const { list: entries, hasMore } = await list({ latest: true });
    const values = entries.flatMap(({ field, after }) => (field ? [[field.key, after]] : []));
    expect(values.length).toBe(new Set(values.map(([key]) => key)).size);
    expect(Object.fromEntries(values)).toMatchObject({ team: 'Red', level: 8, site: 'a' });
    expect(entries.flatMap(({ target }) => target?.event ?? [])).toEqual(['changed', 'created']);
    expect(hasMore).toBe(false);
  });
});

describe('undo-change', () => {
  const reference = { targetType: 'USER' as const };
  const people = async (customData: object) => {
    await api.call('setCustomFields', {
      list: [
        { ...reference, key: 'plain' },
        { ...reference, key: 'other' },
        { ...reference, key: 'sealed', encrypted: true, desensitization: true },
      ],
    });
    const { userId: id } = (await api.call('createUser', { name: 'Before', customData: { ...customData } })).data;
    const who = { ...reference, targetIdentifier: id };
    const put = (values: object, call: Call = api.call) =>
      call('setCustomData', { ...who, list: Object.entries(values).map(([key, value]) => ({ key, value })) });
    const last = async () => (await api.call('listHistory', { ...who, limit: 1 })).data.list[0]?.request ?? '';
    const clear = await api.callerWith(['read', 'reveal']);
    const held = async () => (await clear('getCustomData', who)).data;
    return { id, who, put, last, held };
  };

  it('takes back what a request changed, and keeps what was changed since', async () => {
    const { id, who, put, last, held } = await people({ plain: 'a', other: 'x' });
    await api.call('updateUser', {
      userId: id,
      name: 'After',
      emailVerified: true,
      customData: { plain: 'b', other: 'y' },
    });
    const request = await last();
    await put({ other: 'theirs' });
    const { data } = await api.call('undoChange', { ...who, request });
    expect({ undone: data.undone.sort(), kept: data.kept }).toEqual({
      undone: ['emailVerified', 'name', 'plain'],
      kept: ['other'],
    });
    expect(await held()).toEqual({ plain: 'a', other: 'theirs' });
    expect((await api.call('getUser', { userId: id })).data).toMatchObject({ name: 'Before', emailVerified: false });
    expect((await api.call('undoChange', { ...who, request })).data.undone).toEqual([]);
  });

  it('puts a protected value back that the caller isn’t told, and answers and records nothing of it', async () => {
    const { who, put, last, held } = await people({ sealed: 'first-4711', plain: 'a' });
    await put({ sealed: 'second-4711', plain: 'b' });
    const request = await last();
    const support = await api.staffWith('support');
    const answer = await support('undoChange', { ...who, request, key: 'sealed' });
    expect(answer.data).toEqual({ undone: ['sealed'], kept: [] });
    expect(await held()).toEqual({ sealed: 'first-4711', plain: 'b' });
    const told = JSON.stringify([answer, await support('listHistory', who)]);
    expect(told).not.toContain('4711');
  });

  it('changes nothing that its caller can’t edit or see', async () => {
    const { id, who, put, last, held } = await people({ plain: 'a' });
    await put({ plain: 'b' });
    const request = await last();
    expect(await (await api.staffWith('auditor'))('undoChange', { ...who, request })).toMatchObject({
      error: 'forbidden',
    });
    const directory = await api.callerWith(['read', 'directory']);
    expect(await directory('undoChange', { ...who, request })).toMatchObject({ error: 'forbidden' });
    await api.call('updateUser', { userId: id, name: 'After' });
    const support = await api.staffWith('support');
    expect(await support('undoChange', { ...who, request: await last() })).toMatchObject({ error: 'forbidden' });
    await api.call('setCustomFields', { list: [{ ...reference, key: 'plain', access: { support: 'hidden' } }] });
    expect((await support('undoChange', { ...who, request })).data).toEqual({ undone: [], kept: [] });
    expect(await held()).toEqual({ plain: 'b' });
  });
});

describe('list-activity', () => {
  const activity = async (more: object = {}) => (await api.call('listActivity', more)).data.list;

  it('lists changes of values, targets and definitions, with their targets', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'GROUP', key: 'seen', label: 'Seen' }] });
    await api.call('setCustomFields', { list: [{ targetType: 'GROUP', key: 'seen', description: 'Now' }] });
    await api.call('createGroup', { code: 'watchers', name: 'Watchers', customData: { seen: 'yes' } });
    await api.call('deleteCustomFields', { list: [{ targetType: 'GROUP', key: 'seen' }] });
    await api.call('restoreCustomField', { targetType: 'GROUP', key: 'seen' });
    const found = await activity({ targetType: 'GROUP' });
    expect(found.map((entry) => entry.definition?.event ?? entry.target?.event ?? entry.after)).toEqual([
      'restored',
      'deleted',
      'yes',
      'created',
      'changed',
      'created',
    ]);
    expect(found[2]).toMatchObject({
      targetType: 'GROUP',
      holder: { identifier: 'watchers', name: 'Watchers' },
      field: { key: 'seen', label: 'Seen' },
    });
    expect(found[4]?.definition?.changes).toEqual(['description']);
  });

  it('filters by actor, kind, field and day, and pages', async () => {
    expect((await activity({ kind: 'field', key: 'seen' })).length).toBe(4);
    expect(await activity({ actor: 'ｔｅＳ', key: 'seen', kind: 'value' })).toHaveLength(1);
    expect(await activity({ actor: 'nobody' })).toEqual([]);
    expect(await activity({ to: '2020-01-01' })).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect((await activity({ from: today, to: today, limit: 500 })).length).toBeGreaterThan(20);
    const [first, second] = await activity({ limit: 2 });
    expect((await activity({ limit: 1, before: first?.id }))[0]).toEqual(second);
    expect(await api.call('listActivity', { from: 'yesterday' })).toMatchObject({ statusCode: 400 });
  });

  it('hides another tenant’s values', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'Apart' })).data;
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'apart' }], tenantId });
    await api.call('setCustomData', { ...who(), tenantId, list: [{ key: 'apart', value: 'theirs' }] });
    expect(await activity({ key: 'apart' })).toEqual([]);
    expect((await list()).list[0]?.field?.key).not.toBe('apart');
    expect(await activity({ key: 'apart', tenantId })).toHaveLength(2);
  });
});

describe('list-activity by target', () => {
  it('finds a target by part of its name, in any script, or by its whole id', async () => {
    const made = (await api.call('createUser', { username: 'whose', name: '渡辺 直樹' })).data.userId;
    await api.call('createGroup', { code: 'whose-group', name: '直樹会' });
    const of = async (whose: string) =>
      (await api.call('listActivity', { whose })).data.list.map(({ holder }) => holder?.name);
    expect(await of('渡辺')).toEqual(['渡辺 直樹']);
    expect((await of('直樹')).sort()).toEqual(['渡辺 直樹', '直樹会']);
    expect(await of(made)).toEqual(['渡辺 直樹']);
    expect(await of('nobody at all')).toEqual([]);
  });
});

describe('a pool that requires reasons', () => {
  it('refuses a console change without one, but not an access key, a plan or a creation', async () => {
    const strict = await testApp({ requireReason: true });
    try {
      const staff = await strict.staffWith('administrator');
      await strict.call('setCustomFields', { list: [{ targetType: 'USER', key: 'team' }] });
      const { userId } = (await staff('createUser', { username: 'ada' })).data;
      const person = { targetType: 'USER' as const, targetIdentifier: userId };
      const team = (value: string) => ({ ...person, list: [{ key: 'team', value }] });
      const refused = { statusCode: 400, issues: [{ path: ['reason'], name: 'reasonRequired' }] };
      expect(await staff('setCustomData', team('Red'))).toMatchObject(refused);
      expect(await staff('updateUser', { userId, nickname: 'A' })).toMatchObject(refused);
      expect((await strict.call('getCustomData', person)).data).toEqual({});
      const why = { 'x-fieldbook-reason': 'asked by phone' };
      expect((await staff('setCustomData', team('Red'), why)).statusCode).toBe(200);
      expect((await staff('updateUser', { userId, nickname: 'A' }, why)).statusCode).toBe(200);
      expect((await strict.call('setCustomData', team('Blue'))).statusCode).toBe(200);
      const change = { changes: [], deletions: [{ targetType: 'USER' as const, key: 'team' }] };
      const { token } = (await staff('planFields', change)).data;
      expect((await staff('applyPlan', { ...change, token })).statusCode).toBe(200);
      expect((await staff('deleteUsersBatch', { userIds: [userId] })).statusCode).toBe(200);
    } finally {
      await strict.close();
    }
  });
});
