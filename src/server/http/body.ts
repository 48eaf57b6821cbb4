import type { IncomingMessage } from 'node:http';
import { smallBody } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { LargeBody } from './parsing.ts';

/** How many large bodies are in memory at once, how many may wait for that, and for how long (milliseconds). */
const atOnce = 2;
const mostWaiting = 64;
const patience = 10_000;
/** Of those that wait, how many may be in the name of one key that nobody proved yet. */
const mostUnproven = 8;
/** How long a small body may take to arrive; after how long a large one must come by so many bytes a second, on average. */
const slowest = 30_000;
const grace = 5_000;
const leastSpeed = 512 * 1024;

/** What a request brought: its text, or where it is too large to be worked on here, another thread's. */
export type Body = string | LargeBody;

/** Lets few large bodies in at once; the others wait, unread. */
export interface Gate {
  /**
   * A place, to be given back; refused with `unavailable` where there is none in time. Anybody can name a key, and only a
   * whole body proves that it is theirs: in the name of such a key (`unproven`) one at a time is let in.
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
 * Reads the body of a request. What is small is anybody's; for more than that `admit` is asked first, so that nothing is
 * read of whoever may not call (it says in which key's name somebody comes who can't be proven yet), and then there must
 * be a place.
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
    let since = Date.now();
    // A place isn't held by whoever sends a sign now and then.
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
