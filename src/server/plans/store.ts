import { type SelectQueryBuilder, sql } from 'kysely';
import type { TargetType } from '#contract/target';
import type { Actor, Data } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, HistoryRow, PlanRow, Schema, Trx } from '../database/schema.ts';
import { heldPages, living } from '../fields/held.ts';
import { kinds } from '../kinds/kinds.ts';
import { recordActivity } from '../record/activity.ts';
import { recordChanges } from '../record/history.ts';
import type { StoredField } from '../stores/fields.ts';
import { changesOf, clearField, rowOf, upsertValues } from '../stores/values.ts';
import { unbound } from '../tenancy.ts';

/**
 * What moves with every change of a field's definition or of its values, and with every holder who goes into the trash or
 * comes back. Rows of history are counted: on PostgreSQL one with a smaller id can be committed after one with a greater.
 */
export async function stateOf(db: Db, { id, field }: StoredField): Promise<number[]> {
  const numberOf = (value: unknown) => Number(value ?? 0);
  const history = await db
    .selectFrom('history')
    .select((of) => [of.fn.countAll().as('count'), of.fn.max('id').as('last')])
    .where('fieldId', '=', id)
    .executeTakeFirstOrThrow();
  // Not only how many: one may have gone and another come. A sum of ids alone is the same for 1 and 4 as for 2 and 3.
  const holders = await living({ db, ...unbound }, id, field.targetType)
    .select((of) => [
      of.fn.countAll().as('count'),
      sql<number>`sum(target_id)`.as('sum'),
      sql<number>`sum(cast(target_id as bigint) * target_id % 2147483647)`.as('mixed'),
    ])
    .executeTakeFirstOrThrow();
  return [...Object.values(history), ...Object.values(holders)].map(numberOf);
}

/**
 * Moves a value to another one, or clears it (null), for all targets outside the trash, with their history. Returns
 * their number. It uses few statements, so that a million values don't pass through the program. Encrypted values must.
 */
export async function moveHolders(
  context: Data<Trx> & { actor: Actor },
  place: { stored: StoredField; from: string; to: string | null },
): Promise<number> {
  if (place.stored.field.encrypted) return moveOpened(context, place);
  const { db: trx, actor } = context;
  const { stored, from, to } = place;
  const { id: fieldId, field } = stored;
  const { targetType } = field;
  const before = JSON.stringify(from);
  const after = to === null ? null : JSON.stringify(to);
  const now = new Date().toISOString();
  const holders = trx
    .selectFrom('fieldValues')
    .where('fieldId', '=', fieldId)
    .where('value', '=', before)
    .where('targetId', 'in', (query) =>
      query.selectFrom(kinds[targetType].table).select('id').where('deletedAt', 'is', null),
    );
  await recordMoves(trx, actor, holders, { after, at: now });
  const { count } = await holders.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  // One entry stands for all of them: what each held is in their history.
  await recordActivity(trx, actor, [{ event: 'moved', fieldId, count: Number(count), before, after }]);
  const ids = holders.select('targetId');
  if (to === null) {
    const gone = await trx
      .deleteFrom('fieldValues')
      .where('fieldId', '=', fieldId)
      .where('value', '=', before)
      .where('targetId', 'in', ids)
      .executeTakeFirst();
    return Number(gone.numDeletedRows);
  }
  const moved = await trx
    .updateTable('fieldValues')
    .set({ ...rowOf(to), updatedAt: now })
    .where('fieldId', '=', fieldId)
    .where('value', '=', before)
    .where('targetId', 'in', ids)
    .executeTakeFirst();
  return Number(moved.numUpdatedRows);
}

/** Writes one history row per target, in one statement. */
async function recordMoves(
  trx: Trx,
  actor: Actor,
  holders: SelectQueryBuilder<Schema, 'fieldValues', object>,
  { after, at }: { after: string | null; at: string },
): Promise<void> {
  const said = (text: string | null) => sql<string | null>`${text}`;
  await trx
    .insertInto('history')
    .columns([
      'at',
      'kind',
      'fieldId',
      'targetId',
      'before',
      'after',
      'actorKind',
      'actorId',
      'actorName',
      'through',
      'requestId',
      'planId',
      'reason',
    ])
    .expression(
      holders.select([
        sql<string>`${at}`.as('at'),
        sql<string>`'value'`.as('kind'),
        'fieldId',
        'targetId',
        'value as before',
        said(after).as('after'),
        sql<string>`${actor.kind}`.as('actorKind'),
        sql<string>`${actor.id}`.as('actorId'),
        sql<string>`${actor.name}`.as('actorName'),
        sql<string>`${actor.through}`.as('through'),
        said(actor.requestId ?? null).as('requestId'),
        said(actor.planId ?? null).as('planId'),
        said(actor.reason ?? null).as('reason'),
      ]),
    )
    .execute();
}

