import type { Worker } from 'node:worker_threads';
import type { EndpointName } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { InexactNumber } from '#contract/wire/number';
import { startWorker } from '../worker.ts';
import type { Judged } from './input.ts';
import type { ParsingAnswer, ParsingJob, SignatureJob, Step } from './parsing-worker.ts';

/** What the thread may hold. A body that needs more costs the thread, not the server. */
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

/** When the thread is done with the body before: it holds one at a time. */
let turn: Promise<void> = Promise.resolve();

/** A body that is too large to be worked on in the thread that answers requests; another has it. */
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

  /** Takes the blocks away from whoever had them, once it is their turn; `drop` it in any case. */
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

  /** What it says to an endpoint, or what is wrong with it. */
  async parse(endpoint: EndpointName): Promise<Judged> {
    const build = builder();
    let answer = await this.#ask({ id: this.#id, does: 'parse', endpoint });
    while ('steps' in answer) {
      build.take(answer.steps);
      if (answer.isLast) {
        this.#forget();
        return { data: build.made() };
      }
      // Others have their turn between the slices.
      await new Promise(setImmediate);
      answer = await this.#ask({ id: this.#id, does: 'go on' });
    }
    return { issues: 'issues' in answer ? answer.issues : [] };
  }

  /** Forgets it. */
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
    // Idle, it keeps nobody from ending the process.
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
    // Not assigned: a member called __proto__ is a member like any other.
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
