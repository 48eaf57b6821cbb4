import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { startWorker } from '../worker.ts';
import type { Answer, Job } from './sqlite-worker.ts';

/**
 * SQLite behind worker threads. The writing dialect has one connection, handed to one transaction at a time (begun
 * IMMEDIATE, so that another process's write makes it wait instead of fail); a reading one shares its connections.
 */
export function sqliteDialect(file: string, options: { readonly: boolean; threads: number }): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createDriver: () => driver(file, options),
  };
}

type Connection = DatabaseConnection & { end(): Promise<unknown> };

function driver(file: string, { readonly, threads }: { readonly: boolean; threads: number }): Driver {
  let connections: Connection[] = [];
  let turn = 0;
  let last = Promise.resolve();
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const run = (connection: DatabaseConnection, sql: string) =>
    connection.executeQuery({ sql, parameters: [] } as unknown as CompiledQuery);
  return {
    async init() {
      connections = await Promise.all(Array.from({ length: threads }, () => connect(file, readonly)));
    },
    async acquireConnection() {
      const connection = connections[turn++ % connections.length];
      if (!connection) throw new Error('The database is closed.');
      if (readonly) return connection;
      // The queue of writers: each waits for the one before it.
      const before = last;
      let release = () => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      releases.set(connection, release);
      return connection;
    },
    async releaseConnection(connection) {
      releases.get(connection)?.();
    },
    async beginTransaction(connection) {
      await run(connection, 'begin immediate');
    },
    async commitTransaction(connection) {
      await run(connection, 'commit');
    },
    async rollbackTransaction(connection) {
      await run(connection, 'rollback');
    },
    async destroy() {
      await last;
      await Promise.all(connections.map((connection) => connection.end()));
      connections = [];
    },
  };
}

async function connect(file: string, readonly: boolean): Promise<Connection> {
  const worker = startWorker(import.meta.url, 'sqlite-worker', { file, readonly });
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  worker.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error as Error);
    waiting.clear();
  });
  let count = 0;
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const job: Job = { id: ++count, sql, parameters };
      const answer = await new Promise<Answer>((resolve, reject) => {
        waiting.set(job.id, { resolve, reject });
        worker.postMessage(job);
      });
      if ('error' in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      return {
        rows: answer.rows as R[],
        ...(answer.changes !== undefined && { numAffectedRows: BigInt(answer.changes) }),
        ...(answer.lastId !== undefined && { insertId: BigInt(answer.lastId) }),
      };
    },
    streamQuery() {
      throw new Error('SQLite answers whole.');
    },
    end: () => worker.terminate(),
  };
}
