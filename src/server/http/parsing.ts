import type { Worker } from 'node:worker_threads';
import type { EndpointName } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { InexactNumber } from '#contract/wire/number';
import { startWorker } from '../worker.ts';
import type { Judged } from './input.ts';
import type { ParsingAnswer, ParsingJob, SignatureJob, Step } from './parsing-worker.ts';

/** The memory limit of the thread. A body that needs more stops the thread, not the server. */
const memory = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

interface Waiting {
  thread: Worker;
  resolve: (answer: ParsingAnswer) => void;
  reject: (error: unknown) => void;
}

/** How long the thread may take for one step, in milliseconds: ten times what 16 MB need. */
const patience = 10_000;

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

/** Resolves when the thread has finished the body before. It holds one at a time. */
let turn: Promise<void> = Promise.resolve();

/** A body that is too large for the main thread. A worker thread works on it. */
export class LargeBody {
  readonly #id = ++last;
  readonly #thread = start();
  readonly #onDrop: () => void;
  readonly #pass: () => void;

  private constructor(blocks: Uint8Array<ArrayBuffer>[], pass: () => void, onDrop: () => void) {
    this.#pass = pass;
    this.#onDrop = onDrop;
    const job: ParsingJob = { id: this.#id, does: 'take', blocks };
    this.#thread.postMessage(
      job,
      blocks.map(({ buffer }) => buffer),
    );
  }

  /** Waits for its turn and transfers the blocks to the thread. Always call `drop` afterwards. */
  static async of(blocks: Uint8Array<ArrayBuffer>[], onDrop: () => void): Promise<LargeBody> {
    const before = turn;
    let pass = () => {};
    turn = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      return new LargeBody(blocks, pass, onDrop);
    } catch (error) {
      pass();
      throw error;
    }
  }

  /** Whether a secret signed it. */
  async isSigned(job: SignatureJob): Promise<boolean> {
    const answer = await this.#ask({ id: this.#id, does: 'verify', job });
    return 'isSigned' in answer && answer.isSigned;
  }

  /** The input for an endpoint, or its issues. */
  async parse(endpoint: EndpointName): Promise<Judged> {
    const build = builder();
    let answer = await this.#ask({ id: this.#id, does: 'parse', endpoint });
    while ('steps' in answer) {
      build.take(answer.steps);
      if (answer.isLast) {
        this.#forget();
        return { data: build.made() };
      }
      // Other requests run between the slices.
      await new Promise(setImmediate);
      answer = await this.#ask({ id: this.#id, does: 'go on' });
    }
    return { issues: 'issues' in answer ? answer.issues : [] };
  }

  /** Releases the body. */
  drop(): void {
    this.#forget();
    this.#onDrop();
  }

  #forget(): void {
    if (this.#thread === worker) this.#thread.postMessage({ id: this.#id, does: 'drop' } satisfies ParsingJob);
    this.#pass();
  }

  async #ask(job: ParsingJob): Promise<ParsingAnswer> {
    const thread = this.#thread;
    if (thread !== worker) throw new ApiError('unavailable', [], { retryAfter: 1 });
    const deadline = setTimeout(() => giveUp(thread), patience);
    const answer = await new Promise<ParsingAnswer>((resolve, reject) => {
      waiting.set(job.id, { thread, resolve, reject });
      thread.ref();
      thread.postMessage(job);
    }).finally(() => clearTimeout(deadline));
    if ('failed' in answer) throw new Error(answer.failed);
    return answer;
  }
}

function start(): Worker {
  if (worker) return worker;
  const started = startWorker(import.meta.url, 'parsing-worker', undefined, memory);
  started.unref();
  started.on('message', (answer: ParsingAnswer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
    // An idle thread must not keep the process alive.
    if (!waiting.size) started.unref();
  });
  // Out of memory, above all.
  started.on('error', () => giveUp(started));
  worker = started;
  return started;
}

/** Ends a thread with what it was asked; whoever comes next finds another. */
function giveUp(thread: Worker): void {
  if (worker === thread) worker = undefined;
  for (const [id, asked] of waiting) {
    if (asked.thread !== thread) continue;
    waiting.delete(id);
    asked.reject(new ApiError('unavailable', [], { retryAfter: 1 }));
  }
  void thread.terminate();
}

/** Puts a value together from its steps. */
function builder() {
  const root: { '': unknown } = { '': undefined };
  const open: object[] = [root];
  const put = (key: string | number, value: unknown) =>
    // Not an assignment, so that a member with the name `__proto__` is a normal property.
    Object.defineProperty(open.at(-1) ?? root, key, { value, writable: true, enumerable: true, configurable: true });
  const take = (steps: Step[]) => {
    for (const step of steps) {
      if (step === 'closes') open.pop();
      else if ('inexact' in step) put(step.key, new InexactNumber(step.inexact));
      else if ('opens' in step) {
        put(step.key, step.opens);
        open.push(step.opens);
      } else put(step.key, step.value);
    }
  };
  return { take, made: () => root[''] };
}
