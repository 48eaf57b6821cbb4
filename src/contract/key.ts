import { z } from 'zod';
import type { Right } from './wire/endpoint.ts';
import { storable, whole, word } from './wire/scalars.ts';

/** The permissions that an access key can have: all except managing the team and access keys. */
export const keyScopes = [
  'read',
  'write',
  'define',
  'directory',
  'activity',
  'export',
  'reveal',
] as const satisfies readonly Right[];

/** An access key in a list, without its secret. */
export const accessKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  /**
   * The console role that decides which fields the key sees and limits its scopes. Null if the command line made the
   * key.
   */
  role: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Null: never. */
  expiresAt: z.string().nullable(),
  /** Accurate to the minute. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  /** Until then the secret from before the last rotation also works. */
  formerUntil: z.string().nullable(),
});
export type AccessKey = z.output<typeof accessKey>;

/** The secret is shown only once. */
export const keyWithSecret = z.object({ id: z.string(), secret: z.string() });

export const newKey = z.object({
  name: storable.trim().min(1).max(128),
  scopes: z.array(word(keyScopes)).min(1),
  /** The console role of the key. Absent: the caller's own role. */
  role: z.string().max(64).optional(),
  /** Days from now. Null or absent: never. */
  days: whole(1, 3_650).nullish(),
});

/** How long the former secret works beside the new one. */
export const maxOverlapHours = 24 * 30;
export const rotation = z.object({ id: z.string().max(64), overlapHours: whole(0, maxOverlapHours) });

export type KeyState = 'active' | 'expired' | 'revoked';

export function keyStateOf({ expiresAt, revokedAt }: AccessKey, now: string): KeyState {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}
