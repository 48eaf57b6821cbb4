import type { z } from 'zod';

/** The permissions of a caller. No permission implies another. */
export const rights = ['read', 'define', 'write', 'directory', 'reveal', 'export', 'activity', 'staff'] as const;
export type Right = (typeof rights)[number];

export type Effect = 'read' | 'write' | 'own';

/** What makes a call long: a search through stored values, or a look at everything that is stored for a field. */
export type Effort = 'search' | 'survey';

/** One endpoint of the table. Routes, the typed client, OpenAPI and the test matrix derive from it. */
export interface Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, E extends Effect = Effect> {
  method: 'GET' | 'POST';
  path: `/api/${string}`;
  /** The caller needs one of these. `person` is any signed-in person (no access key). `public` needs no caller. */
  right: readonly Right[] | 'person' | 'public';
  /** A permission that the caller needs in addition. */
  also?: Right;
  /** A write that concerns the whole pool, although its permission can be limited to a tenant. */
  reach?: 'pool';
  /** Takes many fields or values at once, in a body of up to 16 MB. */
  body?: 'large';
  /**
   * A `write` runs in one transaction. `own` opens its own short transactions, because it must not hold one while it
   * waits.
   */
  effect: E;
  /** It may take long by itself, for a bounded time; others don't wait for it. */
  effort?: Effort;
  summary: string;
  input: I;
  output: O;
}

const kilobyte = 1024;

/**
 * The limit for anonymous callers. The server reads larger bodies only from callers with permission, and few at once.
 */
export const smallBody = 64 * kilobyte;
export const usualBody = kilobyte * kilobyte;

/** The largest body of an endpoint, in bytes. */
export function maxBody({ body, right }: Pick<Endpoint, 'body' | 'right'>): number {
  if (right === 'public') return smallBody;
  return body === 'large' ? 16 * usualBody : usualBody;
}

export function endpoint<I extends z.ZodType, O extends z.ZodType, E extends Effect>(
  definition: Endpoint<I, O, E>,
): Endpoint<I, O, E> {
  return definition;
}
