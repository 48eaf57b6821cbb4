import { isDeepStrictEqual } from 'node:util';
import type { Output } from '#contract/endpoints';
import { type Field, type FieldDefinition, fieldDefinition } from '#contract/field';
import { type Conflict, mergeDefinitions, takeSide } from '#contract/merge';
import { type Value, value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { opensBeyond } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { WriteContext } from '../context.ts';
import { lockFields, lockPool } from '../database/locks.ts';
import type { PlanRow, Trx } from '../database/schema.ts';
import { closesTooFar, holdOpen } from '../fields/closing.ts';
import { nameHolders } from '../fields/held.ts';
import { protectsUnseen, withRetired } from '../fields/judge.ts';
import { arrange, keptFor, restoreField } from '../fields/lifecycle.ts';
import { opensNamesake } from '../fields/namesake.ts';
import { bare, changeField, deleteFields, hasRoom } from '../fields/service.ts';
import { collectIssues } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { findAccesses } from '../stores/accesses.ts';
import { findFieldById, findFields, type StoredField } from '../stores/fields.ts';
import { takeOver } from '../stores/unique.ts';
import { changesOf, clearField, findColumn, upsertValues } from '../stores/values.ts';
import { findLiving } from '../targets.ts';
import { disclosedFields, requireRewrite, type Summary, undoneAtFor } from './apply.ts';
import { findPlan, findPlanHistory, keepLeft, markRowsUndone, markUndone, typesOfPlan } from './store.ts';

type Undone = Output<'undoPlan'>;

/** Undoes a plan. It leaves and names what has changed since; another undo tries that again. */
export async function undoPlan(context: WriteContext, planId: string): Promise<Undone> {
  const { db } = context;
  await lockPool(db);
  const plan = await findPlan(db, planId);
  if (!plan || Date.parse(plan.at) < Date.now() - keptFor) throw new ApiError('planNotFound');
  const summary = JSON.parse(plan.summary) as Summary;
  await spaceFor(context, plan.tenantId);
  for (const { id, values, rewrites = values > 0 } of summary.fields) {
    const stored = rewrites && id !== undefined && (await findFieldById(db, id));
    if (stored) requireRewrite(context, stored, ['planId']);
  }
  // After the refusals above: whether an undo left a value isn't told before.
  if (undoneAtFor(await disclosedFields(context, plan.tenantId), summary, plan.undoneAt))
    throw new ApiError('planUndone');
  // Whoever writes a value of these fields, seals or erases it, waits for the end of this, or this for theirs.
  await lockFields(db, await typesOfPlan(db, planId, summary), 'update');
  const accesses = new Map((await findAccesses(db)).map(({ id, access }) => [id, access]));
  const result: Undone = { values: 0, skipped: [] };
  const left: NonNullable<Summary['left']> = {};
  let isWhole = true;
  for (let before: number | undefined; ; ) {
    const page = await findPlanHistory(db, planId, 'field', before);
    const done: number[] = [];
    for (const { id, fieldId, ...row } of page) {
      const known = fieldId === null ? undefined : summary.left?.[fieldId];
      const rest = fieldId === null ? 'done' : await undoDefinition(context, plan, { fieldId, ...row, known }, result);
      if (rest === 'done') done.push(id);
      const kept = rest === 'all' ? known : rest;
      if (fieldId !== null && Array.isArray(kept)) left[fieldId] = kept;
    }
    await markRowsUndone(db, planId, done);
    if (done.length < page.length) isWhole = false;
    before = page.at(-1)?.id;
    if (before === undefined) break;
  }
  for (let before: number | undefined; ; ) {
    const page = await findPlanHistory(db, planId, 'value', before);
    for (const fieldId of new Set(page.flatMap((row) => row.fieldId ?? []))) {
      const rows = page.flatMap(({ id, targetId, before: was, after, ...row }) =>
        row.fieldId === fieldId && targetId !== null ? [{ id, targetId, was, after }] : [],
      );
      const done = await undoValues(context, fieldId, rows, result);
      await markRowsUndone(db, planId, done);
      if (done.length < rows.length) isWhole = false;
    }
    before = page.at(-1)?.id;
    if (before === undefined) break;
  }
  const order = (await undoOrder(db, plan, summary)) ? undefined : summary.order;
  if (isWhole) await markUndone(db, planId);
  else {
    const { undone = new Date().toISOString() } = summary;
    await keepLeft(db, planId, JSON.stringify({ ...summary, order, left, undone } satisfies Summary));
  }
  await holdOpen(
    context,
    (await findAccesses(db)).map(({ id, access }) => ({ before: accesses.get(id) ?? access, after: access })),
  );
  return result;
}

interface Row {
  fieldId: number;
  before: string | null;
  after: string | null;
  /** What the undo before this one left. Undefined for the first undo. */
  known: Conflict[] | undefined;
}

/** Undoes the change of one definition. Returns what remains for another undo. */
async function undoDefinition(
  context: WriteContext,
  { tenantId }: PlanRow,
  { fieldId, before, after, known }: Row,
  result: Undone,
): Promise<Conflict[] | 'all' | 'done'> {
  const { db } = context;
  const present = await findFieldById(db, fieldId);
  if (!present) return 'done';
  const { field, deletedAt } = present;
  const { targetType, key } = field;
  const leave = (what: string, rest: 'all' | 'done' = 'all') => {
    result.skipped.push({ key, what });
    return rest;
  };
  const was = before === null ? null : definitionOf(before);
  const became = after === null ? null : definitionOf(after);
  if (!became) {
    // The plan deleted it: restore it, unless somebody already did, its key is taken or the space full.
    if (deletedAt === null) return leave('restored', 'done');
    const space = await findFields(db, tenantId, targetType);
    if (space.some((living) => living.field.key.toLowerCase() === key.toLowerCase())) return leave('keyTaken');
    if (!hasRoom(space, 1)) return leave('tooManyFields');
    if (await opensNamesake(context, tenantId, field, fieldId)) return leave('keyOfUnseen');
    await restoreField(context, { targetType, key, tenantId, trashId: fieldId });
    return 'done';
  }
  if (deletedAt !== null) return leave('deleted');
  if (!was) {
    // The plan created it: move it to the trash, unless it has changed.
    if (!isDeepStrictEqual(bare(field), became)) return leave('changed');
    await deleteFields(context, [{ targetType, key, tenantId }]);
    return 'done';
  }
  const left = await putBack(
    context,
    present,
    known ? retry(field, { was, became, known }) : merge(field, was, became),
  );
  for (const conflict of left) leave(nameOf(conflict));
  const rest = left.filter(({ property }) => property !== 'encrypted');
  return rest.length ? rest : 'done';
}

interface Wanted {
  wanted: FieldDefinition;
  left: Conflict[];
}

function merge(field: Field, was: FieldDefinition, became: FieldDefinition): Wanted {
  const { merged, conflicts } = mergeDefinitions(became, was, bare(field));
  return { wanted: merged, left: conflicts };
}

/** Something that the last undo restored may have changed again. So this undo tries only what the last one left. */
function retry(
  field: Field,
  { was, became, known }: { was: FieldDefinition; became: FieldDefinition; known: Conflict[] },
): Wanted {
  const left: Conflict[] = [];
  let wanted = bare(field);
  for (const conflict of known) {
    if (isDeepStrictEqual(takeSide(wanted, became, conflict), wanted)) wanted = takeSide(wanted, was, conflict);
    else left.push(conflict);
  }
  return { wanted, left };
}

/** Writes the wanted definition as far as possible. Returns what remains. */
async function putBack(context: WriteContext, present: StoredField, { wanted, left }: Wanted): Promise<Conflict[]> {
  const rest = [...left];
  const issues = collectIssues();
  const next = await stillProtected(context, present.field, await withRetired(context, present, wanted), (property) =>
    rest.push({ property }),
  );
  await changeField(context, present, next, { issues, path: ['isUnique'] });
  if (issues.any()) {
    // Some values are equal now: restore everything except `isUnique`.
    rest.push({ property: 'isUnique' });
    // Only a field that can be unique comes here.
    const others = { ...next, isUnique: false } as FieldDefinition;
    await changeField(context, present, others, { issues: collectIssues(), path: [] });
  }
  return rest;
}

/** Keeps protection: an undo decrypts nothing, and opens or closes no more than the caller's own change could. */
async function stillProtected(
  context: WriteContext,
  field: FieldDefinition,
  next: FieldDefinition,
  skip: (what: 'encrypted' | NonNullable<ReturnType<typeof opensBeyond>>) => void,
): Promise<FieldDefinition> {
  const encrypted = field.encrypted || next.encrypted;
  if (encrypted !== next.encrypted) skip('encrypted');
  let safe = { ...next, encrypted };
  const unseen = protectsUnseen(context, field, safe);
  if (unseen) {
    skip(unseen);
    safe = { ...safe, encrypted: field.encrypted, desensitization: field.desensitization };
  }
  for (let opened = opensBeyond(context, field, safe); opened; opened = opensBeyond(context, field, safe)) {
    skip(opened);
    safe = { ...safe, [opened]: field[opened] };
  }
  if (await closesTooFar(context, field.access, safe.access)) {
    skip('access');
    safe = { ...safe, access: field.access };
  }
  return safe;
}

function nameOf(conflict: Conflict): string {
  if (conflict.property === 'i18n') return `i18n ${conflict.text} ${conflict.part}`;
  return conflict.property === 'options' ? `options ${conflict.part}` : conflict.property;
}

/** The change history stores definitions in their old shape. The contract adds what an older shape doesn't have. */
const definitionOf = (json: string): FieldDefinition => fieldDefinition.parse(JSON.parse(json));

/** Returns the history rows that are undone. */
async function undoValues(
  context: WriteContext,
  fieldId: number,
  rows: { id: number; targetId: number; was: string | null; after: string | null }[],
  result: Undone,
): Promise<number[]> {
  const { db, actor } = context;
  const stored = await findFieldById(db, fieldId);
  if (!stored) return rows.map(({ id }) => id);
  requireRewrite(context, stored, ['planId']);
  const targetIds = rows.map(({ targetId }) => targetId);
  const held = await findColumn(context, fieldId, targetIds);
  const former = await readFormer(context, fieldId, rows);
  const living = await findLiving(db, stored.field.targetType, targetIds);
  const skipped: number[] = [];
  const done: number[] = [];
  const back: { stored: StoredField; targetId: number; before: Value | null; after: Value | null }[] = [];
  for (const [at, { id, targetId }] of rows.entries()) {
    const { was = null, after = null } = former[at] ?? {};
    const is = held.get(targetId) ?? null;
    // A target in the trash claims nothing until it is restored.
    const isFree = async () =>
      !living.has(targetId) || (await takeOver(context, stored, targetId, { is: was, was: is }));
    if (is === after && (await isFree())) {
      back.push({ stored, targetId, before: is, after: was });
      done.push(id);
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
  // The undone plan is the reason.
  await recordChanges(db, { ...actor, needsReason: false }, await changesOf(context, back));
  // The result says nothing about targets that the caller can't see.
  const names = await nameHolders(context, stored.field.targetType, targetIds);
  result.values += back.filter(({ targetId }) => names.has(targetId)).length;
  for (const targetId of skipped) {
    const holder = names.get(targetId);
    if (holder) result.skipped.push({ key: stored.field.key, what: 'value', holder });
  }
  return done;
}

/** The old and new values of history rows as plain text. */
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

/** Whether the order is restored, or there was none. */
async function undoOrder(trx: Trx, { tenantId }: PlanRow, { order }: Summary): Promise<boolean> {
  if (!order) return true;
  const space = await findFields(trx, tenantId, order.targetType as StoredField['field']['targetType']);
  const living = space.map(({ field }) => field.key);
  const known = order.after.filter((key) => living.includes(key));
  // Somebody has changed the order since, so it stays.
  if (living.filter((key) => known.includes(key)).join(' ') !== known.join(' ')) return false;
  const wanted = order.before.filter((key) => living.includes(key));
  await arrange(trx, space, [...wanted, ...living.filter((key) => !wanted.includes(key))]);
  return true;
}
