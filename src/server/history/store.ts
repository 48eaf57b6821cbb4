import { ApiError } from '#contract/errors';
import { type Value, value } from '#contract/value';
import { recordDeeds } from '../activity/store.ts';
import { saidOf } from '../actor.ts';
import type { Actor, Data } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, HistoryRow, Trx } from '../database/schema.ts';

/** One change: of a value (field and target), a definition (field alone) or a built-in field (target alone). */
export interface Change {
  kind: 'value' | 'field' | 'target';
  fieldId?: number;
  targetId?: number;
  /** JSON of what was and what is; null where there was or is nothing. */
  before: string | null;
  after: string | null;
  /** The same in clear, where it is sealed: activity keeps digests of it. */
  digested?: { before: string | null; after: string | null };
}

/** Writes history rows in the transaction of the change itself: neither exists without the other. */
export async function recordChanges(trx: Trx, actor: Actor, changes: Change[]): Promise<void> {
  if (changes.some(isEdit)) requireReason(actor);
  const at = new Date().toISOString();
  await inSlices(changes, async (slice) => {
    const inserted = await trx
      .insertInto('history')
      .values(
        slice.map(({ kind, fieldId, targetId, before, after }) => ({
          at,
          kind,
          fieldId: fieldId ?? null,
          targetId: targetId ?? null,
          before,
          after,
          ...saidOf(actor),
        })),
      )
      .returning('id')
      .execute();
    // Rows of one statement get their ids in its order.
    const ids = inserted.map(({ id }) => id).sort((a, b) => a - b);
    await recordDeeds(
      trx,
      actor,
      slice.map(({ kind, fieldId, targetId, before, after, digested }, index) => ({
        kind,
        historyId: ids[index] ?? 0,
        ...(fieldId !== undefined && { fieldId }),
        ...(targetId !== undefined && { targetId }),
        ...(digested ?? { before, after }),
      })),
    );
    return [];
  });
}

/** Refuses a change of what somebody holds without a reason, where one is asked for. */
export function requireReason(actor: Actor): void {
  if (!actor.needsReason || actor.reason || actor.planId) return;
  throw new ApiError('validation', [{ path: ['reason'], name: 'reasonRequired' }]);
}

/** What somebody held is another; who is created, deleted or restored needs no reason, and a plan is one. */
const isEdit = ({ kind, before, after }: Change) =>
  kind === 'value' || (kind === 'target' && before && after && !('deletedAt' in JSON.parse(after)));

/** What changed of one target, the latest first. Values of fields of other spaces, and of hidden ones, aren't given. */
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

/** For each field that changed after an entry: what the target held before; null for nothing. */
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
        .where('id', '>', Math.min(entry, 2 ** 31 - 1))
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
