import { type SqlBool, sql } from 'kysely';
import { ApiError } from '#contract/errors';
import type { Actor } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, HistoryRow, Trx } from '../database/schema.ts';
import { containing, idsBearing } from '../lists/search.ts';

/** One change: of a value (field and target), a definition (field alone) or a built-in field (target alone). */
export interface Change {
  kind: 'value' | 'field' | 'target';
  fieldId?: number;
  targetId?: number;
  /** JSON of what was and what is; null where there was or is nothing. */
  before: string | null;
  after: string | null;
}

/** Writes history rows in the transaction of the change itself: neither exists without the other. */
export async function recordChanges(trx: Trx, actor: Actor, changes: Change[]): Promise<void> {
  if (actor.needsReason && !actor.reason && !actor.planId && changes.some(isEdit)) {
    throw new ApiError('validation', [{ path: ['reason'], name: 'reasonRequired' }]);
  }
  const at = new Date().toISOString();
  await inSlices(changes, async (slice) => {
    await trx
      .insertInto('history')
      .values(
        slice.map(({ kind, fieldId, targetId, before, after }) => ({
          at,
          kind,
          fieldId: fieldId ?? null,
          targetId: targetId ?? null,
          before,
          after,
          actorKind: actor.kind,
          actorId: actor.id,
          actorName: actor.name,
          through: actor.through,
          requestId: actor.requestId ?? null,
          planId: actor.planId ?? null,
          reason: actor.reason ?? null,
        })),
      )
      .execute();
    return [];
  });
}

/** What somebody held is another; who is created, deleted or restored needs no reason, and a plan is one. */
const isEdit = ({ kind, before, after }: Change) =>
  kind === 'value' || (kind === 'target' && before && after && !('deletedAt' in JSON.parse(after)));

/** A history row with the key and name of its field, if it is about a value. */
export type NamedRow = Omit<HistoryRow, 'id'> & {
  id: number;
  key: string | null;
  label: string | null;
  deletedAt: string | null;
};

/** What changed of one target, the latest first. Values of fields of other spaces aren't given. */
export async function findHistory(
  db: Db,
  targetId: number,
  place: { tenantId: string; key: string | undefined; before: number | undefined; limit: number },
): Promise<NamedRow[]> {
  let query = db
    .selectFrom('history')
    .leftJoin('fields', 'fields.id', 'history.fieldId')
    .selectAll('history')
    .select(['fields.key', 'fields.label', 'fields.deletedAt'])
    .where('history.targetId', '=', targetId)
    .where((where) => where.or([where('history.fieldId', 'is', null), where('fields.tenantId', '=', place.tenantId)]))
    .orderBy('history.id', 'desc')
    .limit(place.limit);
  if (place.key !== undefined) query = query.where('fields.key', '=', place.key);
  if (place.before !== undefined) query = query.where('history.id', '<', Math.min(place.before, 2 ** 31 - 1));
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

/** For each field that changed after an entry: what the target held before, as JSON; null for nothing. */
export async function findFormerValues(db: Db, targetId: number, entry: number): Promise<Map<number, string | null>> {
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
        .where('id', '>', Math.min(entry, 2 ** 31 - 1))
        .groupBy('fieldId'),
    )
    .execute();
  return new Map(rows.flatMap(({ fieldId, before }) => (fieldId === null ? [] : [[fieldId, before]])));
}

const small = (column: 'before' | 'after') =>
  sql<string | null>`case when kind = 'field' and length(${sql.ref(`history.${column}`)}) > 100000
    then '{}' else ${sql.ref(`history.${column}`)} end`.as(column);

export type ActivityRow = NamedRow & { fieldTargetType: string | null; targetType: string | null };

/** What was done in a space, the latest first. */
export async function findActivity(
  db: Db,
  wanted: {
    tenantId: string;
    actor: string | undefined;
    /** Part of the name of whose it is, or a whole id. */
    whose: string | undefined;
    kind: string | undefined;
    targetType: string | undefined;
    key: string | undefined;
    from: string | undefined;
    /** The last day, its end included. */
    to: string | undefined;
    before: number | undefined;
    limit: number;
  },
): Promise<ActivityRow[]> {
  let query = db
    .selectFrom('history')
    .leftJoin('fields', 'fields.id', 'history.fieldId')
    .leftJoin('targets', 'targets.id', 'history.targetId')
    .selectAll('history')
    // A definition with thousands of options is megabytes, of which a list says nothing.
    .select([small('before'), small('after')])
    .select(['fields.key', 'fields.label', 'fields.deletedAt', 'fields.targetType as fieldTargetType'])
    .select('targets.type as targetType')
    .where((where) => where.or([where('fields.id', 'is', null), where('fields.tenantId', '=', wanted.tenantId)]))
    .orderBy('history.id', 'desc')
    .limit(wanted.limit);
  if (wanted.actor) query = query.where(containing('history.actorName', wanted.actor));
  if (wanted.whose) query = query.where(sql<SqlBool>`history.target_id in (${idsBearing(db, wanted.whose)})`);
  if (wanted.kind) query = query.where('history.kind', '=', wanted.kind);
  if (wanted.key) query = query.where('fields.key', '=', wanted.key);
  if (wanted.from) query = query.where('history.at', '>=', wanted.from);
  if (wanted.to) query = query.where('history.at', '<=', `${wanted.to}T23:59:59.999Z`);
  if (wanted.before !== undefined) query = query.where('history.id', '<', Math.min(wanted.before, 2 ** 31 - 1));
  if (wanted.targetType) {
    const type = wanted.targetType;
    query = query.where((where) => where.or([where('targets.type', '=', type), where('fields.targetType', '=', type)]));
  }
  return query.execute();
}
