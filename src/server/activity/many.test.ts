import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../database/open.ts';
import { sealEntries, signHeadAnew } from '../record/seal.ts';
import { testApp } from '../testing/app.ts';
import { afterFirst } from '../testing/between.ts';
import { verifyActivity } from './verify.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
});
afterEach(() => api.close());

describe.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')('an audit log with 400,000 entries', () => {
  it('seals new entries within seconds after a start', async () => {
    const { write } = api.server.database;
    await sql`insert into activity (at, kind, count, actor_kind, actor_id, actor_name, through, mac)
      select '2026-01-01T00:00:00.000Z', 'session', 1, 'staff', 'x', 'x', 'console', 'x' from generate_series(1, 400000)`.execute(
      write,
    );
    await sql`insert into activity_seals (seq, entry_id, key_id, hash)
      select 1000000 + id, id, 'x', 'x' from activity`.execute(write);
    await sql`analyze activity`.execute(write);
    await sql`analyze activity_seals`.execute(write);
    const how = await Promise.race([
      sealEntries(api.server).then(() => 'sealed'),
      new Promise((resume) => setTimeout(resume, 15_000, 'still at it')),
    ]);
    // A statement that still runs would also block the test.
    if (how !== 'sealed')
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like '%"activity_seals"%' and pid <> pg_backend_pid()`.execute(
        write,
      );
    expect(how).toBe('sealed');
  }, 60_000);
});

describe('the head of the audit log', () => {
  it('gets a new signature while entries are sealed, and never goes back', async () => {
    const { database, secrets } = api.server;
    await api.call('createUser', { username: 'ada' });
    await sealEntries(api.server);
    await api.call('createUser', { username: 'ben' });
    let sealing: Promise<void> | undefined;
    await transact(database, (trx) => {
      const isRead = afterFirst(async () => {
        // On SQLite it waits until this transaction ends.
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

describe('entries past two billion', () => {
  it('are written, listed by page, restored by id, sealed and verified', async () => {
    const { engine, write } = api.server.database;
    const first = 3_000_000_000;
    if (engine === 'sqlite')
      await sql`delete from sqlite_sequence where name in ('history', 'activity')`.execute(write);
    await (engine === 'postgres'
      ? sql`select setval(pg_get_serial_sequence('history', 'id'), ${first}), setval(pg_get_serial_sequence('activity', 'id'), ${first})`
      : sql`insert into sqlite_sequence (name, seq) values ('history', ${first}), ('activity', ${first})`
    ).execute(write);
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'team' }] });
    const { userId } = (await api.call('createUser', { username: 'ada', customData: { team: 'first' } })).data;
    const whose = { targetType: 'USER' as const, targetIdentifier: userId };
    const held = (await api.call('listHistory', whose)).data.list.find(({ field }) => field?.key === 'team');
    expect(held?.id).toBeGreaterThan(first);
    await api.call('setCustomData', { ...whose, list: [{ key: 'team', value: 'second' }] });
    const { list } = (await api.call('listHistory', { ...whose, before: (held?.id ?? 0) + 1, limit: 1 })).data;
    expect(list.map(({ id }) => id)).toEqual([held?.id]);
    const former = await api.call('getValuesAt', { ...whose, entry: held?.id ?? 0 });
    expect(former.data).toEqual({ team: 'first' });
    await sealEntries(api.server);
    expect(await verifyActivity(api.server)).toMatchObject({ faults: [] });
    expect((await api.call('listActivity', { before: first * 2, limit: 1 })).data.list[0]?.id).toBeGreaterThan(first);
  });
});
