import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asApiError } from '../http/failures.ts';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'memo' }] });
});
afterAll(() => api.close());

describe('whoever may only read', () => {
  it('finds a part that repeats one sign in texts that do, as fast as any other', async () => {
    const list = Array.from({ length: 10 }, (_, at) => ({ username: `long${at}` }));
    const memo = `${'a'.repeat(65_400)}${'a%_\\B'.repeat(5)}`;
    for (const { userId } of (await api.call('createUsersBatch', { list })).data) {
      const target = { targetType: 'USER' as const, targetIdentifier: userId };
      await api.call('setCustomData', { ...target, list: [{ key: 'memo', value: memo }] });
    }
    const support = await api.staffWith('support');
    const count = async (part: string, operator: 'CONTAINS' | 'NOT_CONTAINS' = 'CONTAINS') => {
      const filters = Array.from({ length: 5 }, () => ({ field: 'memo', operator, value: part }));
      return (await support('countTargets', { targetType: 'USER', filters })).data.count;
    };
    expect(await count('A%_\\bA%')).toBe(10);
    expect(await count('%')).toBe(10);
    expect(await count('a_%')).toBe(0);
    const timeOf = async (part: string) => {
      const start = performance.now();
      // Each of the five is looked for only where none is found.
      expect(await count(part, 'NOT_CONTAINS')).toBe(10);
      return performance.now() - start;
    };
    await timeOf('harmless');
    const usual = await timeOf('harmless');
    const repeated = [`${'a'.repeat(511)}b`, `b${'a'.repeat(511)}`, `${'a'.repeat(255)}b${'a'.repeat(256)}`];
    const times: number[] = [];
    for (const part of repeated) times.push(await timeOf(part));
    expect(Math.max(...times)).toBeLessThan(4 * usual + 300);
  });

  it('looks for five parts of texts at once, and is told which filter is one too many', async () => {
    const support = await api.staffWith('support');
    const part = (at: number) =>
      ({ field: 'memo', operator: at % 2 ? 'CONTAINS' : 'NOT_CONTAINS', value: `${at}` }) as const;
    const set = { field: 'memo', operator: 'NOT_NULL' } as const;
    const five = [0, 1, 2, set, 3, 4, set].map((one) => (typeof one === 'number' ? part(one) : one));
    expect((await support('countTargets', { targetType: 'USER', filters: five })).statusCode).toBe(200);
    expect((await support('listUsers', { advancedFilter: five })).statusCode).toBe(200);
    const refused = { statusCode: 400, issues: [{ name: 'tooManyParts', limit: '5' }] };
    for (const [answer, place] of [
      [await support('listTargets', { targetType: 'USER', filters: [...five, part(5)] }), 'filters'],
      [await support('countTargets', { targetType: 'USER', filters: [...five, part(5)] }), 'filters'],
      [await support('listUsers', { advancedFilter: [...five, part(5)] }), 'advancedFilter'],
    ] as const)
      expect(answer).toMatchObject({ ...refused, issues: [{ ...refused.issues[0], path: [place, 7, 'operator'] }] });
  });

  it('holds nobody up who reads what is known where it lies, and is told to come again after ten seconds', async () => {
    const { database } = api.server;
    const long =
      database.engine === 'postgres'
        ? sql`select pg_sleep(60)`
        : sql`with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where fold(i) = ''`;
    const { userId } = (await api.call('createUser', { username: 'ada' })).data;
    const support = await api.staffWith('support');
    const since = Date.now();
    const searches = Array.from({ length: database.engine === 'postgres' ? 3 : 2 }, () =>
      long.execute(database.search).catch((error) => ({ ...asApiError(error), after: Date.now() - since })),
    );
    const behind = support('listUsers', {}).then(({ statusCode }) => ({ statusCode, after: Date.now() - since }));
    await new Promise((resume) => setTimeout(resume, 300));
    const start = Date.now();
    expect((await api.call('getUser', { userId })).statusCode).toBe(200);
    expect(Date.now() - start).toBeLessThan(2_000);
    expect((await support('getSession', {})).statusCode).toBe(200);
    expect((await api.app.inject('/health')).statusCode).toBe(200);
    expect((await api.call('planFields', { deletions: [{ targetType: 'USER', key: 'memo' }] })).statusCode).toBe(200);
    expect(Date.now() - start).toBeLessThan(6_000);
    for (const search of await Promise.all(searches)) {
      expect(search).toMatchObject({ name: 'unavailable', details: { retryAfter: 5 } });
      expect(search).toHaveProperty(
        'after',
        expect.toSatisfy((time: number) => time > 9_000 && time < 12_000),
      );
    }
    expect([200, 503]).toContain((await behind).statusCode);
    expect((await behind).after).toBeLessThan(13_000);
    expect((await support('listUsers', { keywords: 'ada' })).data.totalCount).toBe(1);
  });
});

