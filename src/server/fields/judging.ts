import type { Worker } from 'node:worker_threads';
import type { Field } from '#contract/field';
import type { Value } from '#contract/value';
import { startWorker } from '../worker.ts';
import type { JudgingAnswer, JudgingJob, Verdict } from './judging-worker.ts';

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, { resolve: (verdicts: Verdict[]) => void; reject: (error: unknown) => void }>();

/** A verdict for each value, off the thread that answers requests. */
export function judgeValues(field: Field, values: Value[]): Promise<Verdict[]> {
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
    // Idle, it keeps nobody from ending the process.
    if (!waiting.size) started.unref();
  });
  started.on('error', (error) => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  worker = started;
  return started;
}
