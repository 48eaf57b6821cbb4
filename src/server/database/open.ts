import { existsSync } from 'node:fs';
import { CamelCasePlugin, Kysely, PostgresAdapter, sql } from 'kysely';
import { ConfigError, makeFolderOf, sqliteFile } from '../config.ts';
import { isBusy } from './busy.ts';
import { findMissing, findMissingOfAny, isWithoutTables, migrate } from './migrations.ts';
import { orderNames } from './name-order.ts';
import { migratePostgres, openPostgres, type Reading } from './postgres.ts';
import type { Db, Schema, Trx } from './schema.ts';
import { patienceOf, sqliteDialect } from './sqlite.ts';

export interface Database {
  engine: 'sqlite' | 'postgres';
  /** For reads of single records. It waits for no writer and no search. */
  read: Db;
  /** For looking through what is stored for what a caller asks. */
  search: Db;
  /** For looking at all that is held of a field. */
  survey: Db;
  /** For transactions. */
  write: Db;
  /** For counters, notes and sign-in. On an engine with several writers it never waits behind a long write. */
  brief: Db;
  close(): Promise<void>;
}

/** How long a statement may take that is read for a request, in milliseconds. A plan of a field that millions hold has to come to an end. */
const limitsOf = { request: { read: 10_000, search: 10_000, survey: 60_000 }, command: undefined };

const plugins = [new CamelCasePlugin()];

/**
 * Opens the database of a URL, creates it if the SQLite file is missing, and migrates it. Waits while it isn't
 * reachable or another process writes. A `command` waits longer. What `look` throws comes before the first change.
 */
export async function openDatabase(
  url: string,
  {
    patience = 60_000,
    whose = 'request',
    look,
  }: {
    patience?: number;
    whose?: keyof typeof patienceOf;
    look?: (found: { read: Db; missing: string[] }) => Promise<void>;
  } = {},
): Promise<Database> {
  const isSqlite = url.startsWith('sqlite:');
  const waits = patienceOf[whose];
  const limits = limitsOf[whose];
  const database = isSqlite ? openSqlite(sqliteFile(url), waits, limits) : openPostgres(url, waits, limits);
  try {
    if (database.engine === 'postgres') await reach(database, patience);
    const { write } = database;
    if (look) await whenFree(async () => look({ read: write, missing: await findMissingOfAny(write) }), patience);
    await whenFree(() => (isSqlite ? migrateSqlite(write) : migratePostgres(url)), patience);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** An existing database, for reads only. `missing` names the migrations that it doesn't have. */
export interface Reader {
  read: Db;
  missing: string[];
  close(): Promise<void>;
}

/** Opens a database only for reads, without migrations. */
export async function openToRead(url: string, patience = 60_000): Promise<Reader> {
  if (url.startsWith('sqlite:') && !existsSync(sqliteFile(url)))
    throw new ConfigError(`There is no database ${sqliteFile(url)}.`);
  const { read, close } = url.startsWith('sqlite:')
    ? openSqliteToRead(sqliteFile(url), patience)
    : openPostgres(url, patience);
  try {
    if (!url.startsWith('sqlite:')) await reach({ read }, patience);
    return { read, missing: await findMissing(read), close };
  } catch (error) {
    await close();
    throw isWithoutTables(error) ? new ConfigError('The database at DATABASE_URL isn’t a Fieldbook database.') : error;
  }
}

// Nothing listens yet, the host name isn't known yet, or the server is starting.
const notThereYet = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

/** Waits for a PostgreSQL that starts at the same time as this program. */
async function reach({ read }: Pick<Database, 'read'>, patience: number): Promise<void> {
  const end = Date.now() + patience;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4_000)) {
    try {
      await sql`select 1`.execute(read);
      return;
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!notThereYet.has(code)) throw error;
      if (Date.now() + pause > end) throw new ConfigError(`PostgreSQL can't be reached at DATABASE_URL (${code}).`);
      if (pause === 250) process.stderr.write(`PostgreSQL can't be reached yet (${code}); waiting for it.\n`);
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

async function migrateSqlite(write: Db): Promise<void> {
  await migrate(write);
  await orderNames(write);
}

function openSqlite(file: string, patience: number, limits?: Record<Reading, number>): Database {
  makeFolderOf(file);
  const write = new Kysely<Schema>({
    dialect: sqliteDialect({ file, patience, readonly: false }, { threads: 1 }),
    plugins,
  });
  const reading = (name: Reading, threads: number) => readSqlite(file, patience, { threads, limit: limits?.[name] });
  const [read, search, survey] = [reading('read', 2), reading('search', 2), reading('survey', 1)];
  const close = async () => {
    await Promise.all([read, search, survey, write].map((db) => db.destroy()));
  };
  return { engine: 'sqlite', read, search, survey, write, brief: write, close };
}

/** Its threads start with the first question. */
function readSqlite(file: string, patience: number, how: { threads: number; limit: number | undefined }): Db {
  return new Kysely<Schema>({ dialect: sqliteDialect({ file, patience, readonly: true }, how), plugins });
}

function openSqliteToRead(file: string, patience: number) {
  const read = readSqlite(file, patience, { threads: 2, limit: undefined });
  return { read, close: () => read.destroy() };
}

/** PostgreSQL aborted this transaction in favour of another one: a deadlock or a serialization failure. */
const gaveWay = new Set(['40P01', '40001']);

/** Runs a write transaction. If PostgreSQL aborted it in favour of another one, it starts again. */
export async function transact<R>({ write }: Pick<Database, 'write'>, work: (trx: Trx) => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // A database may default to a stricter level. A read after a lock would then see the state before the lock.
      return await write.transaction().setIsolationLevel('read committed').execute(work);
    } catch (error) {
      if (attempt === 8 || !gaveWay.has(String((error as { code?: unknown }).code))) throw error;
      // An immediate retry would lock its first rows again before the other transaction has its last ones.
      await new Promise((resume) => setTimeout(resume, attempt * 150 + Math.random() * 250));
    }
  }
}

/** Like `transact`, for short work: sign-in, and records next to a write. */
export const briefly = <R>({ brief }: Pick<Database, 'brief'>, work: (trx: Trx) => Promise<R>): Promise<R> =>
  transact({ write: brief }, work);

/** Another process may be restoring a backup or migrating a large database. */
async function whenFree(work: () => Promise<void>, patience: number): Promise<void> {
  for (const end = Date.now() + patience; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || Date.now() > end) throw error;
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}

export const isPostgres = (db: Db) => db.getExecutor().adapter instanceof PostgresAdapter;

/** Runs `work` over slices that stay under the databases' limit of bound parameters. */
export async function inSlices<T, R>(all: T[], work: (slice: T[]) => Promise<R[]>, size = 500): Promise<R[]> {
  const results: R[] = [];
  // One slice can have more rows than a call takes arguments.
  for (let start = 0; start < all.length; start += size)
    for (const result of await work(all.slice(start, start + size))) results.push(result);
  return results;
}
