import { sql } from 'kysely';
import { type Value, value } from '#contract/value';
import type { Data } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, HistoryRow } from '../database/schema.ts';
import { fitting } from '../stores/values.ts';

/** A row of the change history. */
export type StoredChange = Omit<HistoryRow, 'id'> & { id: number };

/** The tenant whose fields a history is about, and the fields that its reader doesn't see. */
interface Place {
  tenantId: string;
  hidden: number[];
}

/** Selects changes of a target. */
export type Page = Place & {
  key: string | undefined;
  before: number | undefined;
  limit: number;
  /** Only the last change of each field. */
  latest?: boolean | undefined;
};

function historyOf(db: Db, targetId: number, { tenantId, hidden }: Place) {
  return db
    .selectFrom('history')
    .leftJoin('fields', 'fields.id', 'history.fieldId')
    .selectAll('history')
    .where('history.targetId', '=', targetId)
    .where((where) => where.or([where('history.fieldId', 'is', null), where('fields.tenantId', '=', tenantId)]))
    .$if(hidden.length > 0, (query) =>
      query.where((where) =>
        where.or([where('history.fieldId', 'is', null), where('history.fieldId', 'not in', hidden)]),
      ),
    );
}

function pageOf(db: Db, targetId: number, place: Page) {
  let query = historyOf(db, targetId, place).orderBy('history.id', 'desc').limit(place.limit);
  if (place.key !== undefined) query = query.where('fields.key', '=', place.key);
  if (place.before !== undefined) query = query.where('history.id', '<', place.before);
  if (place.latest) {
    const { lastOfValues, lastOfTarget } = idsOfLatest(db, targetId);
    query = query.where((of) => of.or([of('history.id', 'in', lastOfValues), of('history.id', 'in', lastOfTarget)]));
  }
  return query;
}

/** The changes of one target, the latest first, without values of other spaces and of hidden fields. */
export const findHistory = (db: Db, targetId: number, place: Page): Promise<StoredChange[]> =>
  pageOf(db, targetId, place).execute();

/** How many of these changes can be read at once, by the size of their values. */
export async function countFitting(db: Db, targetId: number, place: Page): Promise<number> {
  const rows = await pageOf(db, targetId, place)
    .clearSelect()
    .select(['history.id', sizeOfChange.as('size')])
    .execute();
  return fitting(rows.map(({ size }) => Number(size)));
}

/** In bytes, as a change is stored. */
export const sizeOfChange = sql<number>`coalesce(octet_length(history.before), 0) + coalesce(octet_length(history.after), 0)`;

/** How many of the last changes of a target itself are read, where only the last one of each value is. */
export const mostOfTarget = 100;

/** The ids of the last change of each of a target's values, and of the last changes of the target itself. */
function idsOfLatest(db: Db, targetId: number) {
  const ofKind = (kind: 'value' | 'target') =>
    db.selectFrom('history').where('targetId', '=', targetId).where('kind', '=', kind);
  const lastOfValues = ofKind('value')
    .select((of) => of.fn.max('id').as('id'))
    .groupBy('fieldId');
  const lastOfTarget = ofKind('target').select('id').orderBy('id', 'desc').limit(mostOfTarget);
  return { lastOfValues, lastOfTarget };
}

/** What one request changed of a target, in the order of the changes. */
export async function findRequest(
  db: Db,
  targetId: number,
  { request, ...place }: Place & { request: string },
): Promise<StoredChange[]> {
  return historyOf(db, targetId, place).where('history.requestId', '=', request).orderBy('history.id').execute();
}

/** The last change of each of these fields of a target. */
export async function findLastOfFields(db: Db, targetId: number, fieldIds: number[]): Promise<Map<number, number>> {
  const rows = await inSlices(fieldIds, (ids) =>
    db
      .selectFrom('history')
      .select(['fieldId', (of) => of.fn.max('id').as('id')])
      .where('targetId', '=', targetId)
      .where('fieldId', 'in', ids)
      .where('kind', '=', 'value')
      .groupBy('fieldId')
      .execute(),
  );
  return new Map(rows.map(({ fieldId, id }) => [fieldId ?? 0, Number(id)]));
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
