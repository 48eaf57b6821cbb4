import { z } from 'zod';
import type { Right } from './wire/endpoint.ts';
import { storable, whole, word } from './wire/scalars.ts';

/** What an access key can be given: everything but managing staff and keys. */
export const keyScopes = [
  'read',
  'write',
  'define',
  'directory',
  'activity',
  'export',
  'reveal',
] as const satisfies readonly Right[];

/** An access key as it is listed, without its secret. */
export const accessKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  /** The role as which it sees fields, and whose rights bound its scopes; null is one that the command line made. */
  role: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Null is never. */
  expiresAt: z.string().nullable(),
  /** To the minute. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  /** Until then the secret before the last rotation works too. */
  formerUntil: z.string().nullable(),
});
export type AccessKey = z.output<typeof accessKey>;

/** A secret is told this once. */
export const keyWithSecret = z.object({ id: z.string(), secret: z.string() });

export const newKey = z.object({
  name: storable.trim().min(1).max(128),
  scopes: z.array(word(keyScopes)).min(1),
  /** Whose sight it has; absent is one’s own. */
  role: z.string().max(64).optional(),
  /** Days from now; null or absent is never. */
  days: whole(1, 3_650).nullish(),
});

/** How long the former secret goes on working beside the new one. */
export const maxOverlapHours = 24 * 30;
export const rotation = z.object({ id: z.string().max(64), overlapHours: whole(0, maxOverlapHours) });

export type KeyState = 'active' | 'expired' | 'revoked';

export function keyStateOf({ expiresAt, revokedAt }: AccessKey, now: string): KeyState {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}
