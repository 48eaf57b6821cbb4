import { createHash } from 'node:crypto';
import type { Value } from '#contract/value';
import { inSlices } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';

/** The scope in which a unique field's values must differ. */
export const fieldScope = (fieldId: number) => `field:${fieldId}`;

/** What is compared for uniqueness: text exactly after NFC, numbers by value. A digest, as long text fits no index. */
export function claimKey(value: Value): string {
  const text = typeof value === 'string' ? `s${value.normalize('NFC')}` : `${typeof value}${value}`;
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * Makes a key of a scope somebody's own. Its present holder if that is somebody else, undefined on success: the primary
 * key lets exactly one of any number of simultaneous writers win, and the others wait for its transaction to end.
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
    // Nobody any more: whoever had it gave it up between the two statements.
    if (holder !== undefined) return holder === targetId ? undefined : holder;
  }
}

/** Makes these the only claims of a scope; nobody else may write any of them meanwhile. */
export async function claimAll(trx: Trx, scope: string, entries: { key: string; targetId: number }[]): Promise<void> {
  await trx.deleteFrom('claims').where('scope', '=', scope).execute();
  const rows = entries.map((entry) => ({ scope, ...entry }));
  await inSlices(rows, (slice) => trx.insertInto('claims').values(slice).execute());
}

/** Frees what a target claims in a scope. */
export async function release(trx: Trx, scope: string, targetId: number): Promise<void> {
  await trx.deleteFrom('claims').where('scope', '=', scope).where('targetId', '=', targetId).execute();
}

/** Frees all that targets claim, when they go into the trash. */
export async function releaseAll(trx: Trx, targetIds: number[]): Promise<void> {
  await trx.deleteFrom('claims').where('targetId', 'in', targetIds).execute();
}

/** The names that targets claim, by target; the values of unique fields follow from their rows. */
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
