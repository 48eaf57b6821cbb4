import type { IncomingMessage } from 'node:http';
import { smallBody } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { LargeBody } from './parsing.ts';

/** How many large bodies are in memory at once, how many more may wait, and how long they wait (milliseconds). */
const atOnce = 2;
const mostWaiting = 64;
const patience = 10_000;
/** How many of the waiting bodies may name the same unproven access key. */
const mostUnproven = 8;
/** How long a small body may take to arrive. A large one must arrive at this speed on average, after `grace`. */
const slowest = 30_000;
const grace = 5_000;
const leastSpeed = 512 * 1024;

/** The body of a request: its text, or, if it is large, a handle to a worker thread that has it. */
export type Body = string | LargeBody;

/** Admits few large bodies at once. The others wait, unread. */
export interface Gate {
  /**
   * Takes a place and returns the function that releases it. Throws `unavailable` if no place is free in time. Anybody
   * can name an access key, and only the whole body proves its signature, so an `unproven` key gets one place at a
   * time.
   */
  enter(unproven?: string): Promise<() => void>;
}

interface Waiting {
  unproven: string | undefined;
  call: () => void;
}

export function makeGate(wait = patience): Gate {
  const inside = new Set<{ unproven: string | undefined }>();
  let queue: Waiting[] = [];
  const has = (all: Iterable<{ unproven: string | undefined }>, name: string | undefined) =>
    name === undefined ? 0 : [...all].filter(({ unproven }) => unproven === name).length;
  const fits = (unproven: string | undefined) => inside.size < atOnce && !has(inside, unproven);
  const place = (unproven: string | undefined) => {
    const mine = { unproven };
    inside.add(mine);
    return () => {
      if (!inside.delete(mine)) return;
      const next = queue.find((one) => fits(one.unproven));
      next?.call();
    };
  };
  return {
    async enter(unproven) {
      if (fits(unproven)) return place(unproven);
      if (queue.length >= mostWaiting || has(queue, unproven) >= mostUnproven) throw busy();
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          queue = queue.filter((one) => one !== waiting);
        };
        const call = () => {
          leave();
          resolve(place(unproven));
        };
        const waiting: Waiting = { unproven, call };
        const timer = setTimeout(() => {
          leave();
          reject(busy());
        }, wait);
        queue.push(waiting);
      });
    },
  };
}

const busy = () => new ApiError('unavailable', [], { retryAfter: 5 });

/**
 * Reads the body of a request. Anybody may send a small body. For a larger one, `admit` runs first, so that the server
 * reads nothing from a caller without permission. `admit` returns the access key that the request names but can't prove
 * yet. The body then waits for a place.
 */
export async function readBody(
  message: IncomingMessage,
  { limit, gate, admit }: { limit: number; gate: Gate; admit: () => Promise<string | undefined> },
): Promise<Body> {
  const declared = Number(message.headers['content-length']) || 0;
  if (declared > limit) throw new ApiError('bodyTooLarge');
  let leave: (() => void) | undefined;
  const enter = async () => {
    if (leave) return;
    leave = await gate.enter(await admit());
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
/** Blocks instead of one large buffer, because the allocator returns memory of that size slowly. */
const blockSize = 256 * 1024;

/** Reads a whole body into blocks. */
function collect(
  message: IncomingMessage,
  limit: number,
  declared: number,
  enter: () => Promise<void>,
): Promise<Block[]> {
  return new Promise((resolve, reject) => {
    const blocks = makeBlocks();
    let isLarge = declared > smallBody;
    let since = Date.now();
    // A client that sends a byte now and then must not keep a place.
    const watch = setInterval(() => {
      const time = Date.now() - since;
      if (isLarge ? blocks.size() < ((time - grace) / 1_000) * leastSpeed : time > slowest) fail(busy());
    }, 500);
    const stop = () => {
      clearInterval(watch);
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
      since = Number.POSITIVE_INFINITY;
      enter().then(() => {
        since = Date.now();
        message.resume();
      }, fail);
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
  return { add, size: () => size, all: (): Block[] => [...full, block.subarray(0, used)] };
}
