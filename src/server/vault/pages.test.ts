import { existsSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { eraseUser } from './erase.ts';
import { payPages } from './pages.ts';
import { sealStored } from './sealing.ts';

// Nothing that was encrypted or erased stays on disk, even with a reader of an older state, or if the process ends.

const secret = 'needle-in-the-haystack';
const actor = () =>
  ({ kind: 'system', id: 'test', name: 'Test', through: 'command', sign: signer(api.server.secrets) }) as const;
let api: Awaited<ReturnType<typeof testApp>>;
let file: string;
let ada: string;
beforeEach(async () => {
  api = await testApp();
  file = api.server.config.databaseUrl.slice('sqlite:'.length);
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'text' }] });
  ada = (await api.call('createUser', { customData: { text: secret } })).data.userId;
  for (let at = 0; at < 4; at += 1)
    await api.call('createUsersBatch', {
      list: Array.from({ length: 50 }, (_, index) => ({ customData: { text: `${secret} ${at} ${index}` } })),
    });
});
afterEach(() => api.close());

const isOnDisk = () => [file, `${file}-wal`].some((name) => existsSync(name) && readFileSync(name).includes(secret));
const left = async () => (await api.call('getSealing', { targetType: 'USER', key: 'text' })).data.left;
const encrypt = () => api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'text', encrypted: true }] });

/** A reader that keeps the current state open, as a backup does. */
function reader() {
  const connection = new Sqlite(file, { readonly: true });
  connection.prepare('begin').run();
  connection.prepare('select count(*) from users').get();
  return () => connection.close();
}

describe.runIf(process.env.FIELDBOOK_TEST_ENGINE !== 'postgres')('with a reader of an older state', () => {
  it('a field doesn’t count as encrypted, no writer waits, and the pages follow', async () => {
    await encrypt();
    const stop = reader();
    await sealStored(api.server);
    expect(await left()).toBe(1);
    const start = Date.now();
    await Promise.all([sealStored(api.server), api.call('createUser', {})]);
    expect(Date.now() - start).toBeLessThan(3_000);
    stop();
    await sealStored(api.server);
    expect(await left()).toBe(0);
    expect(isOnDisk()).toBe(false);
  });

  it('the next process continues after the end of this one', async () => {
    await encrypt();
    const stop = reader();
    await sealStored(api.server);
    const database = await openDatabase(api.server.config.databaseUrl);
    stop();
    await sealStored({ ...api.server, database });
    await database.close();
    expect(isOnDisk()).toBe(false);
    expect(await left()).toBe(0);
  });

  it('the caller who erases a person learns that pages still hold their data', async () => {
    const user = await api.call('createUser', { name: 'erased-for-good', customData: { text: 'erased-for-good too' } });
    const holds = () =>
      [file, `${file}-wal`].some((name) => existsSync(name) && readFileSync(name).includes('erased-for-good'));
    const stop = reader();
    expect(await eraseUser(api.server, actor(), user.data.userId)).toBe(false);
    expect(holds()).toBe(true);
    stop();
    await sealStored(api.server);
    expect(holds()).toBe(false);
    expect(await eraseUser(api.server, actor(), ada)).toBe(true);
    expect(await payPages(api.server.database)).toBe(true);
  });
});
