import type { Output } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import { type FieldDefinition, fieldDefinition } from '#contract/field';
import { type Conflict, mergeDefinitions } from '#contract/merge';
import { type Value, value } from '#contract/value';
import { claimKey } from '../claims.ts';
import type { WriteContext } from '../context.ts';
import { lockRows } from '../database/open.ts';
import type { PlanRow, Trx } from '../database/schema.ts';
import { nameHolders } from '../fields/held.ts';
import { retired } from '../fields/judge.ts';
import { arrange, keptFor, restoreField } from '../fields/lifecycle.ts';
import { bare, changeField, deleteFields } from '../fields/service.ts';
import { findFieldById, findFields, type StoredField } from '../fields/store.ts';
import { recordChanges } from '../history/store.ts';
import { makeRefusals } from '../refusals.ts';
import { clearField, upsertValues } from '../values/store.ts';
import { requireWrite, type Summary, takeOver } from './apply.ts';
import { findHeldBy, findPlan, findPlanHistory, markUndone } from './store.ts';

type Undone = Output<'undoPlan'>;

/** Puts definitions and values back to what they were before a plan; what changed since stays, and is named. */
export async function undoPlan(context: WriteContext, planId: string): Promise<Undone> {
  const { db } = context;
  await lockRows(db, 'pool', [1], 'update');
  const plan = await findPlan(db, planId);
  if (!plan || Date.parse(plan.at) < Date.now() - keptFor) throw new ApiError('planNotFound');
  if (plan.undoneAt) throw new ApiError('planUndone');
  const summary = JSON.parse(plan.summary) as Summary;
  // Putting values back is writing values, and needs that right too.
  if (summary.fields.some(({ values }) => values > 0)) requireWrite(context.rights, ['planId']);
  const result: Undone = { values: 0, skipped: [] };
  for (let before: number | undefined; ; ) {
    const page = await findPlanHistory(db, planId, 'field', before);
    await lockRows(
      db,
      'fields',
      page.flatMap(({ fieldId }) => fieldId ?? []),
      'update',
    );
    for (const row of page) {
      if (row.fieldId !== null) await undoDefinition(context, plan, row.fieldId, row, result);
    }
    before = page.at(-1)?.id;
    if (before === undefined) break;
  }
  for (let before: number | undefined; ; ) {
    const page = await findPlanHistory(db, planId, 'value', before);
    for (const fieldId of new Set(page.flatMap((row) => row.fieldId ?? []))) {
      const rows = page.flatMap(({ targetId, before: was, after, ...row }) =>
        row.fieldId === fieldId && targetId !== null ? [{ targetId, was, after }] : [],
      );
      await undoValues(context, fieldId, rows, result);
    }
    before = page.at(-1)?.id;
    if (before === undefined) break;
  }
  await undoOrder(db, plan, summary);
  await markUndone(db, planId);
  return result;
}

interface Row {
  before: string | null;
  after: string | null;
}

async function undoDefinition(
  { db, actor }: WriteContext,
  { tenantId }: PlanRow,
  fieldId: number,
  { before, after }: Row,
  result: Undone,
): Promise<void> {
  const present = await findFieldById(db, fieldId);
  if (!present) return;
  const { field, deletedAt } = present;
  const { targetType, key } = field;
  const skip = (what: string) => void result.skipped.push({ key, what });
  const was = before === null ? null : definitionOf(before);
  const became = after === null ? null : definitionOf(after);
  if (!became) {
    // It was deleted: out of the bin it comes, unless somebody restored it already or its key is taken.
    if (deletedAt === null) return skip('restored');
    const taken = (await findFields(db, tenantId, targetType)).some(
      (living) => living.field.key.toLowerCase() === key.toLowerCase(),
    );
    if (taken) return skip('keyTaken');
    await restoreField(db, actor, { targetType, key, tenantId, binId: fieldId });
    return;
  }
  if (deletedAt !== null) return skip('deleted');
  if (!was) {
    // It was created: into the bin it goes, unless it is another one by now.
    if (field.version > 1) return skip('changed');
    return deleteFields(db, actor, [{ targetType, key, tenantId }]);
  }
  const { merged, conflicts } = mergeDefinitions(became, was, bare(field));
  for (const conflict of conflicts) skip(nameOf(conflict));
  const refusals = makeRefusals();
  const next = await withRetired(db, present, merged);
  await changeField(db, actor, present, next, { refusals, path: ['isUnique'] });
  if (refusals.any()) {
    // Values that became equal meanwhile: all but unique goes back.
    skip('isUnique');
    // Only what can be unique was refused for it.
    const rest = { ...next, isUnique: false } as FieldDefinition;
    await changeField(db, actor, present, rest, { refusals: makeRefusals(), path: [] });
  }
}

