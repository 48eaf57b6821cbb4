import { sql } from 'kysely';
import { isPostgres } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import { deleteDrafts } from '../stores/drafts.ts';

// Whoever is signing in while all sessions of their account are ended has to begin anew. Among the attempts it is kept
// for an hour when that was: longer than a sign-in takes.

const hour = 3_600_000;
const keyStart = 'sessions ended ';

/** The time until which it is kept that an account's sessions were ended, as a column of `staff`. */
export const endKept = sql<number | null>`(
  select ended.expires_at from attempts ended where ended.key = ${sql.lit(keyStart)} || staff.id)`.as('endKept');

/** Whether an account's sessions were ended after a time. */
export const endedSince = ({ endKept: until }: { endKept: number | null }, time: number): boolean =>
  until !== null && until - hour > time;

/** Ends all sessions of an account, also those that begin now. */
export async function endSessions(trx: Trx, staffId: string): Promise<void> {
  // Holds the account: whoever signs in has their session already, or sees that it was to end.
  await trx
    .selectFrom('staff')
    .select('id')
    .where('id', '=', staffId)
    .$if(isPostgres(trx), (query) => query.forUpdate())
    .execute();
  await noteEnd(trx, staffId);
  await trx.deleteFrom('sessions').where('staffId', '=', staffId).execute();
  await deleteDrafts(trx, staffId);
}

async function noteEnd(db: Db, staffId: string): Promise<void> {
  const row = { points: 1, expiresAt: Date.now() + hour };
  await db
    .insertInto('attempts')
    .values({ key: keyStart + staffId, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}
