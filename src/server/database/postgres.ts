import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

// count(*) and ids are bigint in PostgreSQL; all of ours fit a double.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * PostgreSQL by three sets of connections: however many writes wait for each other, reading isn't kept waiting, nor what
 * is only counted or noted. `patience` is how long writing waits, for a connection and for a lock; its own work may take longer.
 */
export function openPostgres(url: string, patience: number) {
  const reading = { connectionString: url, connectionTimeoutMillis: patience, keepAlive: true };
  // A process that stands still in the middle of a write, or whose host is gone, lets go of its locks.
  const writing = { ...reading, lock_timeout: patience, idle_in_transaction_session_timeout: 60_000 };
  const read = connect({ ...reading, max: 10 });
  const brief = connect({ ...writing, max: 4 });
  const write = connect({ ...writing, max: 10 });
  const close = async () => {
    await Promise.all([read, brief, write].map((db) => db.destroy()));
  };
  return { engine: 'postgres' as const, read, brief, write, close };
}

function connect(config: pg.PoolConfig): Kysely<Schema> {
  const pool = new pg.Pool(config);
  // A connection that breaks is replaced, and what was asked of it fails; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
}
