import { sql } from 'kysely';
import type { TargetType } from '#contract/target';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { heldWords } from '../search/search.ts';
import { dropFromDrafts } from '../stores/drafts.ts';
import type { StoredField } from '../stores/fields.ts';
import { dropFromViews } from '../stores/views.ts';

/** Removes a key from drafts and saved views, because the key will belong to another field or to none. */
export async function dropTyped(
  trx: Trx,
  place: { tenantId: string; targetType: TargetType; key: string },
  isHeld?: (words: string) => Promise<boolean>,
): Promise<void> {
  await dropFromDrafts(trx, place);
  await dropFromViews(trx, place, isHeld);
}

/**
 * Runs when a field becomes masked or encrypted: no draft and no saved view keeps its values. Stored values of an
 * encrypted field follow in the background (sealing.ts).
 */
export async function dropTypedInto(trx: Trx, stored: StoredField): Promise<void> {
  const { id, field } = stored;
  const { targetType, key } = field;
  const { tenantId } = await trx.selectFrom('fields').select('tenantId').where('id', '=', id).executeTakeFirstOrThrow();
  // What people searched for may be a value of this field.
  const isHeld = async (words: string) => {
    const held = heldWords(trx, [{ ...stored, field: { ...stored.field, encrypted: false } }], words);
    return held !== undefined && (await sql`select 1 ${held} limit 1`.execute(trx)).rows.length > 0;
  };
  await dropTyped(trx, { tenantId, targetType, key }, isHeld);
}

/** Makes the first hash key if there is none. */
export async function requireHashKey({ db, vault }: Data<Trx>): Promise<void> {
  const known = await db.selectFrom('hashKeys').select('id').executeTakeFirst();
  if (!known) await vault.addHashKey(db);
}
