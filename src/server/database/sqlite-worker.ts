import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { fold } from '#contract/wire/fold';
import { isBusy } from './busy.ts';
import { languageOfColumn, nameKey } from './collation.ts';
import { gramsOf, hexOf } from './search.ts';

/** One connection in its own thread, so that a slow query never blocks the thread that answers requests. */
export interface Job {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}
export type Answer =
  | { id: number; rows: unknown[]; changes?: number; lastId?: number | bigint }
  | { id: number; error: { message: string; code: string | undefined; isRolledBack: boolean } };

export interface Settings {
  file: string;
  readonly: boolean;
  /** How long a write waits for another process's write before it is refused, in milliseconds. */
  patience: number;
}

/** What a thread starts with. */
export interface Start extends Settings {
  /** Of `makeRanks`. */
  ranks: SharedArrayBuffer;
}

const { file, readonly, patience, ranks } = workerData as Start;
const timeout = 10_000;
const connection = new Sqlite(file, { readonly, timeout });
if (!readonly) patiently(useLog);
connection.pragma('synchronous = FULL');
connection.pragma('foreign_keys = ON');
// Overwrites deleted data, so that free pages don't keep it (for example a value that is encrypted now).
connection.pragma('secure_delete = ON');
connection.pragma('cache_size = -65536');
// The same functions as in PostgreSQL (migrations/dialect.ts, migrations/005-lists.ts). Search ignores case and width.
connection.function('plain', { deterministic: true }, (json) => String(JSON.parse(String(json))));
connection.function('fold', { deterministic: true }, (text) => (text === null ? null : fold(String(text))));
connection.function('grams', { deterministic: true }, (text) =>
  gramsOf(fold(String(text ?? '')))
    .map(hexOf)
    .join(' '),
);

connection.function('name_key', { deterministic: true }, (name, column) =>
  name === null ? null : nameKey(ranks, String(name), languageOfColumn(String(column))),
);

const prepared = new Map<string, Sqlite.Statement>();

parentPort?.on('message', (job: Job) => {
  parentPort?.postMessage(run(job));
});
parentPort?.postMessage('ready');

function run({ id, sql, parameters }: Job): Answer {
  try {
    const statement = prepare(sql);
    const work = () => (statement.reader ? statement.all(...parameters) : statement.run(...parameters));
    // In a transaction the connection already has the lock.
    const waits = !connection.inTransaction && /^(begin|insert|update|delete)/i.test(sql);
    const result = waits ? patiently(work) : work();
    if (Array.isArray(result)) return { id, rows: result };
    return { id, rows: [], changes: result.changes, lastId: result.lastInsertRowid };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    // A full disk ends the transaction too.
    return { id, error: { message, code, isRolledBack: !connection.inTransaction } };
  }
}

/** If two connections switched a new file to WAL, one would fail without waiting. A WAL file stays as it is. */
function useLog(): void {
  if (connection.pragma('journal_mode', { simple: true }) !== 'wal') connection.pragma('journal_mode = WAL');
}

/**
 * Waits for another process's write. SQLite's own wait ends up checking every 100 ms. It then rarely finds the moment
 * between two writes of a busy server, and the server always goes first.
 */
function patiently<R>(work: () => R): R {
  const still = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + patience;
  connection.pragma('busy_timeout = 0');
  try {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || Date.now() > end) throw error;
        Atomics.wait(still, 0, 0, 1);
      }
    }
  } finally {
    connection.pragma(`busy_timeout = ${timeout}`);
  }
}

/** Caches prepared statements. A program has few different ones. */
function prepare(sql: string): Sqlite.Statement {
  const known = prepared.get(sql);
  if (known) return known;
  const statement = connection.prepare(sql);
  if (prepared.size >= 500) prepared.clear();
  prepared.set(sql, statement);
  return statement;
}
