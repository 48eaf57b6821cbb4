import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Effort } from '#contract/wire/endpoint';
import type { Schema } from './schema.ts';

// `count(*)` and ids are bigint in PostgreSQL. All of ours fit into a double.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** What one reads from, by how long it may take. */
export type Reading = 'read' | Effort;

/**
 * PostgreSQL with several connection pools, so that waiting writes block neither reads nor short notes, and searches don't
 * block reads of single records. `patience` limits how long a write waits for a connection and for a lock. The work itself
 * may take longer. `limits` are the longest times of a statement that reads.
 */
export function openPostgres(url: string, patience: number, limits?: Record<Reading, number>) {
  const common = { connectionString: url, connectionTimeoutMillis: patience, keepAlive: true };
  const reading = (name: Reading, max: number) =>
    connect({ ...common, max, ...(limits && { statement_timeout: limits[name] }) });
  const [read, search, survey] = [reading('read', 5), reading('search', 3), reading('survey', 2)];
  // If a process hangs in the middle of a write, or its host is gone, PostgreSQL releases its locks.
  const writing = { ...common, lock_timeout: patience, idle_in_transaction_session_timeout: 60_000 };
  const brief = connect({ ...writing, max: 4 });
  const write = connect({ ...writing, max: 10 });
  const close = async () => {
    await Promise.all([read, search, survey, brief, write].map((db) => db.destroy()));
  };
  return { engine: 'postgres' as const, read, search, survey, brief, write, close };
}

function connect(config: pg.PoolConfig): Kysely<Schema> {
  const pool = new pg.Pool(config);
  // The pool replaces a broken connection, and its query fails. Without listeners the error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
}
