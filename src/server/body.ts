import type { IncomingMessage } from 'node:http';
import { smallBody } from '#contract/endpoint';
import { ApiError } from '#contract/errors';
import { LargeBody } from './parsing.ts';

/** How many large bodies are in memory at once, how many may wait for that, and for how long (milliseconds). */
const atOnce = 2;
const mostWaiting = 64;
const patience = 10_000;
/** How long a large body may take to arrive. */
const slowest = 30_000;

/** What a request brought: its text, or where it is too large to be worked on here, another thread's. */
export type Body = string | LargeBody;

/** Lets few large bodies in at once; the others wait, unread. */
export interface Gate {
  /** A place, to be given back; refused with `unavailable` where there is none in time. */
  enter(): Promise<() => void>;
}

export function makeGate(wait = patience): Gate {
  let free = atOnce;
  const queue: (() => void)[] = [];
  const place = () => {
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = queue.shift();
      if (next) next();
      else free += 1;
    };
  };
  return {
    async enter() {
      if (free > 0) {
        free -= 1;
        return place();
      }
      if (queue.length >= mostWaiting) throw busy();
      return new Promise((resolve, reject) => {
        const call = () => {
          clearTimeout(timer);
          resolve(place());
        };
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(call), 1);
          reject(busy());
        }, wait);
        queue.push(call);
      });
    },
  };
}

const busy = () => new ApiError('unavailable', [], { retryAfter: 5 });

/**
 * Reads the body of a request. What is small is anybody's; for more than that `admit` is asked first, so that nothing is
 * read of whoever may not call, and then there must be a place.
 */
export async function readBody(
  message: IncomingMessage,
  { limit, gate, admit }: { limit: number; gate: Gate; admit: () => Promise<unknown> },
): Promise<Body> {
  const declared = Number(message.headers['content-length']) || 0;
  if (declared > limit) throw new ApiError('bodyTooLarge');
  let leave: (() => void) | undefined;
  const enter = async () => {
    if (leave) return;
    await admit();
    leave = await gate.enter();
    if (message.destroyed) throw new ApiError('unavailable');
  };
  try {
    if (declared > smallBody) await enter();
    const blocks = await collect(message, limit, declared, enter);
    return leave ? await LargeBody.of(blocks, leave) : Buffer.concat(blocks).toString();
  } catch (error) {
    leave?.();
    throw error;
  }
}

type Block = Uint8Array<ArrayBuffer>;
/** Not the whole in one piece: memory of that size is what an allocator is slow to give back. */
const blockSize = 256 * 1024;

/** All of a body, in blocks. */
function collect(
  message: IncomingMessage,
  limit: number,
  declared: number,
  enter: () => Promise<void>,
): Promise<Block[]> {
  return new Promise((resolve, reject) => {
    const blocks = makeBlocks();
    let isLarge = declared > smallBody;
    const timer = setTimeout(() => fail(new ApiError('unavailable', [], { retryAfter: 5 })), slowest);
    const stop = () => {
      clearTimeout(timer);
      message.pause();
      message.off('data', take).off('end', finish).off('close', gone);
    };
    const fail = (error: unknown) => {
      stop();
      reject(error);
    };
    const gone = () => fail(new ApiError('unavailable'));
    const finish = () => {
      stop();
      resolve(blocks.all());
    };
    const take = (chunk: Uint8Array) => {
      const size = blocks.add(chunk);
      if (size > limit) return fail(new ApiError('bodyTooLarge'));
      if (isLarge || size <= smallBody) return;
      isLarge = true;
      message.pause();
      enter().then(() => message.resume(), fail);
    };
    message.on('data', take).on('end', finish).on('close', gone).on('error', gone);
  });
}

function makeBlocks() {
  const full: Block[] = [];
  let block: Block = new Uint8Array(smallBody);
  let used = 0;
  let size = 0;
  const add = (chunk: Uint8Array): number => {
    for (let at = 0; at < chunk.length; ) {
      if (used === block.length) {
        full.push(block);
        block = new Uint8Array(blockSize);
        used = 0;
      }
      const part = chunk.subarray(at, at + block.length - used);
      block.set(part, used);
      used += part.length;
      at += part.length;
    }
    size += chunk.length;
    return size;
  };
  return { add, all: (): Block[] => [...full, block.subarray(0, used)] };
}
