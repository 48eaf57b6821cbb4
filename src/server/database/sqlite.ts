import type { Worker } from 'node:worker_threads';
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
import { requireNotHeld } from './hold.ts';
import { ended, makeThread } from './sqlite-thread.ts';
import type { Answer, Settings } from './sqlite-worker.ts';

/**
 * SQLite in worker threads. The writing dialect has one connection and runs one transaction at a time. A transaction
 * begins IMMEDIATE, so that it waits for another process's write instead of failing. A reading dialect shares its
 * connections, and `limit` is the longest time of a statement there, in milliseconds.
 */
export function sqliteDialect(
  settings: Settings,
  { threads, limit }: { threads: number; limit?: number | undefined },
): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createDriver: () => driver(settings, threads, limit),
  };
}

/** SQLite can roll a change of the schema back, so that migrations run in one transaction. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** How long a write waits for another process's write, in milliseconds: a request gives up early, a command waits. */
export const patienceOf = { request: 10_000, command: 60_000 } as const;

interface Connection extends DatabaseConnection {
  /** How many ask it now. */
  users: number;
  begin(): Promise<void>;
  finish(how: 'commit' | 'rollback'): Promise<void>;
  end(): Promise<void>;
}

function driver(settings: Settings, threads: number, limit: number | undefined): Driver {
  let connections: Connection[] = [];
  let last = Promise.resolve();
  const releases = new WeakMap<DatabaseConnection, () => void>();
  return {
    async init() {
      connections = await Promise.all(Array.from({ length: threads }, () => connect(settings, limit)));
    },
    async acquireConnection() {
      const [first, ...others] = connections;
      if (!first) throw new Error('The database is closed.');
      const connection = others.reduce((least, one) => (one.users < least.users ? one : least), first);
      if (settings.readonly) {
        connection.users += 1;
        return connection;
      }
      await untilNotHeld(settings);
      // The queue of writers: each waits for the one before.
      const before = last;
      let release = () => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      try {
        // A restore may have started while it waited in the queue. Then it needn't wait for the lock too.
        await untilNotHeld(settings);
      } catch (error) {
        release();
        throw error;
      }
      releases.set(connection, release);
      return connection;
    },
    async releaseConnection(connection) {
      if (settings.readonly) (connection as Connection).users -= 1;
      releases.get(connection)?.();
    },
    beginTransaction: (connection) => (connection as Connection).begin(),
    commitTransaction: (connection) => (connection as Connection).finish('commit'),
    rollbackTransaction: (connection) => (connection as Connection).finish('rollback'),
    async destroy() {
      await last;
      await Promise.all(connections.map((connection) => connection.end()));
      connections = [];
    },
  };
}

/** While a restore runs, a server answers at once, and a command waits for the end. */
async function untilNotHeld({ file, patience }: Settings): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return requireNotHeld(file);
    } catch (error) {
      if (patience < patienceOf.command || Date.now() > end) throw error;
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}

/** A connection in a thread; where that one ended, what it was asked fails, and the next question starts another. */
async function connect(settings: Settings, limit: number | undefined): Promise<Connection> {
  const thread = makeThread(settings, limit);
  /** The thread in which a transaction began: what it did is gone with it, so the rest must not run in another. */
  let begun: Worker | undefined;
  /** The error with which SQLite rolled the transaction back by itself: what follows would be committed one by one. */
  let lost: unknown;
  const ask = async (sql: string, parameters: readonly unknown[]): Promise<Answer> => {
    if (begun && begun !== (await thread.start())) throw ended();
    if (lost) throw lost;
    const answer = await thread.ask(sql, parameters);
    if (!('error' in answer)) return answer;
    const { message, code, isRolledBack } = answer.error;
    const error = Object.assign(new Error(message), { code });
    if (begun && isRolledBack) lost = error;
    throw error;
  };
  await thread.start();
  return {
    users: 0,
    async begin() {
      // Known before it is asked: where the thread ends meanwhile, no other one must begin in its place.
      begun = await thread.start();
      try {
        await ask('begin immediate', []);
      } catch (error) {
        begun = undefined;
        lost = undefined;
        throw error;
      }
    },
    async finish(how) {
      try {
        // The end of a thread rolled back what it had begun.
        if (how === 'commit' || (begun && !lost && (await thread.isNow(begun)))) await ask(how, []);
      } finally {
        begun = undefined;
        lost = undefined;
      }
    },
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const answer = await ask(sql, parameters);
      if (!('rows' in answer)) throw ended();
      return {
        rows: answer.rows as R[],
        ...(answer.changes !== undefined && { numAffectedRows: BigInt(answer.changes) }),
        ...(answer.lastId !== undefined && { insertId: BigInt(answer.lastId) }),
      };
    },
    streamQuery() {
      throw new Error('SQLite answers whole.');
    },
    end: thread.end,
  };
}
