import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../context.ts';
import { transact } from '../database/open.ts';
import { recordActivity } from '../record/activity.ts';
import { isDigestOf } from '../record/digest.ts';
import { sealEntries, takeCheckpoint } from '../record/seal.ts';
import { makeSecrets, type Secrets, signer } from '../secrets.ts';
import { addStaff } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';
import { verifyActivity } from './verify.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let server: Server;
beforeEach(async () => {
  api = await testApp();
  server = api.server;
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'team' }] });
  for (const username of ['ada', 'ben', 'cai'])
    await api.call('createUser', { username, customData: { team: `secret-${username}` } });
  await sealEntries(server);
});
afterEach(() => api.close());

/** Acts as an attacker who has the database but not the secret. */
async function tamper(...statements: string[]) {
  const { engine, write } = server.database;
  const isPostgres = engine === 'postgres';
  const unlock = ['activity', 'activity_seals'].flatMap((table) => [
    ...['update', 'delete'].map(
      (change) => `drop trigger if exists ${table}_no_${change}${isPostgres ? ` on ${table}` : ''}`,
    ),
    ...(isPostgres ? [`grant update, delete on ${table} to current_user`] : []),
  ]);
  for (const statement of [...unlock, ...statements]) await sql.raw(statement).execute(write);
}
/** An entry that a server with these secrets writes. */
const record = ({ database }: Server, secrets: Secrets) =>
  transact(database, (trx) =>
    recordActivity(trx, { kind: 'system', id: 'x', name: 'Test', through: 'command', sign: signer(secrets) }, [
      { event: 'restored' },
    ]),
  );
const faults = async (...kept: Parameters<typeof verifyActivity>[1][]) =>
  (await verifyActivity(server, ...kept)).faults;

