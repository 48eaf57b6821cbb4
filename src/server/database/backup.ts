import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { recordDeeds } from '../activity/store.ts';
import { type Config, ConfigError, sqliteFile } from '../config.ts';
import { makeSecrets, signer } from '../secrets.ts';
import { erase } from '../vault/erase.ts';
import { makeVault } from '../vault/vault.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open.ts';

// Whole copies of an SQLite database while a server runs on it. PostgreSQL brings its own tools for that.

/** Writes the database as it is at one moment into a new file that only its owner can read. */
export function backUp(config: Config, target: string | undefined): string {
  const live = liveFile(config, 'pg_dump');
  if (!target) throw new ConfigError('Say where to: backup <file>');
  if (existsSync(target)) throw new ConfigError(`${target} is there already: nothing is overwritten.`);
  if (!existsSync(live)) throw new ConfigError(`There is no database ${live}.`);
  copyTo(live, target);
  return target;
}

/**
 * Puts a backup in the place of the database, in one transaction that readers of a running server see as a whole. What was
 * there is kept in a file beside it, whose path is given; undefined if there was nothing. Everybody has to sign in again.
 */
export async function restore(config: Config, file: string | undefined): Promise<string | undefined> {
  const live = liveFile(config, 'pg_restore');
  if (!file || !existsSync(file)) throw new ConfigError(`There is no file ${file ?? ''}: say restore <file>`);
  const source = openBackup(file);
  try {
    requireSameSecret(config, source, file);
    requireSameKeys(config, source, file);
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const kept = existsSync(live) ? `${live}.before-restore-${stamp}` : undefined;
    const ended = kept ? keepPresent(live, kept) : nobody;
    // All pages at once: in between, writers would wait for the half that is missing.
    await source.backup(live, { progress: () => 2 ** 31 - 1 });
    // A backup of an older version is brought up to date as at any start.
    const { write, close } = await openDatabase(config.databaseUrl);
    await write.deleteFrom('sessions').execute();
    for (const { id, at } of ended.keys) {
      await write.updateTable('accessKeys').set({ revokedAt: at }).where('id', '=', id).execute();
    }
    for (const { id, at } of ended.staff) {
      await write.updateTable('staff').set({ disabledAt: at }).where('id', '=', id).execute();
    }
    await write.transaction().execute(async (trx) => {
      for (const { id } of ended.erased) await erase(trx, Number(id));
      const sign = signer(makeSecrets(config.secrets));
      const actor = { kind: 'system', id: 'command', name: 'Command line', through: 'command', sign } as const;
      await recordDeeds(trx, actor, [{ kind: 'session', event: 'restored' }]);
    });
    await close();
    return kept;
  } finally {
    source.close();
  }
}

/** Keys that were revoked, accounts that were disabled and people who were erased: a restore must not bring them back. */
interface Ended {
  erased: { id: string }[];
  keys: { id: string; at: string }[];
  staff: { id: string; at: string }[];
}
const nobody: Ended = { keys: [], staff: [], erased: [] };

/** Copies what is there, again if somebody wrote meanwhile. */
function keepPresent(live: string, kept: string): Ended {
  const present = new Sqlite(live, { readonly: true });
  try {
    for (let tries = 1; ; tries += 1) {
      const before = present.pragma('data_version', { simple: true });
      rmSync(kept, { force: true });
      copyTo(live, kept);
      if (tries === 5 || present.pragma('data_version', { simple: true }) === before) break;
    }
    const all = (sql: string) => present.prepare(sql).all() as { id: string; at: string }[];
    return {
      keys: all('select id, revoked_at as at from access_keys where revoked_at is not null'),
      staff: all('select id, disabled_at as at from staff where disabled_at is not null'),
      // A database of an older version has no such table, and nobody erased.
      erased: all("select name as id from sqlite_master where name = 'activity'").length
        ? all("select target_id as id from activity where event = 'erased'")
        : [],
    };
  } finally {
    present.close();
  }
}

/** Refuses what is sealed under encryption keys that this server doesn't have: nobody could read it. */
function requireSameKeys({ encryptionKeys }: Config, source: Sqlite.Database, file: string): void {
  const has = source.prepare("select 1 from sqlite_master where name = 'target_keys'").get();
  if (!has) return;
  const vault = makeVault(encryptionKeys);
  const ids = source.prepare('select distinct key_id as id from target_keys').all() as { id: string }[];
  if (ids.some(({ id }) => !vault.knows(id)))
    throw new ConfigError(
      `${file} was written with another FIELDBOOK_ENCRYPTION_KEYS: add that key behind the present one.`,
    );
}

function liveFile({ databaseUrl }: Config, tool: string): string {
  if (databaseUrl.startsWith('sqlite:')) return sqliteFile(databaseUrl);
  throw new ConfigError(`This database is PostgreSQL's: use ${tool}.`);
}

/** A copy that is there whole or not at all. */
function copyTo(live: string, target: string): void {
  const part = `${target}.part`;
  rmSync(part, { force: true });
  const connection = new Sqlite(live, { readonly: true, timeout: 10_000 });
  try {
    connection.prepare('vacuum into ?').run(part);
  } finally {
    connection.close();
  }
  const handle = openSync(part, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(part, target);
}

/** Refuses what is damaged, no database of ours, or a newer version's. */
function openBackup(file: string): Sqlite.Database {
  const connection = new Sqlite(file, { readonly: true });
  try {
    const [check] = connection.pragma('integrity_check') as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok') throw new ConfigError(`${file} is damaged: ${check?.integrity_check}`);
    const names = (connection.prepare('select name from migrations').all() as { name: string }[]).map(
      ({ name }) => name,
    );
    const unknown = names.find((name) => !migrations.some((known) => known.name === name));
    if (unknown) throw new ConfigError(`${file} was written by a newer Fieldbook (${unknown}).`);
    return connection;
  } catch (error) {
    connection.close();
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${file} is no backup of Fieldbook.`);
  }
}

/** Access keys are sealed under the secret: with another one nobody could use them. */
function requireSameSecret(config: Config, source: Sqlite.Database, file: string): void {
  const key = source.prepare('select secret from access_keys limit 1').get() as { secret: string } | undefined;
  if (!key) return;
  try {
    makeSecrets(config.secrets).open('access-key', key.secret);
  } catch {
    throw new ConfigError(`${file} was written under another FIELDBOOK_SECRET: set that one, alone or as the second.`);
  }
}
