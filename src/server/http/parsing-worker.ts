import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { parentPort } from 'node:worker_threads';
import type { EndpointName } from '#contract/endpoints';
import type { Issue } from '#contract/wire/issue';
import { InexactNumber } from '#contract/wire/number';
import { loadPatternEngine } from '#contract/wire/pattern';
import { judgeBody } from './input.ts';
import { type Family, isSigned, type SignedRequest } from './signature.ts';

// Does the slow work on a large body in its own thread: hashing, parsing and validation. It returns the result in
// slices, because receiving it at once would block the main thread.

/** A signature and the secret that may have made it; the body is here already. */
export interface SignatureJob {
  request: Omit<SignedRequest, 'body'>;
  family: Family;
  secret: string;
  signature: string;
}
export type ParsingJob = { id: number } & (
  | { does: 'take'; blocks: Uint8Array[] }
  | { does: 'verify'; job: SignatureJob }
  | { does: 'parse'; endpoint: EndpointName }
  | { does: 'go on' }
  | { does: 'drop' }
);

/** A step in building a value: a scalar, or the start or end of a list or an object. */
export type Step =
  | { key: string | number; value: unknown }
  | { key: string | number; opens: unknown[] | object }
  | { key: string | number; inexact: string }
  | 'closes';
export type ParsingAnswer = { id: number } & (
  | { isSigned: boolean }
  | { issues: Issue[] }
  | { steps: Step[]; isLast: boolean }
  | { failed: string }
);

const stepsAtOnce = 2_000;
const texts = new Map<number, string>();
const steps = new Map<number, Generator<Step>>();
const loaded = loadPatternEngine();
yieldToOthers();

parentPort?.on('message', async (job: ParsingJob) => {
  await loaded;
  try {
    const answer = answerTo(job);
    if (answer) parentPort?.postMessage(answer satisfies ParsingAnswer);
  } catch (error) {
    parentPort?.postMessage({ id: job.id, failed: String(error) } satisfies ParsingAnswer);
  }
});

function answerTo(job: ParsingJob): ParsingAnswer | undefined {
  const { id } = job;
  const text = texts.get(id) ?? '';
  switch (job.does) {
    case 'take':
      texts.set(id, decode(job.blocks));
      // Frees their memory now, not at the next garbage collection.
      structuredClone(null, { transfer: job.blocks.map(({ buffer }) => buffer) });
      return undefined;
    case 'verify': {
      const { request, family, secret, signature } = job.job;
      return { id, isSigned: isSigned({ ...request, body: text }, family, secret, signature) };
    }
    case 'parse': {
      const judged = judgeBody(job.endpoint, text);
      texts.set(id, '');
      if ('issues' in judged) return { id, issues: judged.issues };
      steps.set(id, stepsOf('', judged.data));
      return slice(id);
    }
    case 'go on':
      return slice(id);
    case 'drop':
      texts.delete(id);
      steps.delete(id);
      return undefined;
  }
}

function decode(blocks: Uint8Array[]): string {
  const decoder = new StringDecoder('utf8');
  return (
    blocks.map((block) => decoder.write(Buffer.from(block.buffer, block.byteOffset, block.byteLength))).join('') +
    decoder.end()
  );
}

function slice(id: number): ParsingAnswer {
  const taken: Step[] = [];
  while (taken.length < stepsAtOnce) {
    const next = steps.get(id)?.next();
    if (!next || next.done) return { id, steps: taken, isLast: true };
    taken.push(next.value);
  }
  return { id, steps: taken, isLast: false };
}

function* stepsOf(key: string | number, value: unknown): Generator<Step> {
  if (value instanceof InexactNumber) yield { key, inexact: value.text };
  else if (typeof value !== 'object' || value === null) yield { key, value };
  else {
    yield { key, opens: Array.isArray(value) ? [] : {} };
    for (const [inner, item] of Array.isArray(value) ? value.entries() : Object.entries(value))
      yield* stepsOf(inner, item);
    yield 'closes';
  }
}

/** Gives this thread a low priority, so that requests run first. Only Linux has a priority per thread. */
function yieldToOthers(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_LOW);
  } catch {
    // On other systems it runs at normal priority.
  }
}
