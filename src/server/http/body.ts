import type { IncomingMessage } from 'node:http';
import { smallBody } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { LargeBody } from './parsing.ts';

/** How many large bodies are in memory at once, how many more may wait, and how long they wait (milliseconds). */
const atOnce = 2;
const mostWaiting = 64;
const patience = 10_000;
/** Of those that wait, how many may come from one caller, and how many from callers that aren't proven. */
const mostOfOne = 8;
const mostUnproven = 32;
/** How long a small body may take to arrive; after how long a large one must come by so many bytes a second, on average. */
const slowest = 30_000;
const grace = 5_000;
const leastSpeed = 512 * 1024;

/** The body of a request: its text, or, if it is large, a handle to a worker thread that has it. */
export type Body = string | LargeBody;

/** Who sends a large body. Anybody can name a key: until its signature is checked, which takes the whole body, it is unproven. */
export interface Sender {
  name: string;
  isProven: boolean;
}

/** A place in the gate: `leave` gives it back, once. An unproven sender loses a slow body when another one waits (`isWanted`). */
export interface Place {
  leave(): void;
  isWanted(): boolean;
}

/**
 * Lets few large bodies in at once; the others wait, unread. A sender has one place at most, and all unproven senders
 * share one place: they can't keep out a proven sender.
 */
export interface Gate {
  /** Takes a place. Throws `unavailable` if there is none in time. */
  enter(sender: Sender): Promise<Place>;
}

interface Waiting extends Sender {
  call: () => void;
}

export function makeGate(wait = patience): Gate {
  const inside = new Set<Sender>();
  let queue: Waiting[] = [];
  const fits = ({ name, isProven }: Sender) =>
    inside.size < atOnce && ![...inside].some((other) => other.name === name || !(isProven || other.isProven));
  const isFull = ({ name, isProven }: Sender) =>
    queue.length >= mostWaiting ||
    queue.filter((other) => other.name === name).length >= mostOfOne ||
    (!isProven && queue.filter((other) => !other.isProven).length >= mostUnproven);
  const place = ({ name, isProven }: Sender): Place => {
    const mine = { name, isProven };
    inside.add(mine);
    return {
      leave() {
        if (inside.delete(mine)) queue.find(fits)?.call();
      },
      isWanted: () => !isProven && queue.some((other) => !other.isProven && other.name !== name),
    };
  };
  return {
    async enter(sender) {
      if (fits(sender)) return place(sender);
      if (isFull(sender)) throw busy();
      return new Promise((resolve, reject) => {
        const stopWaiting = () => {
          clearTimeout(timer);
          queue = queue.filter((other) => other !== waiting);
        };
        const call = () => {
          stopWaiting();
          resolve(place(sender));
        };
        const waiting: Waiting = { ...sender, call };
        const timer = setTimeout(() => {
          stopWaiting();
          reject(busy());
        }, wait);
        queue.push(waiting);
      });
    },
  };
}

const busy = () => new ApiError('unavailable', [], { retryAfter: 5 });

/**
 * Reads the body of a request. Anybody may send a small one. For a large one, `admit` first refuses who may not call,
 * before anything is read, and says who sends; then the body waits for its place.
 */
export async function readBody(
  message: IncomingMessage,
  { limit, gate, admit }: { limit: number; gate: Gate; admit: () => Promise<Sender> },
): Promise<Body> {
  const declared = Number(message.headers['content-length']) || 0;
  if (declared > limit) throw new ApiError('bodyTooLarge');
  let place: Place | undefined;
  let isOver = false;
  const enter = async () => {
    if (place) return;
    const given = await gate.enter(await admit());
    // Whoever sent it may have gone while it waited, and nobody is left to give the place back.
    if (isOver || message.destroyed) {
      given.leave();
      throw new ApiError('unavailable');
    }
    place = given;
  };
  try {
    if (declared > smallBody) await enter();
    const blocks = await collect(message, { limit, declared, enter, isWanted: () => place?.isWanted() ?? false });
    return place ? await LargeBody.of(blocks, place.leave) : Buffer.concat(blocks).toString();
  } catch (error) {
    isOver = true;
    place?.leave();
    throw error;
  }
}

type Block = Uint8Array<ArrayBuffer>;
/** Blocks instead of one large buffer, because the allocator returns memory of that size slowly. */
const blockSize = 256 * 1024;

interface Collecting {
  limit: number;
  declared: number;
  enter: () => Promise<void>;
  isWanted: () => boolean;
}

/** All of a body, in blocks. */
function collect(message: IncomingMessage, { limit, declared, enter, isWanted }: Collecting): Promise<Block[]> {
  return new Promise((resolve, reject) => {
    const blocks = makeBlocks();
    let isLarge = declared > smallBody;
    let since = Date.now();
    // Who sends a byte now and then doesn't keep a place.
    const watch = setInterval(() => {
      const time = Date.now() - since;
      const isSlow = isLarge ? blocks.size() < ((time - grace) / 1_000) * leastSpeed : time > slowest;
      if (isSlow || (isLarge && time > grace && isWanted())) fail(busy());
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
