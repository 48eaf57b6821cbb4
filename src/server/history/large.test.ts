import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

it('pages of the history and of the audit log end by size, and the next one goes on', async () => {
  const targetType = 'USER' as const;
  await api.call('setCustomFields', { list: [{ targetType, key: 'memo' }] });
  const { userId: targetIdentifier } = (await api.call('createUser', {})).data;
  // Each entry tells a value and the one before it.
  const writes = 40;
  for (let at = 0; at < writes; at += 1) {
    const list = [{ key: 'memo', value: `${at} ${'x'.repeat(65_000)}` }];
    await api.call('setCustomData', { targetType, targetIdentifier, list });
  }
  const admin = await api.staffWith('administrator');
  const history = (before?: number) =>
    admin('listHistory', { targetType, targetIdentifier, key: 'memo', limit: 200, ...(before && { before }) });
  const activity = (before?: number) => admin('listActivity', { key: 'memo', limit: 500, ...(before && { before }) });
  for (const page of [history, activity]) {
    const { data: first } = await page();
    expect(first.hasMore).toBe(true);
    expect(JSON.stringify(first.list).length).toBeLessThan(4_200_000);
    expect(first.list.length).toBeGreaterThan(25);
    const { data: second } = await page(first.list.at(-1)?.id);
    expect(second.hasMore).toBe(false);
    const values = [...first.list, ...second.list].filter(({ field }) => field && true).map(({ after }) => after);
    expect(values.filter((value) => value !== null)).toHaveLength(writes);
  }
});

it('the last changes of a target with very large values end by size too', async () => {
  const targetType = 'USER' as const;
  const keys = Array.from({ length: 80 }, (_, at) => `large_${at}`);
  const { userId: targetIdentifier } = (await api.call('createUser', {})).data;
  for (const part of [keys.slice(0, 40), keys.slice(40)]) {
    await api.call('setCustomFields', { list: part.map((key) => ({ targetType, key })) });
    const list = part.map((key) => ({ key, value: 'x'.repeat(65_000) }));
    await api.call('setCustomData', { targetType, targetIdentifier, list });
  }
  const admin = await api.staffWith('administrator');
  const { data } = await admin('listHistory', { targetType, targetIdentifier, latest: true });
  expect(JSON.stringify(data.list).length).toBeLessThan(4_200_000);
  expect(data.list.length).toBeGreaterThan(50);
  expect(data.hasMore).toBe(true);
});
