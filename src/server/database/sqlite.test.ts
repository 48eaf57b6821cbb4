import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';
import { transact } from './open.ts';

const threads = new Set<Worker>();
const note = (worker: Worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
};
const endAll = () => Promise.all([...threads].map((worker) => worker.terminate()));

let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  // The bundler of the workers may start its own thread, once.
  await (await testApp()).close();
  process.on('worker', note);
  api = await testApp();
});
afterEach(async () => {
  await api.close();
  process.off('worker', note);
  threads.clear();
});

const isSqlite = process.env.FIELDBOOK_TEST_ENGINE !== 'postgres';
describe.runIf(isSqlite)('if a thread of SQLite ends', () => {
  it('later requests run in another thread', async () => {
    expect(threads.size).toBe(3);
    await endAll();
    expect((await api.call('createUser', { username: 'ada' })).statusCode).toBe(200);
    expect((await api.call('listUsers', {})).data.totalCount).toBe(1);
  });

  it('its running query answers 503 and succeeds when repeated', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `person-${index}`);
    const asked = names.map((username) => api.call('createUser', { username }));
    await Promise.race(asked);
    await endAll();
    const answers = await Promise.all(asked);
    expect([...new Set(answers.map(({ statusCode }) => statusCode))].sort()).toContain(503);
    const failed = answers.flatMap(({ statusCode, error }, index) =>
      statusCode === 200 ? [] : [[names[index] ?? '', error]],
    );
    expect(new Set(failed.map(([, error]) => error))).toEqual(new Set(['unavailable']));
    for (const [username = ''] of failed) await api.call('createUser', { username });
    expect((await api.call('listUsers', {})).data.totalCount).toBe(150);
  });

  it('its transaction is rolled back, and none of the rest runs in another thread', async () => {
    const { database } = api.server;
    const insert = (id: string) => ({ name: id, holder: '', until: 0 });
    const caught: unknown[] = [];
    const whole = transact(database, async (trx) => {
      await trx.insertInto('leases').values(insert('first')).execute();
      await endAll();
      await trx
        .insertInto('leases')
        .values(insert('second'))
        .execute()
        .catch((error) => caught.push(error.code));
    });
    await expect(whole).rejects.toMatchObject({ code: 'SQLITE_THREAD_ENDED' });
    expect(caught).toEqual(['SQLITE_THREAD_ENDED']);
    await transact(database, (trx) => trx.insertInto('leases').values(insert('third')).execute());
    const left = await database.read.selectFrom('leases').select('name').where('holder', '=', '').execute();
    expect(left).toEqual([{ name: 'third' }]);
    const { rows } = await sql<{ journalMode: string }>`pragma journal_mode`.execute(database.write);
    expect(rows).toEqual([{ journalMode: 'wal' }]);
  });
});

describe.runIf(isSqlite)('if the disk is full', () => {
  it('the transaction ends with that error, none of the rest is committed, and the next one works', async () => {
    const { database } = api.server;
    const { rows } = await sql<{ count: number }>`select page_count as count from pragma_page_count`.execute(
      database.write,
    );
    const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(database.write);
    await limit((rows[0]?.count ?? 0) + 1);
    const insert = (name: string) => ({ name, holder: '', until: 0 });
    const caught: unknown[] = [];
    const whole = transact(database, async (trx) => {
      await trx.insertInto('leases').values(insert('first')).execute();
      for (let count = 0; count < 50 && !caught.length; count += 1)
        await trx
          .insertInto('leases')
          .values(insert(`${count} ${'x'.repeat(9_000)}`))
          .execute()
          .catch((error) => caught.push(error.code));
      // SQLite has rolled back by itself, so this would be committed on its own.
      await trx
        .insertInto('leases')
        .values(insert('second'))
        .execute()
        .catch((error) => caught.push(error.code));
    });
    await expect(whole).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(caught).toEqual(['SQLITE_FULL', 'SQLITE_FULL']);
    await limit(1_000_000);
    expect(await database.read.selectFrom('leases').select('name').execute()).toEqual([]);
    expect((await api.call('createUser', { username: 'ada' })).statusCode).toBe(200);
  });
});
