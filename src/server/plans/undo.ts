import type { Output } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import { type FieldDefinition, fieldDefinition } from '#contract/field';
import { type Conflict, mergeDefinitions } from '#contract/merge';
import { type Value, value } from '#contract/value';
import { opensBeyond, type Viewer } from '../access.ts';
import type { Data, WriteContext } from '../context.ts';
import { lockRows } from '../database/open.ts';
import type { PlanRow, Trx } from '../database/schema.ts';
import { spaceFor } from '../directory/tenants.ts';
import { nameHolders } from '../fields/held.ts';
import { retired } from '../fields/judge.ts';
import { arrange, keptFor, restoreField } from '../fields/lifecycle.ts';
import { bare, changeField, deleteFields } from '../fields/service.ts';
import { findFieldById, findFields, type StoredField } from '../fields/store.ts';
import { recordChanges } from '../history/store.ts';
import { makeRefusals } from '../refusals.ts';
import { changesOf, clearField, upsertValues } from '../values/store.ts';
import { takeOver } from '../values/unique.ts';
import { requireWrite, type Summary } from './apply.ts';
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
  await spaceFor(context, plan.tenantId);
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
  context: WriteContext,
  { tenantId }: PlanRow,
  fieldId: number,
  { before, after }: Row,
  result: Undone,
): Promise<void> {
  const { db } = context;
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
    await restoreField(context, { targetType, key, tenantId, binId: fieldId });
    return;
  }
  if (deletedAt !== null) return skip('deleted');
  if (!was) {
    // It was created: into the bin it goes, unless it is another one by now.
    if (field.version > 1) return skip('changed');
    return deleteFields(context, [{ targetType, key, tenantId }]);
  }
  const { merged, conflicts } = mergeDefinitions(became, was, bare(field));
  for (const conflict of conflicts) skip(nameOf(conflict));
  const refusals = makeRefusals();
  const next = stillProtected(context, field, await withRetired(context, present, merged), skip);
  await changeField(context, present, next, { refusals, path: ['isUnique'] });
  if (refusals.any()) {
    // Values that became equal meanwhile: all but unique goes back.
    skip('isUnique');
    // Only what can be unique was refused for it.
    const rest = { ...next, isUnique: false } as FieldDefinition;
    await changeField(context, present, rest, { refusals: makeRefusals(), path: [] });
  }
}

/** What was protected stays so: nothing is decrypted again, and nobody opens more than by a change of their own. */
function stillProtected(
  context: WriteContext,
  field: FieldDefinition,
  next: FieldDefinition,
  skip: (what: string) => void,
): FieldDefinition {
  const encrypted = field.encrypted || next.encrypted;
  if (encrypted !== next.encrypted) skip('encrypted');
  let safe = { ...next, encrypted };
  for (let opened = opensBeyond(context, field, safe); opened; opened = opensBeyond(context, field, safe)) {
    skip(opened);
    safe = { ...safe, [opened]: field[opened] };
  }
  return safe;
}

function nameOf(conflict: Conflict): string {
  if (conflict.property === 'i18n') return `i18n ${conflict.text} ${conflict.part}`;
  return conflict.property === 'options' ? `options ${conflict.part}` : conflict.property;
}

/** History keeps definitions as they were; one of an older shape is completed by the contract. */
const definitionOf = (json: string): FieldDefinition => fieldDefinition.parse(JSON.parse(json));

/** An option that comes back is no longer retired, and one that goes again is, while somebody holds it. */
async function withRetired(
  data: Data & Viewer,
  stored: StoredField,
  merged: FieldDefinition,
): Promise<FieldDefinition> {
  const { field } = stored;
  if (!('options' in field) || !('options' in merged)) return merged;
  const known = [...field.options, ...field.retiredOptions];
  return { ...merged, retiredOptions: await retired(data, stored, known, merged.options) };
}

async function undoValues(
  context: WriteContext,
  fieldId: number,
  rows: { targetId: number; was: string | null; after: string | null }[],
  result: Undone,
): Promise<void> {
  const { db, actor } = context;
  const stored = await findFieldById(db, fieldId);
  if (!stored) return;
  // Putting values back is writing values, and needs that right too.
  requireWrite(context, stored, ['planId']);
  const targetIds = rows.map(({ targetId }) => targetId);
  const held = await findHeldBy(context, fieldId, targetIds);
  const former = await readFormer(context, fieldId, rows);
  const skipped: number[] = [];
  const back: { stored: StoredField; targetId: number; before: Value | null; after: Value | null }[] = [];
  for (const [at, { targetId }] of rows.entries()) {
    const { was = null, after = null } = former[at] ?? {};
    const is = held.get(targetId) ?? null;
    if (is === after && (await takeOver(context, stored, targetId, { is: was, was: is }))) {
      back.push({ stored, targetId, before: is, after: was });
    } else skipped.push(targetId);
  }
  await upsertValues(
    context,
    back.flatMap(({ targetId, after }) => (after === null ? [] : [{ stored, targetId, value: after }])),
  );
  await clearField(
    db,
    fieldId,
    back.filter(({ after }) => after === null).map(({ targetId }) => targetId),
  );
  // The plan that is undone says why.
  await recordChanges(db, { ...actor, needsReason: false }, await changesOf(context, back));
  result.values += back.length;
  const names = await nameHolders(db, stored.field.targetType, skipped);
  for (const targetId of skipped) {
    const holder = names.get(targetId);
    result.skipped.push({ key: stored.field.key, what: 'value', ...(holder && { holder }) });
  }
}

/** What history rows say was and became, in clear. */
async function readFormer(
  { db, vault }: WriteContext,
  fieldId: number,
  rows: { targetId: number; was: string | null; after: string | null }[],
): Promise<{ was: Value | null; after: Value | null }[]> {
  const texts = await vault.open(
    db,
    rows.flatMap(({ targetId, was, after }) =>
      [was, after].map((text) => ({ fieldId, targetId, text: text ?? 'null' })),
    ),
  );
  const read = (text: string | null | undefined) => value.nullable().parse(JSON.parse(text ?? 'null'));
  return rows.map((_, at) => ({ was: read(texts[at * 2]), after: read(texts[at * 2 + 1]) }));
}

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
