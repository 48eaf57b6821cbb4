import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let user: string;
let count = 0;
beforeAll(async () => {
  api = await testApp();
  const list = [
    { targetType: 'USER', key: 'text' },
    { targetType: 'USER', key: 'number', dataType: 'NUMBER' },
    { targetType: 'USER', key: 'date', dataType: 'DATETIME' },
    { targetType: 'USER', key: 'yes', dataType: 'BOOLEAN' },
    {
      targetType: 'USER',
      key: 'pick',
      dataType: 'ENUM',
      options: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    },
    { targetType: 'USER', key: 'badge', isUnique: true },
    { targetType: 'USER', key: 'points', dataType: 'NUMBER', isUnique: true },
    { targetType: 'ROLE', key: 'level', dataType: 'NUMBER' },
    { targetType: 'GROUP', key: 'color' },
    { targetType: 'DEPARTMENT', key: 'floor', dataType: 'NUMBER' },
  ];
  expect(await api.call('setCustomFields', { list })).toMatchObject({ statusCode: 200 });
  user = await newUser();
});
afterAll(() => api.close());

const newUser = async () => (await api.call('createUser', { username: `v${++count}` })).data.userId;
const set = (values: Record<string, unknown>, targetIdentifier = user, headers = {}) =>
  api.call(
    'setCustomData',
    { targetType: 'USER', targetIdentifier, list: Object.entries(values).map(([key, value]) => ({ key, value })) },
    headers,
  );
const get = async (targetIdentifier = user) =>
  (await api.call('getCustomData', { targetType: 'USER', targetIdentifier })).data;
const history = () =>
  api.server.database.read.selectFrom('history').selectAll().where('kind', '=', 'value').orderBy('id').execute();