describe('the audit log', () => {
  it('has an entry for everything that was done, without values', async () => {
    const rows = await server.database.read.selectFrom('activity').selectAll().execute();
    expect(rows.length).toBe(7);
    expect(JSON.stringify(rows)).not.toContain('secret-');
    expect(await faults()).toEqual([]);
  });

  it('has digests that don’t disclose equal values, and that the owner of the secret can verify', async () => {
    const list = [{ targetType: 'USER' as const, key: 'yes', dataType: 'BOOLEAN' as const, encrypted: true }];
    await api.call('setCustomFields', { list });
    const { read } = server.database;
    const { id: fieldId } = await read
      .selectFrom('fields')
      .select('id')
      .where('key', '=', 'yes')
      .executeTakeFirstOrThrow();
    for (const username of ['dan', 'eve', 'fay']) await api.call('createUser', { username, customData: { yes: true } });
    const rows = await read
      .selectFrom('activity')
      .selectAll()
      .where('fieldId', '=', fieldId)
      .where('kind', '=', 'value')
      .execute();
    const digests = rows.map(({ afterDigest }) => afterDigest ?? '');
    expect(new Set(digests).size).toBe(3);
    for (const digest of digests) {
      expect(isDigestOf(server.secrets, digest, { fieldId, json: 'true' })).toBe(true);
      expect(isDigestOf(server.secrets, digest, { fieldId, json: 'false' })).toBe(false);
      expect(isDigestOf(server.secrets, digest, { fieldId: fieldId + 1, json: 'true' })).toBe(false);
    }
    const former = makeSecrets(['another secret that is long enough', ...server.config.secrets]);
    expect(isDigestOf(former, digests[0] ?? '', { fieldId, json: 'true' })).toBe(true);
    // An older version wrote digests like this.
    const older = server.secrets.digest('activity', `digest ${fieldId} true`);
    expect(isDigestOf(former, older, { fieldId, json: 'true' })).toBe(true);
    expect(isDigestOf(former, older, { fieldId, json: 'false' })).toBe(false);
  });

  it('can’t be changed or deleted through the program’s own connection', async () => {
    for (const table of ['activity', 'activity_seals']) {
      const column = table === 'activity' ? 'reason' : 'hash';
      await expect(sql.raw(`update ${table} set ${column} = 'x'`).execute(server.database.write)).rejects.toThrow();
      await expect(sql.raw(`delete from ${table}`).execute(server.database.write)).rejects.toThrow();
    }
  });

  it.each([
    ['a changed entry', ["update activity set actor_name = 'Somebody else' where id = 3"]],
    [
      'a changed digest',
      ['update activity set after_digest = before_digest, before_digest = after_digest where id = 3'],
    ],
    ['a removed entry', ['delete from activity where id = 3']],
    [
      'a removed entry with its seal',
      ['delete from activity where id = 3', 'delete from activity_seals where entry_id = 3'],
    ],
    [
      'two entries that changed places',
      [
        'update activity_seals set entry_id = 1003 where entry_id = 3',
        'update activity_seals set entry_id = 3 where entry_id = 4',
        'update activity_seals set entry_id = 4 where entry_id = 1003',
      ],
    ],
    ['a cut tail', ['delete from activity where id > 4', 'delete from activity_seals where entry_id > 4']],
    [
      'a cut tail and a head that was put back',
      [
        'delete from activity where id > 4',
        'delete from activity_seals where entry_id > 4',
        'update activity_head set count = 4, hash = (select hash from activity_seals where seq = 4)',
      ],
    ],
    [
      'an inserted entry',
      [
        `insert into activity (at, kind, count, actor_kind, actor_id, actor_name, through, mac)
          select at, kind, count, actor_kind, actor_id, 'Nobody', through, mac from activity where id = 3`,
      ],
    ],
  ])('shows %s', async (_name, statements) => {
    await tamper(...statements);
    // The sealer keeps running and must not hide the fault.
    await sealEntries(server).catch(() => undefined);
    expect(await faults()).not.toEqual([]);
    await api.call('createUser', { username: 'later' });
    await sealEntries(server).catch(() => undefined);
    expect(await faults()).not.toEqual([]);
  });

  it('shows with a checkpoint that its tail was cut off, even if the old head is restored', async () => {
    const { read } = server.database;
    const old = await read.selectFrom('activityHead').selectAll().executeTakeFirstOrThrow();
    await api.call('createUser', { username: 'dan' });
    const kept = await takeCheckpoint(server);
    expect(await faults(kept)).toEqual([]);
    await tamper(
      `delete from activity where id > ${old.count}`,
      `delete from activity_seals where seq > ${old.count}`,
      `update activity_head set count = ${old.count}, hash = '${old.hash}', at = '${old.at}', signature = '${old.signature}'`,
    );
    expect(await faults()).toEqual([]);
    expect(await faults(kept)).toEqual([expect.stringContaining('end of the log was removed')]);
    expect(await faults({ ...kept, count: 2 })).toEqual(
      expect.arrayContaining([expect.stringContaining('own signature')]),
    );
  });

  it('takes over exactly the entries of an older version', async () => {
    const older = await testApp();
    try {
      const insert = (count: number) =>
        older.server.database.write
          .insertInto('activity')
          .values(
            Array.from({ length: count }, () => ({
              at: '2026-01-01T00:00:00.000Z',
              kind: 'value',
              event: null,
              historyId: null,
              fieldId: null,
              targetId: null,
              subject: null,
              count: 1,
              beforeDigest: null,
              afterDigest: null,
              actorKind: 'staff',
              actorId: 'x',
              actorName: 'Older',
              through: 'console',
              requestId: null,
              planId: null,
              reason: null,
              mac: '',
            })),
          )
          .execute();
      for (let at = 0; at < 4; at += 1) await insert(300);
      await older.call('createUser', { username: 'new' });
      await sealEntries(older.server);
      expect(await verifyActivity(older.server)).toEqual({ count: 1201, unsealed: 0, faults: [] });
      await insert(1);
      await sealEntries(older.server);
      expect((await verifyActivity(older.server)).faults).toEqual([expect.stringContaining('was inserted')]);
    } finally {
      await older.close();
    }
  });

  it('continues after a change of the secret, and verifies with both', async () => {
    const secrets = makeSecrets(['another secret that is long enough', ...server.config.secrets]);
    await record(server, secrets);
    await sealEntries({ ...server, secrets });
    expect((await verifyActivity({ ...server, secrets })).faults).toEqual([]);
    expect(await faults()).not.toEqual([]);
  });

  it('records sign-ins (also failed ones), and verifications and reveals with their reason', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'phone2', desensitization: true }] });
    const { userId } = (await api.call('createUser', { username: 'fay', customData: { phone2: '13812345678' } })).data;
    const admin = await api.staffWith('administrator');
    const ana = { email: 'ana@example.com', name: 'Ana', role: 'support', password: 'correct horse' };
    await addStaff(server, ana);
    expect((await api.call('signIn', { email: ana.email, password: 'wrong horse' })).statusCode).not.toBe(200);
    expect((await api.call('signIn', { email: ana.email, password: ana.password })).statusCode).toBe(200);
    const place = { targetType: 'USER' as const, targetIdentifier: userId, key: 'phone2' };
    expect((await admin('compareValue', { ...place, value: '13812345678' })).data).toEqual({ matches: true });
    expect((await admin('compareValue', { ...place, value: '13800000000' })).data).toEqual({ matches: false });
    expect((await admin('revealValue', { ...place, reason: '' })).statusCode).toBe(400);
    expect((await admin('revealValue', { ...place, reason: 'Called back' })).data).toEqual({ value: '13812345678' });
    const { list } = (await admin('listActivity', { limit: 5 })).data;
    expect(list.map(({ event, reason, holder }) => [event, reason, holder?.name])).toEqual([
      ['revealed', 'Called back', 'fay'],
      ['compared', null, 'fay'],
      ['compared', null, 'fay'],
      ['signedIn', null, undefined],
      ['signInFailed', null, undefined],
    ]);
    const { data } = await admin('exportActivity', {});
    expect(data.csv).toContain('revealed');
    expect(data.csv).not.toContain('13812345678');
    await sealEntries(server);
    expect(await faults(data.checkpoint ?? undefined)).toEqual([]);
  });

  it('refuses more verifications than a conversation needs', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'pin', encrypted: true }] });
    const { userId } = (await api.call('createUser', { username: 'gil', customData: { pin: '4711' } })).data;
    const support = await api.staffWith('support');
    const guess = (value: string) =>
      support('compareValue', { targetType: 'USER', targetIdentifier: userId, key: 'pin', value });
    for (let at = 0; at < 30; at += 1) expect((await guess(String(at))).data).toEqual({ matches: false });
    expect(await guess('4711')).toMatchObject({ statusCode: 429, error: 'tooManyRequests' });
    const filters = [{ field: 'pin', operator: 'EQUAL' as const, value: '4711' }];
    expect(await support('listTargets', { targetType: 'USER', filters })).toMatchObject({ statusCode: 429 });
  });
});
