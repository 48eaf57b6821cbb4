import type { TargetType } from '#contract/target';
import { type Value, value } from '#contract/value';
import { inSlices } from '../database/open.ts';
import type { Db, Trx, ValueRow } from '../database/schema.ts';
import type { StoredField } from '../fields/store.ts';

const sortLength = 64;

/** What targets hold for these fields: by target, then by key, in the order of the fields. */
export async function findValues(
  db: Db,
  fields: StoredField[],
  targetIds: number[],
): Promise<Map<number, Record<string, Value>>> {
  const byTarget = new Map<number, Map<number, Value>>(targetIds.map((id) => [id, new Map()]));
  const rows = await inSlices(targetIds, (ids) =>
    db.selectFrom('fieldValues').select(['fieldId', 'targetId', 'value']).where('targetId', 'in', ids).execute(),
  );
  for (const row of rows) byTarget.get(row.targetId)?.set(row.fieldId, value.parse(JSON.parse(row.value)));
  const ordered = (held: Map<number, Value>) =>
    Object.fromEntries(
      fields.flatMap(({ id, field }) => {
        const found = held.get(id);
        return found === undefined ? [] : [[field.key, found]];
      }),
    );
  return new Map([...byTarget].map(([id, held]) => [id, ordered(held)]));
}

/** The rows that one target holds, by field. */
export async function findRows(db: Db, targetId: number): Promise<Map<number, Value>> {
  const rows = await db
    .selectFrom('fieldValues')
    .select(['fieldId', 'value'])
    .where('targetId', '=', targetId)
    .execute();
  return new Map(rows.map((row) => [row.fieldId, value.parse(JSON.parse(row.value))]));
}

export async function upsertValues(
  trx: Trx,
  entries: { fieldId: number; targetId: number; value: Value }[],
): Promise<void> {
  const updatedAt = new Date().toISOString();
  await inSlices(entries, async (slice) => {
    await trx
      .insertInto('fieldValues')
      .values(slice.map(({ fieldId, targetId, value: one }) => ({ ...rowOf(one), fieldId, targetId, updatedAt })))
      .onConflict((conflict) =>
        conflict.columns(['fieldId', 'targetId']).doUpdateSet(({ ref }) => ({
          value: ref('excluded.value'),
          sortKey: ref('excluded.sortKey'),
          number: ref('excluded.number'),
          updatedAt: ref('excluded.updatedAt'),
        })),
      )
      .execute();
    return [];
  });
}

export async function deleteValues(trx: Trx, targetId: number, fieldIds: number[]): Promise<void> {
  if (!fieldIds.length) return;
  await trx.deleteFrom('fieldValues').where('targetId', '=', targetId).where('fieldId', 'in', fieldIds).execute();
}

/** Clears one field of many targets. */
export async function clearField(trx: Trx, fieldId: number, targetIds: number[]): Promise<void> {
  await inSlices(targetIds, async (ids) => {
    await trx.deleteFrom('fieldValues').where('fieldId', '=', fieldId).where('targetId', 'in', ids).execute();
    return [];
  });
}

/** The beginning of a text as the index holds it. */
export const sortKeyOf = (text: string) => [...text.slice(0, 2 * sortLength)].slice(0, sortLength).join('');

const utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A value as it is stored, with what its indexes hold. */
export function rowOf(stored: Value): Pick<ValueRow, 'value' | 'sortKey' | 'number'> {
  const json = JSON.stringify(stored);
  if (typeof stored !== 'string') return { value: json, sortKey: null, number: Number(stored) };
  return { value: json, sortKey: sortKeyOf(stored), number: utc.test(stored) ? Date.parse(stored) : null };
}

/** Who a value belongs to. */
export interface Target {
  id: number;
  targetType: TargetType;
}