describe('set-custom-data', () => {
  it('stores typed values, in field order, and leaves other keys alone', async () => {
    expect(await set({ pick: 'b', number: '18.5', text: ' exactly ', yes: 'True', date: '2024/4/1' })).toMatchObject({
      data: { success: true },
    });
    await set({ yes: false });
    const data = await get();
    expect(data).toEqual({ text: ' exactly ', number: 18.5, date: '2024-04-01T00:00:00.000Z', yes: false, pick: 'b' });
    expect(Object.keys(data)).toEqual(['text', 'number', 'date', 'yes', 'pick']);
  });

  it('clears with null and keeps an empty text', async () => {
    await set({ number: null, text: '' });
    expect(await get()).toMatchObject({ text: '' });
    expect(await get()).not.toHaveProperty('number');
  });

  it('writes the whole list or nothing, and names every bad item by key', async () => {
    const before = await get();
    const answer = await set({ text: 'lost?', number: 'x', nope: 1, pick: 'z' });
    expect(answer.issues?.map(({ path, name }) => [path.at(-1), name])).toEqual([
      ['number', 'notANumber'],
      ['nope', 'fieldUndefined'],
      ['pick', 'notAnOption'],
    ]);
    expect(await get()).toEqual(before);
  });

  it.each<[string, object, number, string]>([
    ['an undefined key', { nope: 1 }, 422, 'fieldUndefined'],
    ['a missing value', { text: undefined }, 400, 'validation'],
    ['an object', { text: { a: 1 } }, 400, 'validation'],
  ])('refuses %s', async (_name, values, statusCode, error) => {
    expect(await set(values as Record<string, unknown>)).toMatchObject({ statusCode, error });
  });

  it('refuses a number that would be rounded', async () => {
    const payload = `{"targetType":"USER","targetIdentifier":"${user}","list":[{"key":"number","value":9007199254740993}]}`;
    const { headers } = { headers: { ...(await authorization()), 'content-type': 'application/json' } };
    const answer = await api.app.inject({ method: 'POST', url: '/api/v3/set-custom-data', headers, payload });
    expect(answer.json()).toMatchObject({ statusCode: 400, issues: [{ name: 'notExact' }] });
  });

  it('accepts what the target already has, even an inactive option', async () => {
    await set({ pick: 'b' });
    await api.call('setCustomFields', {
      list: [{ targetType: 'USER', key: 'pick', options: [{ value: 'a', label: 'A' }] }],
    });
    expect(await set({ pick: 'b', text: 'other' })).toMatchObject({ statusCode: 200 });
    expect(await set({ pick: 'b' }, await newUser())).toMatchObject({ statusCode: 400 });
    expect(await get()).toMatchObject({ pick: 'b' });
  });

  it('writes a history row for each change, and none for what stays', async () => {
    const target = await newUser();
    const before = (await history()).length;
    await set({ text: 'a', number: 1 }, target);
    await set({ text: 'b', number: 1 }, target);
    await set({ text: null }, target);
    const rows = (await history()).slice(before);
    expect(rows.map(({ before: was, after }) => [was, after])).toEqual([
      [null, '"a"'],
      [null, '1'],
      ['"a"', '"b"'],
      ['"b"', null],
    ]);
    expect(rows[0]).toMatchObject({ actorKind: 'key', actorName: 'Test', through: 'api' });
    expect(rows[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('works for roles, groups and departments by their identifiers', async () => {
    await api.call('createNamespace', { code: 'finance' });
    await api.call('createRole', { code: 'cfo', namespace: 'finance' });
    await api.call('createRole', { code: 'cfo' });
    await api.call('createGroup', { code: 'devs', name: 'Devs' });
    const organization = (await api.call('createOrganization', { organizationCode: 'acme', organizationName: 'Acme' }))
      .data;
    const write = (targetType: string, targetIdentifier: string, key: string, value: unknown, namespace?: string) =>
      api.call('setCustomData', {
        targetType,
        targetIdentifier,
        list: [{ key, value }],
        ...(namespace && { namespace }),
      } as never);
    await write('ROLE', 'cfo', 'level', 9, 'finance');
    await write('GROUP', 'devs', 'color', 'blue');
    await write('DEPARTMENT', organization.departmentId, 'floor', 12);
    const read = async (targetType: 'ROLE' | 'GROUP' | 'DEPARTMENT', targetIdentifier: string, namespace?: string) =>
      (await api.call('getCustomData', { targetType, targetIdentifier, namespace })).data;
    expect(await read('ROLE', 'cfo', 'finance')).toEqual({ level: 9 });
    expect(await read('ROLE', 'cfo')).toEqual({});
    expect(await read('GROUP', 'devs')).toEqual({ color: 'blue' });
    expect(await read('DEPARTMENT', organization.departmentId)).toEqual({ floor: 12 });
  });

  it.each([
    ['USER', 404, 2004],
    ['ROLE', 404, undefined],
    ['GROUP', 404, undefined],
    ['DEPARTMENT', 404, undefined],
  ] as const)('answers 404 for a missing %s', async (targetType, statusCode, apiCode) => {
    const answer = await api.call('getCustomData', { targetType, targetIdentifier: 'nobody' });
    expect([answer.statusCode, answer.apiCode]).toEqual([statusCode, apiCode]);
  });
});

describe('unique values', () => {
  it('let exactly one of several concurrent claims succeed', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, newUser));
    const answers = await Promise.all(users.map((target) => set({ badge: 'the one' }, target)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('compare text after NFC and numbers by value, and are free after a clear, change or deletion', async () => {
    const [first, second] = [await newUser(), await newUser()];
    await set({ badge: 'é', points: '1.0' }, first);
    expect(await set({ badge: 'e\u0301' }, second)).toMatchObject({ error: 'valueTaken' });
    expect(await set({ badge: 'É' }, second)).toMatchObject({ statusCode: 200 });
    expect(await set({ points: 1 }, second)).toMatchObject({ error: 'valueTaken' });
    await set({ points: null, badge: 'moved' }, first);
    expect(await set({ points: 1, badge: 'é' }, second)).toMatchObject({ statusCode: 200 });
    await api.call('deleteUsersBatch', { userIds: [second] });
    expect(await set({ points: 1 }, first)).toMatchObject({ statusCode: 200 });
  });
});

describe('batches that claim the same values in different orders', () => {
  it('end as written or refused, never as an internal error', async () => {
    const batch = (values: string[]) =>
      api.call('createUsersBatch', {
        list: values.map((badge) => ({ username: `v${++count}`, customData: { badge } })),
      });
    for (let round = 0; round < 2; round += 1) {
      const values = Array.from({ length: 8 }, (_, index) => `round ${round} ${index}`);
      const answers = await Promise.all([batch(values), batch(values.toReversed()), batch(values)]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    }
  });
});

describe('If-Match', () => {
  const tag = async (target: string) => {
    const url = `/api/v3/get-custom-data?targetType=USER&targetIdentifier=${target}`;
    return String((await api.app.inject({ url, headers: await authorization() })).headers.etag);
  };
  it('refuses a write to an older state, and returns the current one', async () => {
    const target = await newUser();
    const before = await tag(target);
    expect(await set({ text: 'mine' }, target, { 'if-match': before })).toMatchObject({ statusCode: 200 });
    expect(await set({ text: 'theirs' }, target, { 'if-match': before })).toMatchObject({
      statusCode: 412,
      current: { text: 'mine' },
    });
    expect(await set({ text: 'theirs' }, target, { 'if-match': await tag(target) })).toMatchObject({ statusCode: 200 });
  });

  it('is refused for values of another space, because the tag doesn’t cover it', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'Guarded' })).data;
    const targetIdentifier = await newUser();
    const list = [{ key: 'text', value: 'x', tenantId }];
    const headers = { 'if-match': await tag(targetIdentifier) };
    expect(await api.call('setCustomData', { targetType: 'USER', targetIdentifier, list }, headers)).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['list', 0, 'tenantId'], name: 'unsupported' }],
    });
  });

  it('guards the built-in fields of every target type, with or without values in the same call', async () => {
    const customData = {};
    const { userId } = (await api.call('createUser', { username: 'guarded' })).data;
    await api.call('createRole', { code: 'guarded' });
    await api.call('createGroup', { code: 'guarded' });
    const organizationCode = 'guarded';
    await api.call('createOrganization', { organizationCode, organizationName: 'Guarded' });
    const { departmentId } = (await api.call('createDepartment', { organizationCode, name: 'Guarded' })).data;
    const of = { organizationCode, departmentId };
    const writes: [
      string,
      string,
      (name: string, headers: Record<string, string>) => Promise<{ statusCode: number }>,
    ][] = [
      ['USER', userId, (name, headers) => api.call('updateUser', { userId, name }, headers)],
      ['ROLE', 'guarded', (name, headers) => api.call('updateRole', { code: 'guarded', name }, headers)],
      ['GROUP', 'guarded', (name, headers) => api.call('updateGroup', { code: 'guarded', name, customData }, headers)],
      ['DEPARTMENT', departmentId, (name, headers) => api.call('updateDepartment', { ...of, name }, headers)],
    ];
    for (const [targetType, targetIdentifier, write] of writes) {
      const reference = { targetType: targetType as 'USER', targetIdentifier };
      const read = async () => api.ask('getTarget', reference, await authorization());
      const before = String((await read()).headers.etag);
      expect(await write('First', { 'if-match': before }), targetType).toMatchObject({ statusCode: 200 });
      expect(await write('Second', { 'if-match': before }), targetType).toMatchObject({ statusCode: 412 });
      const now = await read();
      expect(now.json().data.entity.name, targetType).toBe('First');
      expect(await write('Third', { 'if-match': String(now.headers.etag) }), targetType).toMatchObject({
        statusCode: 200,
      });
    }
  });
});

