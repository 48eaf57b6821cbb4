import type { Worker } from 'node:worker_threads';
import { startWorker } from '../worker.ts';
import { makeRanks } from './collation.ts';
import type { Answer, Job, Settings, Start } from './sqlite-worker.ts';

/** The code of the error of whatever a thread was asked that ended. */
export const threadEnded = 'SQLITE_THREAD_ENDED';

/** The code of the error of a statement that took longer than it may, or waited for so long behind others. */
export const tookTooLong = 'SQLITE_TOOK_TOO_LONG';

export interface Thread {
  /** The thread that answers now; another is started where it ended. */
  start(): Promise<Worker>;
  /** Whether this one is the thread that answers now. */
  isNow(worker: Worker): Promise<boolean>;
  ask(sql: string, parameters: readonly unknown[]): Promise<Answer>;
  end(): Promise<void>;
}

interface Asked {
  job: Job;
  timer: NodeJS.Timeout | undefined;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * A thread that is asked one statement after another. One that takes longer than `limit` milliseconds ends with its thread;
 * those behind it wait for the next, and no longer than that either.
 */
export function makeThread(settings: Settings, limit: number | undefined): Thread {
  const queue: Asked[] = [];
  let asked: Asked | undefined;
  let thread: Promise<Worker> | undefined;
  /** It was told to end, and may still answer. */
  let isEnding = false;
  let isClosed = false;
  let count = 0;

  const start = () => {
    if (isClosed) throw new Error('The database is closed.');
    thread ??= startThread(settings, onAnswer, onEnd);
    return thread;
  };
  const timed = (then: () => void) => (limit === undefined ? undefined : setTimeout(then, limit));

  async function next(): Promise<void> {
    const one = asked ? undefined : queue.shift();
    if (!one) return;
    asked = one;
    clearTimeout(one.timer);
    try {
      const worker = await start();
      one.timer = timed(() => {
        one.reject(tooLong());
        isEnding = true;
        // What is deep in SQLite ends when it is done there; until then nothing else begins in this place.
        void worker.terminate();
      });
      worker.postMessage(one.job);
    } catch (error) {
      one.reject(error);
      if (asked !== one) return;
      asked = undefined;
      void next();
    }
  }

  function onAnswer(answer: Answer): void {
    if (isEnding || asked?.job.id !== answer.id) return;
    clearTimeout(asked.timer);
    asked.resolve(answer);
    asked = undefined;
    void next();
  }

  function onEnd(): void {
    thread = undefined;
    isEnding = false;
    // A transaction is gone with its thread; what was to follow in it must not run in another.
    const lost = [...(asked ? [asked] : []), ...(settings.readonly ? [] : queue.splice(0))];
    asked = undefined;
    for (const one of lost) {
      clearTimeout(one.timer);
      one.reject(ended());
    }
    void next();
  }

  return {
    start,
    isNow: async (worker) => worker === (await thread),
    ask: (sql, parameters) =>
      new Promise((resolve, reject) => {
        const one: Asked = { job: { id: ++count, sql, parameters }, resolve, reject, timer: undefined };
        one.timer = timed(() => {
          queue.splice(queue.indexOf(one), 1);
          reject(tooLong());
        });
        queue.push(one);
        void next();
      }),
    async end() {
      isClosed = true;
      await (await thread)?.terminate();
    },
  };
}

const ranks = makeRanks();

/** A thread that is ready to answer; `onEnd` is called when it isn't any more. */
function startThread(data: Settings, onAnswer: (answer: Answer) => void, onEnd: () => void): Promise<Worker> {
  const start: Start = { ...data, ranks };
  const worker = startWorker(import.meta.url, 'sqlite-worker', start);
  let reason: unknown;
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      worker.on('message', onAnswer);
      resolve(worker);
    });
    worker.on('error', (error) => {
      reason = error;
    });
    worker.once('exit', () => {
      reject(reason ?? ended());
      onEnd();
    });
  });
}

export const ended = () => Object.assign(new Error('A thread of SQLite ended.'), { code: threadEnded });
const tooLong = () => Object.assign(new Error('A statement took too long.'), { code: tookTooLong });
