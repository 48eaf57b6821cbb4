import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '#contract/wire/errors';
import type { Db } from './database/schema.ts';

/** A rate limit: `points` attempts per key, within `seconds` of the first one. */
export interface Limiter {
  name: string;
  points: number;
  seconds: number;
}

/**
 * Takes an attempt before the work that it is for. If none is left, it refuses and says when there is one again. The
 * database counts, so that concurrent calls and several processes share the limit. Outside a transaction, pass
 * `database.brief`. Inside one, pass the transaction, and answer only after it commits.
 */
export async function take(db: Db, { name, points, seconds }: Limiter, key: string): Promise<void> {
  const now = Date.now();
  const expiresAt = now + seconds * 1_000;
  const orNew = <T>(fresh: T, present: RawBuilder<unknown>) =>
    sql<T>`case when attempts.expires_at <= ${sql.lit(now)} then ${sql.lit(fresh)} else ${present} end`;
  const more = sql`attempts.points + case when attempts.points > ${sql.lit(points)} then 0 else 1 end`;
  const taken = await db
    .insertInto('attempts')
    .values({ key: `${name} ${key}`, points: 1, expiresAt })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        points: orNew(1, more),
        expiresAt: orNew(expiresAt, sql`attempts.expires_at`),
      }),
    )
    .returning(['points', 'expiresAt'])
    .executeTakeFirstOrThrow();
  if (taken.points <= points) return;
  throw new ApiError('tooManyRequests', [], { retryAfter: Math.max(1, Math.ceil((taken.expiresAt - now) / 1_000)) });
}

/** Takes an attempt under each of several keys, or under none where one refuses. */
export async function takeAll(db: Db, keys: { limiter: Limiter; key: string }[]): Promise<void> {
  const taken: typeof keys = [];
  try {
    for (const one of keys) {
      await take(db, one.limiter, one.key);
      taken.push(one);
    }
  } catch (error) {
    for (const { limiter, key } of taken) await giveBack(db, limiter, key);
    throw error;
  }
}

/** Gives an attempt back that succeeded. One more than all of them stands for any number that was refused. */
export async function giveBack(db: Db, { name, points }: Limiter, key: string): Promise<void> {
  const taken = sql<number>`case when points > ${sql.lit(points)} then ${sql.lit(points)} else points end`;
  await db
    .updateTable('attempts')
    .set({ points: sql<number>`${taken} - 1` })
    .where('key', '=', `${name} ${key}`)
    .where('points', '>', 0)
    .execute();
}

/** Resets the attempts of a key. */
export async function forgetAttempts(db: Db, { name }: Limiter, key: string): Promise<void> {
  await db.deleteFrom('attempts').where('key', '=', `${name} ${key}`).execute();
}