describe('any sequence of writes', () => {
  const write = fc.record({
    key: fc.constantFrom('text', 'number', 'yes'),
    value: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
  });
  it('matches its history, and acknowledges exactly what it stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 12 }), async (writes) => {
        const target = await newUser();
        const model: Record<string, unknown> = {};
        for (const { key, value } of writes) {
          const answer = await set({ [key]: value }, target);
          if (answer.statusCode !== 200) continue;
          if (value === null) delete model[key];
          else model[key] = readBack(key, value);
        }
        expect(await get(target)).toEqual(model);
        expect(await replay(target)).toEqual(model);
      }),
      { numRuns: 25 },
    );
  });

  it('loses no acknowledged change and splits no batch, however writers interleave', async () => {
    const batch = fc.record({
      person: fc.nat({ max: 1 }),
      keys: fc.uniqueArray(fc.constantFrom('text', 'number', 'yes', 'pick'), { minLength: 1, maxLength: 3 }),
      isBroken: fc.boolean(),
      isGuarded: fc.boolean(),
    });
    let serial = 0;
    // Each value is written once, so the history shows who wrote it. The last two can only alternate.
    const fresh: Record<string, () => unknown> = {
      text: () => `text ${++serial}`,
      number: () => ++serial,
      yes: () => ++serial % 2 === 0,
      pick: () => (++serial % 2 ? 'a' : 'b'),
    };
    const tagOf = async (target: string) => {
      const url = `/api/v3/get-custom-data?targetType=USER&targetIdentifier=${target}`;
      return String((await api.app.inject({ url, headers: await authorization() })).headers.etag);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 4, maxLength: 10 }), async (batches) => {
        const targets = [await newUser(), await newUser()];
        const tags = await Promise.all(targets.map(tagOf));
        const sent = batches.map(({ person, keys, isBroken, isGuarded }) => ({
          target: targets[person] ?? '',
          isGuarded,
          headers: isGuarded ? { 'if-match': tags[person] ?? '' } : {},
          values: Object.fromEntries(keys.map((key) => [key, fresh[key]?.()])),
          broken: isBroken ? { date: '20240401' } : {},
        }));
        const answers = await Promise.all(
          sent.map(({ target, values, broken, headers }) => set({ ...values, ...broken }, target, headers)),
        );
        for (const target of targets) {
          expect(await replay(target)).toEqual(await get(target));
          const guarded = sent.filter(
            (one, at) => one.target === target && one.isGuarded && answers[at]?.statusCode === 200,
          );
          expect(guarded.length).toBeLessThanOrEqual(1);
        }
        for (const [at, { target, values, broken }] of sent.entries()) {
          const isKept = answers[at]?.statusCode === 200;
          if ('date' in broken) expect(isKept).toBe(false);
          const rows = await valueRows(target);
          const own = Object.entries(values).filter(([key]) => key === 'text' || key === 'number');
          const found = own.map(([key, value]) =>
            rows.findIndex((row) => row.key === key && row.after === JSON.stringify(value)),
          );
          // Each batch is complete or absent, from one request, without rows of others in between.
          expect(found.map((place) => place >= 0)).toEqual(own.map(() => isKept));
          if (isKept && found.length) {
            const requests = rows.slice(Math.min(...found), Math.max(...found) + 1).map(({ requestId }) => requestId);
            expect(new Set(requests).size).toBe(1);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  const readBack = (key: string, value: string | number | boolean) => {
    if (key === 'number') return Number(value) === 0 ? 0 : Number(value);
    return key === 'yes' ? String(value).toLowerCase() === 'true' : value;
  };

  const valueRows = (userId: string) =>
    api.server.database.read
      .selectFrom('history')
      .innerJoin('fields', 'fields.id', 'history.fieldId')
      .innerJoin('users', 'users.id', 'history.targetId')
      .select(['fields.key', 'history.after', 'history.requestId'])
      .where('users.userId', '=', userId)
      .where('history.kind', '=', 'value')
      .orderBy('history.id')
      .execute();

  async function replay(userId: string): Promise<Record<string, unknown>> {
    const state: Record<string, unknown> = {};
    for (const { key, after } of await valueRows(userId)) {
      if (after === null) delete state[key];
      else state[key] = JSON.parse(after);
    }
    return state;
  }
});

describe('a person who moves to the trash during a write', () => {
  it('blocks no unique value', async () => {
    const leavers = await Promise.all(Array.from({ length: 6 }, newUser));
    await Promise.all(
      leavers.flatMap((target, index) => [
        set({ badge: `left ${index}` }, target),
        api.call('deleteUsersBatch', { userIds: [target] }),
      ]),
    );
    const heir = await newUser();
    for (const index of leavers.keys())
      expect(await set({ badge: `left ${index}` }, heir)).toMatchObject({ statusCode: 200 });
  });
});

describe('concurrent writers of one target', () => {
  it('lose no acknowledged change, and their history is one sequence', async () => {
    const target = await newUser();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        set({ number: index, [index % 2 ? 'text' : 'yes']: index % 2 ? `t${index}` : true }, target),
      ),
    );
    const rows = (await history()).filter(({ targetId }) => targetId !== null);
    const numbers = rows.filter(({ after }) => after !== null && /^\d+$/.test(after));
    const mine = numbers.slice(-12);
    for (const [index, row] of mine.entries()) if (index) expect(row.before).toBe(mine[index - 1]?.after);
    expect((await get(target)).number).toBe(Number(mine.at(-1)?.after));
  });
});

