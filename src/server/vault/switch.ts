import type { TargetType } from '#contract/target';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { dropFromDrafts } from '../stores/drafts.ts';
import type { StoredField } from '../stores/fields.ts';
import { dropFromViews } from '../stores/views.ts';

/** Removes a key from drafts and saved views, because the key will belong to another field or to none. */
export async function dropTyped(
  trx: Trx,
  place: { tenantId: string; targetType: TargetType; key: string },
  how?: { withWords: boolean },
): Promise<void> {
  await dropFromDrafts(trx, place);
  await dropFromViews(trx, place, how);
}

/**
 * Runs when a field becomes masked or encrypted: no draft and no saved view keeps its values. Stored values of an
 * encrypted field follow in the background (sealing.ts).
 */
export async function dropTypedInto(trx: Trx, stored: StoredField): Promise<void> {
  const { id, field } = stored;
  const { targetType, key } = field;
  const { tenantId } = await trx.selectFrom('fields').select('tenantId').where('id', '=', id).executeTakeFirstOrThrow();
  await dropTyped(trx, { tenantId, targetType, key }, { withWords: true });
}

/** Makes the first hash key if there is none. */
export async function requireHashKey({ db, vault }: Data<Trx>): Promise<void> {
  const known = await db.selectFrom('hashKeys').select('id').executeTakeFirst();
  if (!known) await vault.addHashKey(db);
}
