import { type Value, value } from '#contract/value';
import type { Data } from '../context.ts';
import type { Db, HistoryRow } from '../database/schema.ts';

/** The changes of one target, the latest first, without values of other spaces and of hidden fields. */
export async function findHistory(
  db: Db,
  targetId: number,
  place: { tenantId: string; key: string | undefined; before: number | undefined; limit: number; hidden: number[] },
): Promise<(Omit<HistoryRow, 'id'> & { id: number })[]> {
  let query = db
    .selectFrom('history')
    .leftJoin('fields', 'fields.id', 'history.fieldId')
    .selectAll('history')
    .where('history.targetId', '=', targetId)
    .where((where) => where.or([where('history.fieldId', 'is', null), where('fields.tenantId', '=', place.tenantId)]))
    .orderBy('history.id', 'desc')
    .limit(place.limit);
  if (place.hidden.length) {
    const { hidden } = place;
    query = query.where((where) =>
      where.or([where('history.fieldId', 'is', null), where('history.fieldId', 'not in', hidden)]),
    );
  }
  if (place.key !== undefined) query = query.where('fields.key', '=', place.key);
  if (place.before !== undefined) query = query.where('history.id', '<', place.before);
  return query.execute();
}

/** The last change of a target itself. */
export async function findLastTargetChange(db: Db, targetId: number): Promise<{ before: string | null } | undefined> {
  return db
    .selectFrom('history')
    .select('before')
    .where('targetId', '=', targetId)
    .where('kind', '=', 'target')
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

/** The target's earlier value of each field that changed after an entry. Null if there was none. */
export async function findFormerValues(
  { db, vault }: Data,
  targetId: number,
  entry: number,
): Promise<Map<number, Value | null>> {
  const rows = await db
    .selectFrom('history')
    .select(['fieldId', 'before'])
    .where('targetId', '=', targetId)
    .where('id', 'in', (query) =>
      query
        .selectFrom('history')
        .select((of) => of.fn.min('id').as('id'))
        .where('targetId', '=', targetId)
        .where('kind', '=', 'value')
        .where('id', '>', entry)
        .groupBy('fieldId'),
    )
    .execute();
  const texts = await vault.open(
    db,
    rows.map(({ fieldId, before }) => ({ fieldId: fieldId ?? 0, targetId, text: before ?? 'null' })),
  );
  return new Map(
    rows.map(({ fieldId }, at) => [fieldId ?? 0, value.nullable().parse(JSON.parse(texts[at] ?? 'null'))]),
  );
}
