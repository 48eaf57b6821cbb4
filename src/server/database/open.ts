import { existsSync } from 'node:fs';
import { CamelCasePlugin, Kysely, PostgresAdapter, sql } from 'kysely';
import { ConfigError, makeFolderOf, sqliteFile } from '../config.ts';
import { isBusy } from './busy.ts';
import { findMissing, migrate } from './migrations.ts';
import { openPostgres, type Reading } from './postgres.ts';
import type { Db, Schema, Trx } from './schema.ts';
import { patienceOf, sqliteDialect } from './sqlite.ts';

export interface Database {
  engine: 'sqlite' | 'postgres';
  /** For reading: never waits for a writer. Here what is known where it lies, which waits for no search either. */
  read: Db;
  /** For looking through what is stored for what a caller asks. */
  search: Db;
  /** For looking at all that is held of a field. */
  survey: Db;
  /** For transactions. */
  write: Db;
  /** For what only counts or notes something, and signing in: never waits behind a long write, where several can be at work. */
  brief: Db;
  close(): Promise<void>;
}

/** How long a statement may take that is read for a request, in milliseconds. A plan of a field that millions hold has to come to an end. */
const limitsOf = { request: { read: 10_000, search: 10_000, survey: 60_000 }, command: undefined };

const plugins = [new CamelCasePlugin()];

/**
 * Opens the database of a URL, makes it if SQLite's file is missing, and brings its schema up to date. Waits while it isn't
 * there yet or another process writes it, as a `command` goes on to do.
 */
export async function openDatabase(
  url: string,
  { patience = 60_000, whose = 'request' }: { patience?: number; whose?: keyof typeof patienceOf } = {},
): Promise<Database> {
  const isSqlite = url.startsWith('sqlite:');
  const waits = patienceOf[whose];
  const limits = limitsOf[whose];
  const database = isSqlite ? openSqlite(sqliteFile(url), waits, limits) : openPostgres(url, waits, limits);
  try {
    if (database.engine === 'postgres') await reach(database, patience);
    await migrateWhenFree(database, patience);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** A database that is there, to be read as it is; `missing` names the migrations that it has yet to come through. */
export interface Reader {
  read: Db;
  missing: string[];
  close(): Promise<void>;
}

/** Opens a database only for reading: it stays what the version made of it that wrote it. */
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
    const { code, message } = error as { code?: string; message: string };
    const isEmpty = code === '42P01' || message === 'no such table: migrations';
    throw isEmpty ? new ConfigError('The database at DATABASE_URL holds no Fieldbook.') : error;
  }
}

// Nothing listens there yet, its name isn't known yet, or it still starts.
const notThereYet = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

/** Waits for a PostgreSQL that starts beside this program. */
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

/** PostgreSQL chose this transaction to give way to another: a deadlock, or one that can't be put in line. */
const gaveWay = new Set(['40P01', '40001']);

/** Runs a writing transaction; one that had to give way to another starts again. */
export async function transact<R>({ write }: Pick<Database, 'write'>, work: (trx: Trx) => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Under a stricter level, which a database may have as its own, what is read after a lock is of before it.
      return await write.transaction().setIsolationLevel('read committed').execute(work);
    } catch (error) {
      if (attempt === 8 || !gaveWay.has(String((error as { code?: unknown }).code))) throw error;
      // At once it would take its first rows again before the other has its last: let that one finish.
      await new Promise((resume) => setTimeout(resume, attempt * 150 + Math.random() * 250));
    }
  }
}

/** The same, for what takes a moment: signing in, and what is recorded beside a write. */
export const briefly = <R>({ brief }: Pick<Database, 'brief'>, work: (trx: Trx) => Promise<R>): Promise<R> =>
  transact({ write: brief }, work);

/** Another process may be restoring a backup, or bringing a large database up to date. */
async function migrateWhenFree(database: Database, patience: number): Promise<void> {
  for (const end = Date.now() + patience; ; ) {
    try {
      return await migrateAlone(database);
    } catch (error) {
      if (!isBusy(error) || Date.now() > end) throw error;
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}

/** Brings the schema up to date in one transaction that other starting processes wait for. */
async function migrateAlone({ engine, write }: Database): Promise<void> {
  await write.transaction().execute(async (trx) => {
    if (engine === 'postgres') {
      await sql`set local lock_timeout = 0`.execute(trx);
      await sql`select pg_advisory_xact_lock(4600)`.execute(trx);
    }
    await migrate(trx);
  });
}

export const isPostgres = (db: Db) => db.getExecutor().adapter instanceof PostgresAdapter;

/** Runs `work` over slices that stay under the databases' limit of bound parameters. */
export async function inSlices<T, R>(all: T[], work: (slice: T[]) => Promise<R[]>, size = 500): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < all.length; start += size) results.push(...(await work(all.slice(start, start + size))));
  return results;
}
