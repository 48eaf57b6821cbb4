import { rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Config, ConfigError } from '../config.ts';
import { isInOrder, unknownOf } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import { makeSecrets } from '../secrets.ts';
import { makeVault } from '../vault/vault.ts';
import { copyTo } from './backup.ts';

/** The files that belong to an SQLite database. */
const suffixes = ['', '-wal', '-shm', '-journal', '.part'];

export function removeDatabase(file: string): void {
  for (const suffix of suffixes) rmSync(file + suffix, { force: true });
}

/**
 * Copies a backup to `copy` and migrates the copy. Refuses a file that isn't a complete Fieldbook database which this
 * server can read.
 */
export async function prepareCopy(config: Config, file: string, copy: string): Promise<void> {
  checkBackup(config, file);
  copyTo(file, copy);
  const blank = `${copy}-blank`;
  try {
    for (const one of [copy, blank]) {
      await openDatabase(`sqlite:${one}`).then(
        ({ close }) => close(),
        () => refuse(file),
      );
      settle(one);
    }
    const [found, wanted] = [columnsOf(copy), columnsOf(blank)];
    for (const [table, columns] of wanted) {
      if (!columns.every((column) => found.get(table)?.includes(column))) refuse(file);
    }
  } finally {
    removeDatabase(blank);
  }
}

/** Writes the write-ahead log of a database into its file, so that the file alone is complete. */
export function settle(file: string): void {
  const connection = new Sqlite(file);
  try {
    connection.pragma('journal_mode = DELETE');
  } finally {
    connection.close();
  }
}

const refuse = (file: string): never => {
  throw new ConfigError(`${file} isn’t a Fieldbook backup.`);
};

function checkBackup(config: Config, file: string): void {
  const connection = openReadonly(file);
  try {
    requireWhole(connection, file);
    requireSameSecret(config, connection, file);
    requireSameKeys(config, connection, file);
  } catch (error) {
    throw error instanceof ConfigError ? error : refuse(file);
  } finally {
    connection.close();
  }
}

function openReadonly(file: string): Sqlite.Database {
  try {
    return new Sqlite(file, { readonly: true });
  } catch {
    return refuse(file);
  }
}

/** Refuses a damaged file, a file that isn't a Fieldbook database, and a file of a newer version. */
function requireWhole(connection: Sqlite.Database, file: string): void {
  const [check] = connection.pragma('integrity_check') as { integrity_check: string }[];
  if (check?.integrity_check !== 'ok') throw new ConfigError(`${file} is damaged: ${check?.integrity_check}`);
  const rows = connection.prepare('select name from migrations').all() as { name: string }[];
  const names = new Set(rows.map(({ name }) => name));
  const unknown = unknownOf(names);
  if (unknown) throw new ConfigError(`${file} was written by a newer Fieldbook (${unknown}).`);
  if (!isInOrder(names)) refuse(file);
}

const hasTable = (connection: Sqlite.Database, name: string) =>
  connection.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(name) !== undefined;

/** The secret encrypts access keys and signs the audit log. With another secret nobody could use or verify them. */
function requireSameSecret(config: Config, source: Sqlite.Database, file: string): void {
  const secrets = makeSecrets(config.secrets);
  const key = source.prepare('select secret from access_keys limit 1').get() as { secret: string } | undefined;
  const head = hasTable(source, 'activity_head')
    ? (source.prepare('select key_id as id from activity_head').get() as { id: string } | undefined)
    : undefined;
  try {
    if (key) secrets.open('access-key', key.secret);
    if (head && !secrets.keyOf('activity-chain', head.id)) throw new Error('Another secret.');
  } catch {
    throw new ConfigError(
      `${file} was written with another FIELDBOOK_SECRET. Set that one, alone or after the current one.`,
    );
  }
}

/** Refuses values that are encrypted under keys which this server doesn't have: nobody could read them. */
function requireSameKeys({ encryptionKeys }: Config, source: Sqlite.Database, file: string): void {
  const vault = makeVault(encryptionKeys);
  for (const table of ['target_keys', 'hash_keys']) {
    if (!hasTable(source, table)) continue;
    const ids = source.prepare(`select distinct key_id as id from ${table}`).all() as { id: string }[];
    if (ids.some(({ id }) => !vault.knows(id)))
      throw new ConfigError(
        `${file} was written with another FIELDBOOK_ENCRYPTION_KEYS. Add that key after the current one.`,
      );
  }
}

function columnsOf(file: string): Map<string, string[]> {
  const connection = openReadonly(file);
  try {
    const rows = connection
      .prepare(
        `select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c
          where t.type = 'table' and t.name not like 'sqlite|_%' escape '|'`,
      )
      .all() as { table: string; column: string }[];
    const columns = new Map<string, string[]>();
    for (const { table, column } of rows) columns.set(table, [...(columns.get(table) ?? []), column]);
    return columns;
  } finally {
    connection.close();
  }
}