describe('values that are too large together for one answer', () => {
  const targetType = 'USER' as const;
  const keys = Array.from({ length: 30 }, (_, at) => `large${at}`);
  const users: string[] = [];
  const list = (call: Call, limit: number) =>
    call('listUsers', {
      advancedFilter: [{ field: 'username', operator: 'CONTAINS', value: 'heavy' }],
      options: { withCustomData: true, pagination: { limit } },
    });

  beforeAll(async () => {
    await api.call('setCustomFields', { list: keys.map((key) => ({ targetType, key })) });
    // Of one target, 5.9 MB.
    const values = keys.map((key) => ({ key, value: '备'.repeat(65_536) }));
    for (const username of ['heavy1', 'heavy2', 'heavy3']) {
      const { userId } = (await api.call('createUser', { username })).data;
      await api.call('setCustomData', { targetType, targetIdentifier: userId, list: values });
      users.push(userId);
    }
  });

  it('are told for fewer targets at once, and always for one', async () => {
    expect(await list(api.call, 50)).toMatchObject({ statusCode: 422, error: 'answerTooLarge' });
    expect((await list(api.call, 2)).statusCode).toBe(200);
    const one = await api.call('getCustomData', { targetType, targetIdentifier: users[0] ?? '' });
    expect(Object.keys(one.data)).toHaveLength(30);
  });

  it('are no hindrance to a caller who doesn’t see them', async () => {
    const admin = await api.staffWith('administrator');
    const role = await admin('saveStaffRole', { name: 'Light', rights: ['read'], tenants: null });
    const access = { [role.data.id]: 'hidden' as const };
    await admin('setCustomFields', { list: keys.map((key) => ({ targetType, key, access })) });
    const { statusCode, data } = await list(await api.staffWith(role.data.id), 50);
    expect([statusCode, data.list.map(({ customData }) => Object.keys(customData ?? {}).length)]).toEqual([
      200,
      [0, 0, 0],
    ]);
  });

  it('are no hindrance to a caller who sees masks of them', async () => {
    const admin = await api.staffWith('administrator');
    await admin('setCustomFields', {
      list: keys.map((key) => ({ targetType, key, desensitization: true, mask: 'ALL' })),
    });
    const { statusCode, data } = await list(await api.staffWith('support'), 50);
    expect(statusCode).toBe(200);
    for (const { customData } of data.list) expect(Object.values(customData ?? {})).toEqual(keys.map(() => '••••••••'));
    const clear = keys.map((key) => ({ targetType, key, desensitization: false }));
    expect((await admin('setCustomFields', { list: clear })).statusCode).toBe(200);
  });

  it('are judged page by page, whatever their size', async () => {
    const changes = [{ targetType, key: 'large0', validateRules: [{ type: 'length', content: '..5' }] }];
    const plan = await api.call('planFields', { changes, samples: 1 });
    expect(plan.data.fields[0]?.broken.count).toBe(3);
    const health = await api.call('getFieldHealth', { targetType, key: 'large0' });
    expect(health.data.holders).toBe(3);
  });

  it('are shown by a plan as far as they fit, and counted all', async () => {
    const longest = '备'.repeat(65_536);
    const group = { targetType: 'GROUP' as const, key: 'text' };
    await api.call('setCustomFields', { list: [group] });
    for (let at = 0; at < 30; at += 1) await api.call('createGroup', { code: `heavy${at}` });
    await api.call('setCustomData', {
      targetType: 'GROUP',
      targetIdentifier: 'heavy0',
      list: [{ key: 'text', value: longest }],
    });
    // Copying is faster than sending.
    await sql`insert into field_values (field_id, target_id, value, sort_key, updated_at)
      select v.field_id, g.id, v.value, v.sort_key, v.updated_at from groups g, field_values v, fields f
      where g.code <> 'heavy0' and v.field_id = f.id and f.key = 'text'`.execute(api.server.database.write);
    const changes = [{ ...group, isUnique: true, validateRules: [{ type: 'length' as const, content: '..5' }] }];
    const [field] = (await api.call('planFields', { changes, samples: 10_000 })).data.fields;
    expect(field?.broken.count).toBe(30);
    expect(field?.broken.samples.length).toBeGreaterThan(10);
    expect(field?.broken.samples.length).toBeLessThan(20);
    expect(field?.broken.samples.every(({ value }) => value === longest)).toBe(true);
    expect(field?.duplicates).toEqual({ count: 1, samples: [{ value: longest, holders: 30 }] });
    const refused = await api.call('setCustomFields', { list: [{ ...group, isUnique: true }] });
    expect(refused.error).toBe('duplicatesBlockUnique');
    expect(JSON.stringify(refused)).toContain('备… × 30');
    expect(JSON.stringify(refused).length).toBeLessThan(1_000);
  });
});
