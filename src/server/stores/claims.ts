import { createHash } from 'node:crypto';
import type { Value } from '#contract/value';
import { normalise } from '#contract/wire/fold';
import { inSlices } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';

/** The scope in which a unique field's values must differ. */
export const fieldScope = (fieldId: number) => `field:${fieldId}`;

/** The key for uniqueness: text exactly after NFC, numbers by value. A digest, because no index holds long text. */
export function claimKey(value: Value): string {
  const text = typeof value === 'string' ? `s${normalise(value, 'NFC')}` : `${typeof value}${value}`;
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * Claims a key of a scope for a target. Returns the current holder if it is another target, undefined on success. The
 * primary key lets exactly one of several concurrent writers succeed; the others wait for its transaction.
 */
export async function claim(trx: Trx, scope: string, key: string, targetId: number): Promise<number | undefined> {
  for (;;) {
    const mine = await trx
      .insertInto('claims')
      .values({ scope, key, targetId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('targetId')
      .executeTakeFirst();
    if (mine) return undefined;
    const holder = await holderOf(trx, scope, key);
    // The holder released it between the two statements, so try again.
    if (holder !== undefined) return holder === targetId ? undefined : holder;
  }
}

/** Replaces all claims of a scope. No other transaction may write claims of this scope at the same time. */
export async function claimAll(trx: Trx, scope: string, entries: { key: string; targetId: number }[]): Promise<void> {
  await trx.deleteFrom('claims').where('scope', '=', scope).execute();
  const rows = entries.map((entry) => ({ scope, ...entry }));
  await inSlices(rows, (slice) => trx.insertInto('claims').values(slice).execute());
}

/** Releases what a target claims in a scope. */
export async function release(trx: Trx, scope: string, targetId: number): Promise<void> {
  await trx.deleteFrom('claims').where('scope', '=', scope).where('targetId', '=', targetId).execute();
}

/** Releases all claims of targets that move to the trash. */
export async function releaseAll(trx: Trx, targetIds: number[]): Promise<void> {
  await trx.deleteFrom('claims').where('targetId', 'in', targetIds).execute();
}

/** The names that targets claim, by target, without values of unique fields, which their rows have. */
export async function findClaims(db: Db, targetIds: number[]): Promise<Map<number, { scope: string; key: string }[]>> {
  const rows = await db
    .selectFrom('claims')
    .selectAll()
    .where('targetId', 'in', targetIds)
    .where('scope', 'not like', `${fieldScope(0).slice(0, -1)}%`)
    .execute();
  const found = new Map<number, { scope: string; key: string }[]>();
  for (const { targetId, scope, key } of rows) found.set(targetId, [...(found.get(targetId) ?? []), { scope, key }]);
  return found;
}

async function holderOf(db: Db, scope: string, key: string): Promise<number | undefined> {
  const found = await db
    .selectFrom('claims')
    .select('targetId')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst();
  return found?.targetId;
}
