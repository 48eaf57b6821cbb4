import type { Socket } from 'node:net';
import { CamelCasePlugin, Kysely, PostgresDialect, PostgresIntrospector, sql, type TableMetadata } from 'kysely';
import pg from 'pg';
import type { Effort } from '#contract/wire/endpoint';
import { migrate } from './migrations.ts';
import type { Db, Schema } from './schema.ts';

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
    connect(
      { ...common, max, ...(limits && { statement_timeout: limits[name] }) },
      limits ? limits[name] + 5_000 : longest,
    );
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

/** Migrates over a connection of its own, which waits for other processes as long as they need. */
export async function migratePostgres(url: string): Promise<void> {
  // A migration may take as long as it needs.
  const db = connect({ connectionString: url, keepAlive: true, max: 1 }, 0);
  try {
    const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
    await migrate(db, rows[0]?.schema);
  } finally {
    await db.destroy();
  }
}

/** Finds the tables of the connection's schema. Kysely's own looks at all schemas, and fails if one is dropped meanwhile. */
class OwnSchema extends PostgresIntrospector {
  readonly #db: Kysely<unknown>;
  constructor(db: Kysely<unknown>) {
    super(db);
    this.#db = db;
  }
  override async getTables(): Promise<TableMetadata[]> {
    const { rows } = await sql<{ name: string; schema: string }>`
      select tablename as name, schemaname as schema from pg_tables where schemaname = current_schema()`.execute(
      this.#db,
    );
    return rows.map((table) => ({ ...table, isView: false, columns: [] }));
  }
}

class Dialect extends PostgresDialect {
  override createIntrospector(db: Kysely<unknown>): OwnSchema {
    return new OwnSchema(db);
  }
}

/** How long a statement that writes may take without a word from PostgreSQL, in milliseconds. */
const longest = 600_000;

/** `silence`: after so many milliseconds without a word, the host counts as gone. TCP would wait much longer. */
function connect(config: pg.PoolConfig, silence = longest): Db {
  const pool = new pg.Pool({ ...config, keepAliveInitialDelayMillis: 10_000 });
  // The pool replaces a broken connection, and its query fails. Without listeners the error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    stream.setTimeout(silence, () => stream.destroy(new Error('Connection terminated: PostgreSQL hasn’t answered.')));
  });
  return new Kysely<Schema>({ dialect: new Dialect({ pool }), plugins: [new CamelCasePlugin()] });
}
