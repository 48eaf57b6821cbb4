import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { fold } from '#contract/wire/fold';
import { isBusy } from './busy.ts';
import { gramsOf, hexOf } from './search.ts';

/** One connection in a thread of its own: a slow query never holds up the thread that answers requests. */
export interface Job {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}
export type Answer =
  | { id: number; rows: unknown[]; changes?: number; lastId?: number | bigint }
  | { id: number; error: { message: string; code: string | undefined } };

export interface Settings {
  file: string;
  readonly: boolean;
  /** How long another process may write before whoever wants to write too is refused, in milliseconds. */
  patience: number;
}

const { file, readonly, patience } = workerData as Settings;
const timeout = 10_000;
const connection = new Sqlite(file, { readonly, timeout });
if (!readonly) patiently(useLog);
connection.pragma('synchronous = FULL');
connection.pragma('foreign_keys = ON');
// What is deleted or overwritten, such as a value that is encrypted now, is not left lying in free pages.
connection.pragma('secure_delete = ON');
connection.pragma('cache_size = -65536');
// The mirrors of those in migrations.ts and search.ts: searching ignores case and width, and looks at a value's own text.
connection.function('plain', { deterministic: true }, (json) => String(JSON.parse(String(json))));
connection.function('fold', { deterministic: true }, (text) => (text === null ? null : fold(String(text))));
connection.function('grams', { deterministic: true }, (text) =>
  gramsOf(fold(String(text ?? '')))
    .map(hexOf)
    .join(' '),
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
    // In a transaction the lock is held already.
    const waits = !connection.inTransaction && /^(begin|insert|update|delete)/i.test(sql);
    const result = waits ? patiently(work) : work();
    if (Array.isArray(result)) return { id, rows: result };
    return { id, rows: [], changes: result.changes, lastId: result.lastInsertRowid };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message, code } };
  }
}

/** Two that begin on a new file would both switch it, and one fail without waiting; a file that has its log is left alone. */
function useLog(): void {
  if (connection.pragma('journal_mode', { simple: true }) !== 'wal') connection.pragma('journal_mode = WAL');
}

/**
 * Waits for another process's write. SQLite's own waiting looks every 100 ms in the end, and so hardly ever at the moment
 * between two writes of a busy server, which then goes on before whoever waits.
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

/** Keeps the latest statements; the texts of a running program are few. */
function prepare(sql: string): Sqlite.Statement {
  const known = prepared.get(sql);
  if (known) return known;
  const statement = connection.prepare(sql);
  if (prepared.size >= 500) prepared.clear();
  prepared.set(sql, statement);
  return statement;
}
