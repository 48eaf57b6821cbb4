import { sql } from 'kysely';
import type { TargetType } from '#contract/target';
import type { Db, Trx } from '../database/schema.ts';
import { type Row, type StoredField, withOptions } from '../stores/fields.ts';

/** The deleted fields of a space, the latest first: all, or those with one of some keys, in any case. */
export async function findTrashedFields(db: Db, tenantId: string, targetType: TargetType, keys?: string[]) {
  const lower = sql<string>`lower(key)`;
  const rows = await db
    .selectFrom('fields')
    .selectAll()
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', targetType)
    .where('deletedAt', 'is not', null)
    .$if(keys !== undefined, (query) => query.where(lower, 'in', keys?.map((key) => key.toLowerCase()) ?? []))
    .orderBy('deletedAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return trashed(db, rows);
}

/** The fields of all spaces that were deleted before a moment. */
export async function findTrashedSince(db: Db, moment: string) {
  return trashed(db, await db.selectFrom('fields').selectAll().where('deletedAt', '<', moment).execute());
}

async function trashed(db: Db, rows: Row[]): Promise<(StoredField & { deletedAt: string })[]> {
  const deletedAt = new Map(rows.map((row) => [row.id, row.deletedAt ?? '']));
  return (await withOptions(db, rows)).map((stored) => ({ ...stored, deletedAt: deletedAt.get(stored.id) ?? '' }));
}

export async function renameKey(trx: Trx, id: number, key: string): Promise<void> {
  await trx.updateTable('fields').set({ key }).where('id', '=', id).execute();
}

export async function setPositions(trx: Trx, moved: { id: number; position: number }[]): Promise<void> {
  for (const { id, position } of moved)
    await trx.updateTable('fields').set({ position }).where('id', '=', id).execute();
}

/**
 * Permanently deletes a field with its options, values and history, and returns the number of values. A record of who
 * could see it stays.
 */
export async function purgeField(trx: Trx, id: number): Promise<number> {
  await trx
    .insertInto('purgedFields')
    .columns(['id', 'tenantId', 'targetType', 'access'])
    .expression(trx.selectFrom('fields').select(['id', 'tenantId', 'targetType', 'access']).where('id', '=', id))
    .execute();
  const gone = await trx.deleteFrom('fieldValues').where('fieldId', '=', id).executeTakeFirst();
  await trx.deleteFrom('fieldOptions').where('fieldId', '=', id).execute();
  await trx.deleteFrom('history').where('fieldId', '=', id).execute();
  await trx.deleteFrom('fields').where('id', '=', id).execute();
  return Number(gone.numDeletedRows);
}
