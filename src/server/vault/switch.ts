import type { TargetType } from '#contract/target';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { dropFromDrafts } from '../stores/drafts.ts';
import type { StoredField } from '../stores/fields.ts';
import { dropFromViews } from '../stores/views.ts';

/** Lets go of what drafts and saved views hold under a key: it becomes another field's, or nobody's. */
export async function dropTyped(
  trx: Trx,
  place: { tenantId: string; targetType: TargetType; key: string },
): Promise<void> {
  await dropFromDrafts(trx, place);
  await dropFromViews(trx, place);
}

/** What is done at once when a field becomes masked or encrypted: no draft and no saved view goes on holding its values. What is stored of an encrypted one follows in the background (sealing.ts). */
export async function dropTypedInto(trx: Trx, { id, field: { targetType, key } }: StoredField): Promise<void> {
  const { tenantId } = await trx.selectFrom('fields').select('tenantId').where('id', '=', id).executeTakeFirstOrThrow();
  await dropTyped(trx, { tenantId, targetType, key });
}

/** Makes the first key of the hashes, where there is none. */
export async function requireHashKey({ db, vault }: Data<Trx>): Promise<void> {
  const known = await db.selectFrom('hashKeys').select('id').executeTakeFirst();
  if (!known) await vault.addHashKey(db);
}
