import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteFile } from '../config.ts';
import { testApp } from '../testing/app.ts';
import { transact } from './open.ts';

const isSqlite = process.env.FIELDBOOK_TEST_ENGINE !== 'postgres';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

/** Runs a command in another process. Returns its exit code and output. */
function command(...words: string[]) {
  const { databaseUrl, secrets, encryptionKeys } = api.server.config;
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    FIELDBOOK_SECRET: secrets.join(','),
    FIELDBOOK_ENCRYPTION_KEYS: encryptionKeys.join(','),
  };
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  return new Promise<{ code: number | null; said: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, said })),
  );
}

describe.runIf(isSqlite)('a command', () => {
  it('waits for a write that takes longer than a request would wait', async () => {
    const writing = new Sqlite(sqliteFile(api.server.config.databaseUrl));
    writing.exec('begin immediate');
    const answer = command('create-access-key', '--name', 'waiting');
    await pause(13_000);
    writing.exec('commit');
    writing.close();
    expect(await answer).toMatchObject({ code: 0, said: expect.stringContaining('secret: ') });
  });

  it('gets its turn beside four writers without a pause', async () => {
    const { database } = api.server;
    let isBusy = true;
    let count = 0;
    const write = async () => {
      while (isBusy) {
        const rows = Array.from({ length: 500 }, () => ({ name: `lease ${++count}`, holder: '', until: 0 }));
        await transact(database, async (trx) => {
          for (let times = 0; times < 10; times += 1) {
            await trx.insertInto('leases').values(rows).execute();
            await trx.deleteFrom('leases').execute();
          }
        });
      }
    };
    const writers = Promise.all([write(), write(), write(), write()]);
    const answers = await Promise.all(['one', 'two'].map((name) => command('create-access-key', '--name', name)));
    isBusy = false;
    await writers;
    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
  });
});
