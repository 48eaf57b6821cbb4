import type { Worker } from 'node:worker_threads';
import type { Field } from '#contract/field';
import type { Value } from '#contract/value';
import { startWorker } from '../worker.ts';
import type { JudgingAnswer, JudgingJob } from './judging-worker.ts';

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<
  number,
  { resolve: (verdicts: JudgingAnswer['verdicts']) => void; reject: (error: unknown) => void }
>();

/** The verdicts on values, by index; valid values have none. A worker thread does the work. */
export function judgeValues(field: Field, values: Value[]): Promise<JudgingAnswer['verdicts']> {
  const thread = start();
  const job: JudgingJob = { id: ++last, field, values };
  return new Promise((resolve, reject) => {
    waiting.set(job.id, { resolve, reject });
    thread.ref();
    thread.postMessage(job);
  });
}

function start(): Worker {
  if (worker) return worker;
  const started = startWorker(import.meta.url, 'judging-worker', undefined);
  started.on('message', ({ id, verdicts }: JudgingAnswer) => {
    waiting.get(id)?.resolve(verdicts);
    waiting.delete(id);
    // An idle thread must not keep the process alive.
    if (!waiting.size) started.unref();
  });
  let reason: unknown = new Error('The thread that judges values ended.');
  started.on('error', (error) => {
    reason = error;
  });
  started.on('exit', () => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  });
  worker = started;
  return started;
}
