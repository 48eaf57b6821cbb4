import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../config.ts';
import { migrations } from '../database/migrations.ts';
import { openDatabase, transact } from '../database/open.ts';
import type { Schema } from '../database/schema.ts';
import { sqliteDialect } from '../database/sqlite.ts';
import { withReader } from '../reader.ts';
import { recordActivity } from '../record/activity.ts';
import { sealEntries } from '../record/seal.ts';
import { makeSecrets, signer } from '../secrets.ts';
import { makeSchema } from '../testing/postgres.ts';
import { verifyCommand } from './command.ts';

const engine = process.env.FIELDBOOK_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';
const listed = ['a secret that is long enough for a test'];
const secrets = makeSecrets(listed);
const sign = signer(secrets);
const actor = { kind: 'system', id: 'x', name: 'Test', through: 'command', sign } as const;

let place: { url: string; remove: () => Promise<void> };
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place.remove());

async function makePlace(): Promise<typeof place> {
  if (engine === 'postgres') return makeSchema();
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-older-'));
  const remove = async () => rmSync(folder, { recursive: true, force: true });
  return { url: `sqlite:${join(folder, 'test.db')}`, remove };
}

/** Works on the database as an older version made it: the version whose last migration is `last`. */
async function asOlder(last: string, work: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
  const dialect =
    engine === 'postgres'
      ? new PostgresDialect({ pool: new pg.Pool({ connectionString: place.url }) })
      : sqliteDialect({ file: place.url.slice('sqlite:'.length), patience: 10_000, readonly: false }, { threads: 1 });
  const db = new Kysely<Schema>({ dialect, plugins: [new CamelCasePlugin()] });
  await sql`create table migrations (name text primary key, at text not null)`.execute(db);
  for (const [name, up] of Object.entries(migrations)) {
    if (name > last) break;
    await up(db as unknown as Kysely<never>);
    await sql`insert into migrations (name, at) values (${name}, '')`.execute(db);
  }
  await work(db);
  await db.destroy();
}

/** Three changes, as a version without an audit log wrote them. */
const change = (db: Kysely<Schema>) =>
  asHistory(db, {
    at: '2026-01-01T00:00:00.000Z',
    kind: 'field',
    actorKind: 'staff',
    actorId: 'x',
    actorName: 'Older',
    through: 'console',
  });
const asHistory = async (
  db: Kysely<Schema>,
  row: Parameters<ReturnType<typeof db.insertInto<'history'>>['values']>[0],
) => {
  for (let at = 0; at < 3; at += 1) await db.insertInto('history').values(row).execute();
};

async function verify() {
  const said: string[] = [];
  const before = process.exitCode;
  await verifyCommand([], {
    withReader: (work) => withReader({ databaseUrl: place.url, secrets: listed }, work),
    say: (line) => said.push(line),
  });
  const { exitCode } = process;
  process.exitCode = before;
  return { said, failed: exitCode === 1 };
}
async function migrated() {
  const names: string[] = [];
  await withReader(
    { databaseUrl: place.url, secrets: listed },
    async ({ database }) => void names.push(...database.missing),
  );
  return names;
}
const older = expect.stringContaining('is from an older version');

describe('verify-activity', () => {
  it('says what to do with a database without an audit log, and doesn’t change it', async () => {
    await asOlder('007-roles', change);
    const missing = await migrated();
    expect(missing[0]).toBe('008-activity');
    await expect(verify()).rejects.toThrow(/without an audit log. Start this version on it once/);
    await expect(verify()).rejects.toBeInstanceOf(ConfigError);
    expect(await migrated()).toEqual(missing);
  });

  it('counts entries of an older version as unsealed until a server takes them over', async () => {
    await asOlder('007-roles', change);
    const database = await openDatabase(place.url);
    const unsealed = [
      expect.stringMatching(/^3 entries aren’t sealed yet/),
      '0 entries are unchanged since they were sealed.',
    ];
    expect(await verify()).toEqual({ said: unsealed, failed: false });
    await sealEntries({ database, secrets });
    expect(await verify()).toEqual({ said: ['3 entries are unchanged since they were sealed.'], failed: false });
    await database.close();
  });

  it('verifies the audit log of an older version, and doesn’t migrate it', async () => {
    await asOlder('010-accounts', async (db) => {
      await db.transaction().execute((trx) => recordActivity(trx, actor, [{ event: 'restored' }]));
      await sealEntries({
        database: { engine, read: db, search: db, survey: db, write: db, brief: db, close: () => db.destroy() },
        secrets,
      });
    });
    const missing = await migrated();
    expect(await verify()).toEqual({ said: [older, '1 entries are unchanged since they were sealed.'], failed: false });
    expect(await migrated()).toEqual(missing);
    expect(missing).toContain('015-secret-mark');
    const { write, close } = await openDatabase(place.url);
    await transact({ write }, (trx) => recordActivity(trx, { ...actor, sign: () => 'x' }, [{ event: 'restored' }]));
    await close();
    expect((await verify()).failed).toBe(true);
  });

  it('doesn’t create a database', async () => {
    await expect(verify()).rejects.toBeInstanceOf(ConfigError);
  });
});

it('a migration that fails takes back those that ran before it', async () => {
  await asOlder('012-attempts', async (db) => void (await sql`create table owed_pages (x text)`.execute(db)));
  const missing = await migrated();
  expect(missing).toContain('023-owed-pages');
  await expect(openDatabase(place.url)).rejects.toThrow(/owed_pages/);
  expect(await migrated()).toEqual(missing);
});