async function authorization() {
  const { addAccessKey } = await import('../staff/service.ts');
  const key = await addAccessKey(api.server, { name: 'Raw' });
  const payload = { accessKeyId: key.id, accessKeySecret: key.secret };
  const token = await api.app.inject({ method: 'POST', url: '/api/v3/get-management-token', payload });
  return { authorization: token.json().data.access_token as string };
}

describe('patterns', () => {
  it('don’t keep other requests waiting, whatever the patterns and the texts are', async () => {
    const definer = await api.callerWith(['read', 'define', 'write']);
    const keys = Array.from({ length: 20 }, (_, at) => `costly${at}`);
    const define = (most: number) =>
      definer('setCustomFields', {
        list: keys.map((key, at) => ({
          targetType: 'USER' as const,
          key,
          validateRules: [{ type: 'regExp', content: `\\pL{1,${most}}\\pN{${at + 1}}` }],
        })),
      });
    expect(await define(1_000)).toMatchObject({
      statusCode: 400,
      issues: expect.arrayContaining([
        expect.objectContaining({
          path: ['list', 0, 'validateRules', 0, 'content'],
          name: 'patternTooLarge',
          limit: '1000',
        }),
      ]),
    });
    expect((await define(480)).statusCode).toBe(200);
    const who = await newUser();
    let [longest, last] = [0, performance.now()];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const [tooLong, broken] = ['aB'.repeat(20_000), 'aB'.repeat(990)];
    const answers = [tooLong, broken].map((text) => set(Object.fromEntries(keys.map((key) => [key, text])), who));
    const names = (await Promise.all(answers)).map(({ issues = [] }) => [...new Set(issues.map(({ name }) => name))]);
    clearInterval(timer);
    expect(names).toEqual([['tooLongForPattern'], ['patternBroken']]);
    expect(longest).toBeLessThan(2_000);
    await definer('deleteCustomFields', { list: keys.map((key) => ({ targetType: 'USER', key })) });
  });
});

