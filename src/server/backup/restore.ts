import { existsSync, linkSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Config, ConfigError, flush } from '../config.ts';
import { isBusy } from '../database/busy.ts';
import { holdWrites } from '../database/hold.ts';
import { copyTo, liveFile } from './backup.ts';
import { prepareCopy, removeDatabase } from './restore.checks.ts';
import { applyStanding, readStanding } from './restore.standing.ts';

/** The steps of a restore. Until the last one, the database keeps its old content. */
export const restoreSteps = ['prepared', 'held', 'locked', 'kept', 'amended', 'emptied', 'filled', 'switched'] as const;
type OnStep = (step: (typeof restoreSteps)[number]) => void;

/**
 * Replaces the database with a backup. It holds one write lock from before the copy of the old content until the new
 * content commits, so that no write is acknowledged in between. If the process is killed, the lock is released and the
 * database is unchanged. Returns the path of that copy, or undefined if there was no database. Everybody must sign in
 * again.
 */
export async function restore(
  config: Config,
  file: string | undefined,
  onStep: OnStep = () => {},
): Promise<string | undefined> {
  const live = liveFile(config, 'pg_restore');
  if (!file || !existsSync(file))
    throw new ConfigError(file ? `There is no file ${file}.` : 'Missing file name. Usage: restore <file>');
  removeLeftovers(live);
  const copy = `${live}${copyMark}${process.pid}`;
  try {
    await prepareCopy(config, file, copy);
    onStep('prepared');
    if (existsSync(live)) return await replace(config, { live, copy }, onStep);
    await makeNew(config, { live, copy });
    return undefined;
  } finally {
    removeDatabase(copy);
  }
}

const copyMark = '.restore-';

/** The files of a killed restore have the same data as the backup. */
function removeLeftovers(live: string): void {
  const start = `${basename(live)}${copyMark}`;
  for (const name of readdirSync(dirname(live))) {
    const pid = name.startsWith(start) ? Number.parseInt(name.slice(start.length), 10) : Number.NaN;
    if (pid && !isRunning(pid)) removeDatabase(join(dirname(live), name));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function makeNew(config: Config, { live, copy }: { live: string; copy: string }): Promise<void> {
  // SQLite would write the log of another database into the new one.
  if (existsSync(`${live}-wal`))
    throw new ConfigError(`${live}-wal belongs to a database that no longer exists. Move it away too.`);
  await applyStanding(config, copy, undefined);
  flush(copy);
  // Fails if a server has created a database in the meantime.
  linkSync(copy, live);
  flush(dirname(live));
}

async function replace(
  config: Config,
  { live, copy }: { live: string; copy: string },
  onStep: OnStep,
): Promise<string> {
  const kept = `${live}.before-restore-${new Date().toISOString().replace(/[-:.]/g, '')}`;
  const release = holdWrites(live);
  onStep('held');
  const connection = new Sqlite(live, { timeout: 60_000 });
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('secure_delete = ON');
    connection.pragma('foreign_keys = OFF');
    // Allows a copy of the search index's own tables.
    connection.unsafeMode(true);
    connection.exec('begin immediate');
    onStep('locked');
    // Another connection reads the committed content. The lock of this one keeps it unchanged.
    copyTo(live, `${copy}-kept`);
    renameSync(`${copy}-kept`, kept);
    flush(dirname(kept));
    onStep('kept');
    await applyStanding(config, copy, readStanding(live));
    onStep('amended');
    connection.prepare('attach ? as restored').run(copy);
    empty(connection);
    onStep('emptied');
    fill(connection);
    onStep('filled');
    connection.exec('commit');
    onStep('switched');
    // Only the kept file has the old content now. An earlier reader may keep the log open a little longer.
    connection.pragma('wal_checkpoint(TRUNCATE)');
    return kept;
  } catch (error) {
    throw sayWhy(error, live);
  } finally {
    // This rolls back what isn't committed.
    connection.close();
    release();
  }
}

function sayWhy(error: unknown, live: string): unknown {
  const { code = '' } = error as { code?: string };
  if (isBusy(error))
    return new ConfigError('The database is busy with other writes. Try again, or stop the program that writes it.');
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code))
    return new ConfigError(
      `${live} is damaged. Stop the server, move the file away with its -wal and -shm files, then restore again.`,
    );
  return error;
}

interface Item {
  type: 'table' | 'index' | 'trigger' | 'view';
  name: string;
  sql: string;
}

const itemsOf = (connection: Sqlite.Database, schema: 'main' | 'restored') =>
  connection
    .prepare(
      `select type, name, sql from ${schema}.sqlite_master where sql is not null and name not like 'sqlite|_%' escape '|'`,
    )
    .all() as Item[];

const isVirtual = ({ sql }: Item) => /^create virtual table/i.test(sql);

/** The tables that hold the content of virtual tables. */
const shadowsOf = (items: Item[]) =>
  new Set(
    items
      .filter(isVirtual)
      .flatMap(({ name }) => ['data', 'idx', 'docsize', 'config', 'content'].map((part) => `${name}_${part}`)),
  );

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

function empty(connection: Sqlite.Database): void {
  const items = itemsOf(connection, 'main');
  const shadows = shadowsOf(items);
  const drop = (all: Item[]) => {
    for (const { type, name } of all) connection.exec(`drop ${type} main.${quote(name)}`);
  };
  drop(items.filter(({ type }) => type === 'trigger' || type === 'view'));
  drop(items.filter(isVirtual));
  drop(items.filter((item) => item.type === 'table' && !isVirtual(item) && !shadows.has(item.name)));
}

function fill(connection: Sqlite.Database): void {
  const items = itemsOf(connection, 'restored');
  const tables = items.filter(({ type }) => type === 'table');
  const shadows = shadowsOf(items);
  for (const { name, sql } of tables) if (!shadows.has(name)) connection.exec(sql);
  for (const item of tables.filter((one) => !isVirtual(one))) {
    const table = quote(item.name);
    // A new search index starts with its own rows.
    if (shadows.has(item.name)) connection.exec(`delete from main.${table}`);
    connection.exec(`insert into main.${table} select * from restored.${table}`);
  }
  connection.exec(
    'delete from main.sqlite_sequence; insert into main.sqlite_sequence select * from restored.sqlite_sequence',
  );
  for (const { type, sql } of items) if (type !== 'table') connection.exec(sql);
}
