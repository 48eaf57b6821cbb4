import type { z } from 'zod';

/** What a caller may do. No right implies another. */
export const rights = ['read', 'define', 'write', 'directory', 'reveal', 'export', 'activity', 'staff'] as const;
export type Right = (typeof rights)[number];

/** One row of the table that routes, the typed client, OpenAPI and the test matrix derive from. */
export interface Endpoint<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends 'read' | 'write' = 'read' | 'write',
> {
  method: 'GET' | 'POST';
  path: `/api/${string}`;
  /** Any one of these lets the caller in; `person` is whoever is signed in, and no access key; `public` needs nobody. */
  right: readonly Right[] | 'person' | 'public';
  /** A right that is needed beside it. */
  also?: Right;
  /** A write that concerns the whole pool, though its right can be had in one tenant. */
  reach?: 'pool';
  /** A write runs in one transaction, all or nothing. */
  effect: E;
  summary: string;
  input: I;
  output: O;
}

export function endpoint<I extends z.ZodType, O extends z.ZodType, E extends 'read' | 'write'>(
  definition: Endpoint<I, O, E>,
): Endpoint<I, O, E> {
  return definition;
}
