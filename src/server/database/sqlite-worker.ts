import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { fold } from '#contract/wire';
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

const { file, readonly } = workerData as { file: string; readonly: boolean };
const connection = new Sqlite(file, { readonly, timeout: 10_000 });
if (!readonly) connection.pragma('journal_mode = WAL');
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
    if (statement.reader) return { id, rows: statement.all(...parameters) };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { id, rows: [], changes, lastId: lastInsertRowid };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message, code } };
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
