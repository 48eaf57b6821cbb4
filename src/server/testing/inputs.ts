import type { z } from 'zod';
import { type EndpointName, endpoints, type Sent } from '#contract/endpoints';
import { partsOf } from '#contract/wire/parts';

// Random inputs for any endpoint, made from its schema. Search tests (interference.test.ts, pairs.test.ts) use them, so
// that a new endpoint is included automatically.

/** Numbers from 0 to 1. The same seed gives the same numbers. */
export type Random = () => number;

/** Mulberry32 by Tommy Ettinger: small, and good enough for searching. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

/**
 * The possible values by property name: `userId`, `USER.targetIdentifier` (for that target type), or `updateRole.code`
 * (for that endpoint). The longer name wins. `key` and `value` also fill records and unknowns.
 */
export type Pools = Record<string, unknown[]>;

interface Place {
  random: Random;
  pools: Pools;
  endpoint: EndpointName;
  /** The properties that are already made, from the outermost object inwards. */
  made: Record<string, unknown>;
}

/** A random input for an endpoint, mostly from the pools. The same random numbers give the same input. */
export function inputFor<N extends EndpointName>(endpoint: N, random: Random, pools: Pools): Sent<N> {
  return made(endpoints[endpoint].input, endpoint, { random, pools, endpoint, made: {} }) as Sent<N>;
}

const boundsOf = (schema: z.ZodType) => schema._zod.bag as { minimum?: number; maximum?: number };

function made(schema: z.ZodType, name: string, place: Place): unknown {
  const { random, pools } = place;
  const def = partsOf(schema);
  if (def.type === 'optional' || def.type === 'nullable') {
    if (pools[`${place.endpoint}.${name}`] === undefined && random() < 0.55) return undefined;
    return made(def.innerType, name, place);
  }
  const known = poolOf(name, place);
  if (known?.length && random() < 0.95) return pick(random, known);
  switch (def.type) {
    case 'object':
      return objectOf(def.shape, place);
    case 'array':
      return Array.from({ length: 1 + Math.floor(random() * 3) }, () => made(def.element, singular(name), place));
    case 'record':
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 3) }, () => [
          pick(random, poolOf(`${name}.key`, place) ?? pools.key ?? ['x']),
          made(def.valueType, `${name}.value`, place),
        ]),
      );
    case 'union':
      return made(pick(random, def.options) as z.ZodType, name, place);
    case 'enum':
      return pick(random, Object.values(def.entries));
    case 'literal':
      return def.values[0];
    case 'pipe':
      return made(partsOf(def.in).type === 'transform' ? def.out : def.in, name, place);
    case 'default':
    case 'prefault':
    case 'readonly':
      return made(def.innerType, name, place);
    case 'boolean':
      return random() < 0.5;
    case 'number': {
      const { minimum = 0, maximum = 40 } = boundsOf(schema);
      return Math.max(minimum, 0) + Math.floor(random() * Math.min(maximum - Math.max(minimum, 0) + 1, 12));
    }
    case 'unknown':
      return pick(random, pools.value ?? ['x']);
    case 'undefined':
      return undefined;
    case 'string':
      return pick(random, pools[''] ?? words);
    default:
      throw new Error(`${place.endpoint}: no random input for ${def.type} at ${name}.`);
  }
}

const words = ['one', 'two', 'three', 'née', '四'];

function objectOf(shape: Record<string, z.ZodType>, place: Place) {
  const inner: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const value = made(schema, name, { ...place, made: { ...place.made, ...inner } });
    if (value !== undefined) inner[name] = value;
  }
  return inner;
}

const poolOf = (name: string, { pools, endpoint, made: { targetType } }: Place) =>
  pools[`${endpoint}.${name}`] ?? pools[`${targetType}.${name}`] ?? pools[name];

/** The name of an item of a list: `userIds` has `userId`s, `filters` has `filter`s. */
const singular = (name: string) => name.replace(/s$/, '');