describe('drafts', () => {
  const typed = { builtin: {}, custom: { text: { base: null, mine: 'half a sent' } } };
  it('belong to one person, and are deleted on request or at sign-out', async () => {
    const [ada, ben] = [await api.staffWith('support'), await api.staffWith('support')];
    const who = { targetType: 'USER' as const, targetIdentifier: await newUser() };
    await ada('saveDraft', { ...who, draft: typed });
    expect((await ada('getDraft', who)).data?.draft).toEqual(typed);
    expect((await ben('getDraft', who)).data).toBeNull();
    await ada('saveDraft', { ...who, draft: null });
    expect((await ada('getDraft', who)).data).toBeNull();
    await ada('saveDraft', { ...who, draft: typed });
    await ada('signOut', {});
    const rows = await api.server.database.read.selectFrom('drafts').selectAll().execute();
    expect(rows).toEqual([]);
  });

  it('aren’t available to access keys or to read-only people', async () => {
    const who = { targetType: 'USER' as const, targetIdentifier: await newUser() };
    expect(await api.call('saveDraft', { ...who, draft: typed })).toMatchObject({ error: 'forbidden' });
    const auditor = await api.staffWith('auditor');
    expect(await auditor('saveDraft', { ...who, draft: typed })).toMatchObject({ error: 'forbidden' });
  });
});
