import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '#contract/wire/errors';
import type { Db, Trx } from './database/schema.ts';

/** A rate limit: `points` attempts per key, within `seconds` of the first one. */
export interface Limiter {
  name: string;
  points: number;
  seconds: number;
}

/**
 * Takes an attempt, or several at once, before the work that it is for. If none is left, it refuses and says when there is one again. The
 * database counts, so that concurrent calls and several processes share the limit. Outside a transaction, pass
 * `database.brief`. Inside one, pass the transaction, and answer only after it commits.
 */
export async function take(db: Db, { name, points, seconds }: Limiter, key: string, by = 1): Promise<void> {
  const now = Date.now();
  const expiresAt = now + seconds * 1_000;
  const orNew = <T>(fresh: T, present: RawBuilder<unknown>) =>
    sql<T>`case when attempts.expires_at <= ${sql.lit(now)} then ${sql.lit(fresh)} else ${present} end`;
  const more = sql`attempts.points + case when attempts.points > ${sql.lit(points)} then 0 else ${sql.lit(by)} end`;
  const taken = await db
    .insertInto('attempts')
    .values({ key: `${name} ${key}`, points: by, expiresAt })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        points: orNew(by, more),
        expiresAt: orNew(expiresAt, sql`attempts.expires_at`),
      }),
    )
    .returning(['points', 'expiresAt'])
    .executeTakeFirstOrThrow();
  if (taken.points <= points) return;
  throw new ApiError('tooManyRequests', [], { retryAfter: Math.max(1, Math.ceil((taken.expiresAt - now) / 1_000)) });
}

/** Attempts that may be given back. */
export interface Taken {
  limiter: Limiter;
  key: string;
  count: number;
  /** When they end by themselves. Those after them are none of these. */
  expiresAt: number;
}

/** Takes attempts in a transaction, as many as are left but at least one. */
export async function takeSome(trx: Trx, limiter: Limiter, key: string, wanted: number): Promise<Taken> {
  // It holds the row.
  await take(trx, limiter, key);
  const attempts = `${limiter.name} ${key}`;
  const { points, expiresAt } = await trx
    .selectFrom('attempts')
    .select(['points', 'expiresAt'])
    .where('key', '=', attempts)
    .executeTakeFirstOrThrow();
  const more = Math.min(wanted - 1, limiter.points - points);
  if (more > 0)
    await trx
      .updateTable('attempts')
      .set({ points: points + more })
      .where('key', '=', attempts)
      .execute();
  return { limiter, key, count: 1 + Math.max(0, more), expiresAt: Number(expiresAt) };
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

/** Gives attempts back that succeeded. One more than all of them stands for any number that was refused. */
export const giveBack = (db: Db, limiter: Limiter, key: string): Promise<void> => putBack(db, limiter, key, 1);

/** The same for those that were taken together, unless they ended meanwhile. */
export const giveBackTaken = (db: Db, { limiter, key, count, expiresAt }: Taken): Promise<void> =>
  putBack(db, limiter, key, count, expiresAt);

async function putBack(db: Db, { name, points }: Limiter, key: string, count: number, expiresAt?: number) {
  const taken = sql<number>`case when points > ${sql.lit(points)} then ${sql.lit(points)} else points end`;
  await db
    .updateTable('attempts')
    .set({ points: sql<number>`case when ${taken} > ${sql.lit(count)} then ${taken} - ${sql.lit(count)} else 0 end` })
    .where('key', '=', `${name} ${key}`)
    .$if(expiresAt !== undefined, (query) => query.where('expiresAt', '=', expiresAt ?? 0))
    .execute();
}

/** Resets the attempts of a key. */
export async function forgetAttempts(db: Db, { name }: Limiter, key: string): Promise<void> {
  await db.deleteFrom('attempts').where('key', '=', `${name} ${key}`).execute();
}
