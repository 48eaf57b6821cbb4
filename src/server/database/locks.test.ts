import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';
import { lockFields, lockPool } from './locks.ts';
import { transact } from './open.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const isPostgres = process.env.FIELDBOOK_TEST_ENGINE === 'postgres';

describe('whoever waits for a lock', () => {
  it('to change a definition is not kept out by many who write values without a pause', async () => {
    const keys = Array.from({ length: 10 }, (_, at) => `k${at}`);
    await api.call('setCustomFields', { list: keys.map((key) => ({ targetType: 'USER' as const, key })) });
    let isOver = false;
    const write = async (name: number) => {
      const { userId } = (await api.call('createUser', { username: `w${name}` })).data;
      for (let count = 0; !isOver; count += 1)
        await api.call('setCustomData', {
          targetType: 'USER',
          targetIdentifier: userId,
          list: [{ key: keys[count % 10] ?? '', value: String(count) }],
        });
    };
    const writers = Promise.all(Array.from({ length: 20 }, (_, name) => write(name)));
    await new Promise((resume) => setTimeout(resume, 500));
    const started = Date.now();
    const changed = await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'k0', label: 'Other' }] });
    const waited = Date.now() - started;
    isOver = true;
    await writers;
    expect(changed).toMatchObject({ statusCode: 200 });
    // Without a queue it was as long as they wrote.
    expect(waited).toBeLessThan(5_000);
  }, 60_000);

  // SQLite has one writer at a time.
  it.runIf(isPostgres)('to end a key is not kept waiting by a plan', async () => {
    const admin = await api.staffWith('administrator');
    const { id } = (await admin('createAccessKey', { name: 'K', scopes: ['read'] })).data;
    await transact(api.server.database, async (trx) => {
      await lockPool(trx);
      await lockFields(trx, ['USER'], 'update');
      expect(await admin('revokeAccessKey', { id })).toMatchObject({ statusCode: 200 });
    });
  });
});
