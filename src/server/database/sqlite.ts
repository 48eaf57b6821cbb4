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
import { startWorker } from '../worker.ts';
import { requireNotHeld } from './hold.ts';
import type { Answer, Job, Settings } from './sqlite-worker.ts';

/**
 * SQLite in worker threads. The writing dialect has one connection and runs one transaction at a time. A transaction
 * begins IMMEDIATE, so that it waits for another process's write instead of failing. A reading dialect shares its
 * connections.
 */
export function sqliteDialect(settings: Settings, threads: number): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createDriver: () => driver(settings, threads),
  };
}

/** How long a write waits for another process's write, in milliseconds: a request gives up early, a command waits. */
export const patienceOf = { request: 10_000, command: 60_000 } as const;

/** The error code of a query whose thread ended. */
export const threadEnded = 'SQLITE_THREAD_ENDED';

interface Connection extends DatabaseConnection {
  begin(): Promise<void>;
  finish(how: 'commit' | 'rollback'): Promise<void>;
  end(): Promise<void>;
}

function driver(settings: Settings, threads: number): Driver {
  let connections: Connection[] = [];
  let turn = 0;
  let last = Promise.resolve();
  const releases = new WeakMap<DatabaseConnection, () => void>();
  return {
    async init() {
      connections = await Promise.all(Array.from({ length: threads }, () => connect(settings)));
    },
    async acquireConnection() {
      const connection = connections[turn++ % connections.length];
      if (!connection) throw new Error('The database is closed.');
      if (settings.readonly) return connection;
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

/** A connection in a thread. If the thread ends, its running queries fail, and the next query starts another thread. */
async function connect(settings: Settings): Promise<Connection> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let thread: Promise<Worker> | undefined;
  /** The thread of the open transaction. If it ends, its work is lost, so the rest must not run in another thread. */
  let begun: Worker | undefined;
  let isClosed = false;
  let count = 0;
  const start = () => {
    if (isClosed) throw new Error('The database is closed.');
    thread ??= startThread(settings, waiting, () => {
      thread = undefined;
    });
    return thread;
  };
  const ask = async (sql: string, parameters: readonly unknown[]): Promise<Answer> => {
    const worker = await start();
    if (begun && begun !== worker) throw ended();
    const job: Job = { id: ++count, sql, parameters };
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting.set(job.id, { resolve, reject });
      worker.postMessage(job);
    });
    if ('error' in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
    return answer;
  };
  await start();
  return {
    async begin() {
      // Known before it is asked: where the thread ends meanwhile, no other one must begin in its place.
      begun = await start();
      try {
        await ask('begin immediate', []);
      } catch (error) {
        begun = undefined;
        throw error;
      }
    },
    async finish(how) {
      try {
        // When a thread ends, SQLite rolls its transaction back.
        if (how === 'commit' || (begun && begun === (await thread))) await ask(how, []);
      } finally {
        begun = undefined;
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
    async end() {
      isClosed = true;
      await (await thread)?.terminate();
    },
  };
}

/** Resolves when the thread can answer. Calls `onEnd` when the thread ends, before its running queries fail. */
function startThread(
  data: Settings,
  waiting: Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>,
  onEnd: () => void,
): Promise<Worker> {
  const worker = startWorker(import.meta.url, 'sqlite-worker', data);
  let reason: unknown;
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      worker.on('message', (answer: Answer) => {
        waiting.get(answer.id)?.resolve(answer);
        waiting.delete(answer.id);
      });
      resolve(worker);
    });
    worker.on('error', (error) => {
      reason = error;
    });
    worker.once('exit', () => {
      onEnd();
      reject(reason ?? ended());
      for (const asked of waiting.values()) asked.reject(ended());
      waiting.clear();
    });
  });
}

const ended = () => Object.assign(new Error('A thread of SQLite ended.'), { code: threadEnded });