const nameOf = ({ property, part }: Conflict) => (part === undefined ? property : `${property} ${part}`);

/** History keeps definitions as they were; one of an older shape is completed by the contract. */
const definitionOf = (json: string): FieldDefinition => fieldDefinition.parse(JSON.parse(json));

/** An option that comes back is no longer retired, and one that goes again is, while somebody holds it. */
async function withRetired(trx: Trx, { id, field }: StoredField, merged: FieldDefinition): Promise<FieldDefinition> {
  if (!('options' in field) || !('options' in merged)) return merged;
  const known = [...field.options, ...field.retiredOptions];
  return { ...merged, retiredOptions: await retired(trx, id, known, merged.options) };
}

async function undoValues(
  { db, actor }: WriteContext,
  fieldId: number,
  rows: { targetId: number; was: string | null; after: string | null }[],
  result: Undone,
): Promise<void> {
  const stored = await findFieldById(db, fieldId);
  if (!stored) return;
  const targetIds = rows.map(({ targetId }) => targetId);
  const held = await findHeldBy(db, fieldId, targetIds);
  const skipped: number[] = [];
  const back: { targetId: number; was: Value | null; is: string | null }[] = [];
  for (const { targetId, was, after } of rows) {
    const is = held.get(targetId) ?? null;
    const wanted = read(was);
    const isUnchanged = is === after;
    const claims = [wanted, read(is)].map((one) => (one === null ? undefined : claimKey(one)));
    if (isUnchanged && (await takeOver(db, stored, targetId, claims[0], claims[1]))) {
      back.push({ targetId, was: wanted, is });
    } else skipped.push(targetId);
  }
  await upsertValues(
    db,
    back.flatMap(({ targetId, was }) => (was === null ? [] : [{ fieldId, targetId, value: was }])),
  );
  await clearField(
    db,
    fieldId,
    back.filter(({ was }) => was === null).map(({ targetId }) => targetId),
  );
  await recordChanges(
    db,
    // The plan that is undone says why.
    { ...actor, needsReason: false },
    back.map(({ targetId, was, is }) => ({
      kind: 'value' as const,
      fieldId,
      targetId,
      before: is,
      after: was === null ? null : JSON.stringify(was),
    })),
  );
  result.values += back.length;
  const names = await nameHolders(db, stored.field.targetType, skipped);
  for (const targetId of skipped) {
    const holder = names.get(targetId);
    result.skipped.push({ key: stored.field.key, what: 'value', ...(holder && { holder }) });
  }
}

const read = (json: string | null): Value | null => (json === null ? null : value.parse(JSON.parse(json)));

async function undoOrder(trx: Trx, { tenantId }: PlanRow, { order }: Summary): Promise<void> {
  if (!order) return;
  const space = await findFields(trx, tenantId, order.targetType as StoredField['field']['targetType']);
  const living = space.map(({ field }) => field.key);
  const known = order.after.filter((key) => living.includes(key));
  // Somebody arranged them anew since: that order stays.
  if (living.filter((key) => known.includes(key)).join(' ') !== known.join(' ')) return;
  const wanted = order.before.filter((key) => living.includes(key));
  await arrange(trx, space, [...wanted, ...living.filter((key) => !wanted.includes(key))]);
}
