import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

describe('the data quality of a number field', () => {
  it.each([
    ['far', [-1.7e308, 0, 1.7e308]],
    ['far and tiny', [-1.7e308, 5e-324, 1.7e308]],
    ['wide', [0, 5e-324, 1e300]],
    ['tiny', [0, 5e-324, 1e-323]],
    ['near', [1e15, 1e15 + 1, 1e15 + 2]],
    ['one', [3, 3, 3]],
  ])('covers numbers that are %s', async (name, numbers) => {
    const key = name.replaceAll(' ', '_');
    await api.call('setCustomFields', { list: [{ targetType: 'ROLE', key, dataType: 'NUMBER' }] });
    for (const [at, value] of numbers.entries())
      expect((await api.call('createRole', { code: `${key}${at}`, customData: { [key]: value } })).statusCode).toBe(
        200,
      );
    const health = await api.call('getFieldHealth', { targetType: 'ROLE', key });
    expect(health.statusCode).toBe(200);
    const bars = health.data.histogram ?? [];
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(bars[0]?.from).toBe(Math.min(...numbers));
    expect(bars.every(({ from, to }) => Number.isFinite(from) && Number.isFinite(to) && from <= to)).toBe(true);
  });
});
