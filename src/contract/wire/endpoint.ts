import type { z } from 'zod';

/** What a caller may do. No right implies another. */
export const rights = ['read', 'define', 'write', 'directory', 'reveal', 'export', 'activity', 'staff'] as const;
export type Right = (typeof rights)[number];

export type Effect = 'read' | 'write' | 'own';

/** What makes a call long: looking through what is stored for what is asked, or at all that is held of a field. */
export type Effort = 'search' | 'survey';

/** One row of the table that routes, the typed client, OpenAPI and the test matrix derive from. */
export interface Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, E extends Effect = Effect> {
  method: 'GET' | 'POST';
  path: `/api/${string}`;
  /** Any one of these lets the caller in; `person` is whoever is signed in, and no access key; `public` needs nobody. */
  right: readonly Right[] | 'person' | 'public';
  /** A right that is needed beside it. */
  also?: Right;
  /** A write that concerns the whole pool, though its right can be had in one tenant. */
  reach?: 'pool';
  /** Takes many fields or values at once, in a body of up to 16 MB. */
  body?: 'large';
  /** A write runs in one transaction, all or nothing; `own` opens short ones of its own, as what waits between them mustn't hold one. */
  effect: E;
  /** It may take long by itself, for a bounded time; others don't wait for it. */
  effort?: Effort;
  summary: string;
  input: I;
  output: O;
}

const kilobyte = 1024;

/** What anybody may send, known or not: more is read of whoever may call only, and of few at once. */
export const smallBody = 64 * kilobyte;
export const usualBody = kilobyte * kilobyte;

/** How many bytes a body may have at an endpoint. */
export function maxBody({ body, right }: Pick<Endpoint, 'body' | 'right'>): number {
  if (right === 'public') return smallBody;
  return body === 'large' ? 16 * usualBody : usualBody;
}

export function endpoint<I extends z.ZodType, O extends z.ZodType, E extends Effect>(
  definition: Endpoint<I, O, E>,
): Endpoint<I, O, E> {
  return definition;
}
