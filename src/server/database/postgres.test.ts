import { type AddressInfo, connect, createServer } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asApiError } from '../http/failures.ts';
import { testApp } from '../testing/app.ts';
import { transact } from './open.ts';
import { openPostgres } from './postgres.ts';
import { gramsOf } from './search.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let target: { targetType: 'USER'; targetIdentifier: string };
beforeAll(async () => {
  api = await testApp();
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'badge' }] });
  target = { targetType: 'USER', targetIdentifier: (await api.call('createUser', { username: 'ada' })).data.userId };
});
afterAll(() => api.close());

/** Another writer. It holds its locks until it is told to end. */
async function holder(statement: string) {
  const client = new pg.Client({ connectionString: api.server.config.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(statement);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

/** Holds the fields of users still, as a plan does (locks.ts). */
const holdsUsers = 'select pg_advisory_xact_lock(hashtext(current_schema()), 2)';
const pause = (time: number) => new Promise((resume) => setTimeout(resume, time));
const write = (value: string, headers: Record<string, string>) =>
  api.ask('setCustomData', { ...target, list: [{ key: 'badge', value }] }, headers);

/** A way to PostgreSQL. Later it lets nothing through on connections that are open, and says nothing of it. */
async function proxy() {
  const { hostname, port } = new URL(api.server.config.databaseUrl);
  const open = new Set<{ isCut: boolean }>();
  const server = createServer((near) => {
    const way = { isCut: false };
    open.add(way);
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => way.isCut || to.write(data)).on('error', () => {});
      from.on('close', () => way.isCut || to.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(api.server.config.databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = () => {
    for (const way of open) way.isCut = true;
  };
  return { url: url.toString(), cut, close: () => server.close() };
}

describe.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')('PostgreSQL', () => {
  it('whose host vanishes without a word is asked again over a new connection', async () => {
    const way = await proxy();
    const { read, close } = openPostgres(way.url, 10_000, { read: 300, search: 300, survey: 300 });
    const ask = () => sql`select pg_sleep(0.1)`.execute(read);
    await Promise.all(Array.from({ length: 5 }, ask));
    way.cut();
    const started = Date.now();
    const answers = await Promise.allSettled(Array.from({ length: 5 }, ask));
    expect(answers.map((answer) => answer.status === 'rejected' && asApiError(answer.reason).name)).toEqual(
      answers.map(() => 'unavailable'),
    );
    expect(Date.now() - started).toBeLessThan(7_000);
    await ask();
    await close();
    way.close();
  }, 20_000);

  it('closes a connection in the middle of a transaction: the caller gets an error, and the server continues', async () => {
    const { database } = api.server;
    const end = (pid: number) => sql`select pg_terminate_backend(${sql.lit(pid)})`.execute(database.read);
    const idle = transact(database, async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await end(rows[0]?.pid ?? 0);
      await pause(200);
      await sql`select 1`.execute(trx);
    });
    await expect(idle).rejects.toThrow();
    const headers = await api.keyHeaders();
    const release = await holder(holdsUsers);
    const waits = write('cut', headers);
    await pause(500);
    // Only those who wait for our holder, because other tests run at the same time.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where exists (
      select 1 from pg_stat_activity held where held.pid = any(pg_blocking_pids(pg_stat_activity.pid))
        and held.query like '%pg_advisory_xact_lock(hashtext%')`.execute(database.read);
    const answer = await waits;
    await release();
    expect(answer.json()).toMatchObject({ statusCode: 503, error: 'unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
    expect((await write('goes on', headers)).json()).toMatchObject({ statusCode: 200 });
  });

  it('splits a long text for the search index in a moment, into the same runs as SQLite', async () => {
    const { database } = api.server;
    const gramsIn = async (text: string) => {
      const { rows } = await sql<{ grams: string[] }>`select grams(${text}) as grams`.execute(database.read);
      return new Set(rows[0]?.grams);
    };
    for (const text of ['', 'a', 'Ab', 'Ada Lovelace', '山田 太郎👩‍💻x'])
      expect(await gramsIn(text)).toEqual(new Set(gramsOf(text.normalize('NFKC').toLowerCase())));
    const start = performance.now();
    // Each sign folds to eighteen.
    expect((await gramsIn('\ufdfa'.repeat(1_990))).size).toBeGreaterThan(20);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('makes neither reads nor sign-in nor /health wait behind waiting writes, and refuses only those after a while', async () => {
    const headers = await api.keyHeaders();
    const release = await holder(holdsUsers);
    // Its own work takes longer than one waits for a lock.
    const slow = transact(api.server.database, (trx) => sql`select pg_sleep(11)`.execute(trx));
    const writes = Array.from({ length: 9 }, (_, at) => write(`${at}`, headers));
    await pause(300);
    const began = Date.now();
    const health = await api.app.inject({ method: 'GET', url: '/health' });
    expect((await api.call('getCustomFields', { targetType: 'ROLE' })).statusCode).toBe(200);
    const signedIn = await api.app.inject({
      method: 'POST',
      url: '/api/console/sign-in',
      payload: { email: 'nobody@example.com', password: 'wrong' },
    });
    expect({ health: health.statusCode, signIn: signedIn.json().error }).toEqual({
      health: 200,
      signIn: 'wrongPassword',
    });
    expect(Date.now() - began).toBeLessThan(4_000);
    for (const answer of await Promise.all(writes)) {
      expect(answer.json()).toMatchObject({ statusCode: 503, error: 'unavailable' });
      expect(answer.headers['retry-after']).toBe('5');
    }
    await slow;
    await release();
    expect((await write('afterwards', headers)).json()).toMatchObject({ statusCode: 200 });
  }, 60_000);

  it('ends the transaction of a process that stands still', async () => {
    for (const db of [api.server.database.write, api.server.database.brief]) {
      const { rows } = await sql`show idle_in_transaction_session_timeout`.execute(db);
      expect(rows).toEqual([{ idleInTransactionSessionTimeout: '1min' }]);
    }
  });

  it.each(['40001', '40P01'])('that makes a write give way again and again is busy: %s', async (code) => {
    const { database } = api.server;
    await sql
      .raw(`create or replace function give_way() returns trigger language plpgsql as $$ begin
        raise exception 'gives way' using errcode = '${code}'; end $$`)
      .execute(database.write);
    await sql`create trigger give_way before insert on groups for each row execute function give_way()`.execute(
      database.write,
    );
    const answer = await api.ask('createGroup', { code: 'late' }, await api.keyHeaders());
    await sql`drop trigger give_way on groups`.execute(database.write);
    expect(answer.json()).toMatchObject({ statusCode: 503, error: 'unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
  });
});
