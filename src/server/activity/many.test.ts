import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../database/open.ts';
import { afterFirst } from '../testing.between.ts';
import { testApp } from '../testing.ts';
import { sealEntries, signHeadAnew } from './seal.ts';
import { verifyActivity } from './verify.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
});
afterEach(() => api.close());

describe('the head of the activity', () => {
  it('is signed anew while entries are sealed, without being turned back', async () => {
    const { database, secrets } = api.server;
    await api.call('createUser', { username: 'ada' });
    await sealEntries(api.server);
    await api.call('createUser', { username: 'ben' });
    let sealing: Promise<void> | undefined;
    await transact(database, (trx) => {
      const isRead = afterFirst(async () => {
        // On SQLite it waits until this transaction has ended, whatever comes.
        sealing = sealEntries(api.server);
        await Promise.race([sealing, new Promise((resume) => setTimeout(resume, 500))]);
      });
      return signHeadAnew(trx.withPlugin(isRead), secrets);
    });
    await sealing;
    await api.call('createUser', { username: 'cai' });
    await sealEntries(api.server);
    expect(await verifyActivity(api.server)).toEqual({ count: 3, unsealed: 0, faults: [] });
  });
});
