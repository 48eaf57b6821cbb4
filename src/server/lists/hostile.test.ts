import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

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
});