async function moveOpened(
  context: Data<Trx> & { actor: Actor },
  { stored, from, to }: { stored: StoredField; from: string; to: string | null },
): Promise<number> {
  let count = 0;
  for await (const page of heldPages({ ...context, ...unbound }, stored.id, stored.field.targetType)) {
    const held = page.filter(({ value }) => value === from);
    const targetIds = held.map(({ targetId }) => targetId);
    if (to === null) await clearField(context.db, stored.id, targetIds);
    else
      await upsertValues(
        context,
        targetIds.map((targetId) => ({ stored, targetId, value: to })),
      );
    const changes = targetIds.map((targetId) => ({ stored, targetId, before: from, after: to }));
    await recordChanges(context.db, context.actor, await changesOf(context, changes));
    count += held.length;
  }
  return count;
}

export async function insertPlan(trx: Trx, row: PlanRow): Promise<void> {
  await trx.insertInto('plans').values(row).execute();
}

export async function findPlan(db: Db, id: string): Promise<PlanRow | undefined> {
  return db.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The latest plans since a moment. */
export async function* findPlans(db: Db, tenantId: string, since: string): AsyncGenerator<PlanRow> {
  const known = await db
    .selectFrom('plans')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .execute();
  // A plan can name a thousand fields, so there is one in memory at a time.
  for (const { id } of known) {
    const plan = await db.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
    if (plan) yield plan;
  }
}

/** Changes with every applied plan of a space. */
export async function lastPlan(db: Db, tenantId: string): Promise<{ count: number; at: string | null }> {
  return db
    .selectFrom('plans')
    .select((of) => [of.fn.countAll<number>().as('count'), of.fn.max('at').as('at')])
    .where('tenantId', '=', tenantId)
    .executeTakeFirstOrThrow();
}

/** Stores what an undo left, so that the next undo tries only that. */
export async function keepLeft(trx: Trx, id: string, summary: string): Promise<void> {
  await trx.updateTable('plans').set({ summary }).where('id', '=', id).execute();
}

/** Marks the undone part of a plan, so that no later undo reads it. */
export async function markRowsUndone(trx: Trx, planId: string, historyIds: number[]): Promise<void> {
  await inSlices(historyIds, async (ids) => {
    await trx
      .updateTable('history')
      .set({ planId: `${planId} undone` })
      .where('id', 'in', ids)
      .execute();
    return [];
  });
}

export async function markUndone(trx: Trx, id: string): Promise<void> {
  await trx.updateTable('plans').set({ undoneAt: new Date().toISOString() }).where('id', '=', id).execute();
}

/** Deletes plans before a moment: they can't be undone any more. */
export async function deletePlans(trx: Trx, before: string): Promise<void> {
  await trx.deleteFrom('plans').where('at', '<', before).execute();
}

type PlanHistory = Pick<HistoryRow, 'fieldId' | 'targetId' | 'before' | 'after'> & { id: number };

/** A plan's changes of definitions or values, the latest first, page by page. */
export async function findPlanHistory(
  db: Db,
  planId: string,
  kind: 'field' | 'value',
  before = Number.MAX_SAFE_INTEGER,
): Promise<PlanHistory[]> {
  return db
    .selectFrom('history')
    .select(['id', 'fieldId', 'targetId', 'before', 'after'])
    .where('planId', '=', planId)
    .where('kind', '=', kind)
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
}

/** The types of the fields that a plan changed or whose values it wrote. */
export async function typesOfPlan(
  db: Db,
  planId: string,
  { order }: { order: { targetType: string } | undefined },
): Promise<TargetType[]> {
  const rows = await db
    .selectFrom('fields')
    .select('targetType')
    .distinct()
    .where('id', 'in', (of) =>
      of.selectFrom('history').select('fieldId').where('planId', '=', planId).$castTo<{ fieldId: number }>(),
    )
    .execute();
  return [...rows, ...(order ? [order] : [])].map(({ targetType }) => targetType as TargetType);
}
