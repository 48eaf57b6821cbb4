import { randomBytes } from 'node:crypto';
import type { Field } from '#contract/field';
import type { Conflict } from '#contract/merge';
import { type AppliedPlan, mayTouchValues, type PlanRequest } from '#contract/plan';
import { targetTypes } from '#contract/target';
import { type Value, valueSchema } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import type { IssueName } from '#contract/wire/issue';
import { requireCounted } from '../access/guesses.ts';
import { allSeen, disclosesValues, see, type Viewer } from '../access/seen.ts';
import type { Actor, Context, WriteContext } from '../context.ts';
import { lockFields, lockPool } from '../database/locks.ts';
import { judgedPages } from '../fields/held.ts';
import { withRetired } from '../fields/judge.ts';
import { arrange } from '../fields/lifecycle.ts';
import { type Change, deleteFields, writeFields } from '../fields/service.ts';
import { Refused } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { findFields, type StoredField } from '../stores/fields.ts';
import { takeOver } from '../stores/unique.ts';
import { changesOf, type Entry, upsertValues } from '../stores/values.ts';
import { meetsAll, unbound } from '../tenancy.ts';
import {
  heldOptions,
  type Proposal,
  type Proposed,
  planFields,
  propose,
  requireDispositions,
  tokenOf,
  typesOf,
} from './service.ts';
import { insertPlan, moveHolders } from './store.ts';

/** What a plan's row stores for its list entry and its undo. */
export interface Summary {
  fields: SummaryOfField[];
  order: { targetType: string; before: string[]; after: string[] } | undefined;
  /** The conflicts that an undo left, by field. The rest of the change is undone. */
  left?: Record<string, Conflict[]>;
  /** When the first undo left something. */
  undone?: string;
}

/** `rewrites`: the plan asked to move, clear or convert values, even if no target had one. */
type SummaryOfField = AppliedPlan['fields'][number] & { values: number; id?: number | undefined; rewrites?: boolean };

/** The fields for which the caller may know how many values a plan changed. */
export async function disclosedFields(context: Context, space: string): Promise<Set<number>> {
  const fields = await Promise.all(targetTypes.map((type) => findFields(context.db, space, type)));
  return new Set(
    allSeen(context, fields.flat())
      .filter((seen) => disclosesValues(seen) && meetsAll(context, seen.field.targetType))
      .map(({ id }) => id),
  );
}

/**
 * When a plan was undone, as a caller is told it. Whether an undo left a value depends on values of its fields: whoever
 * isn't told those of all targets hears that it left none.
 */
export function undoneAtFor(
  disclosed: ReadonlySet<number>,
  { fields, undone }: Summary,
  undoneAt: string | null,
): string | null {
  const isTold = fields.every(
    ({ id, values, rewrites = values > 0 }) => !rewrites || (id !== undefined && disclosed.has(id)),
  );
  return isTold ? undoneAt : (undone ?? undoneAt);
}

/**
 * Applies a plan completely or not at all. The fields and values are locked meanwhile. If they changed since the plan
 * was made, it refuses and returns the current plan.
 */
export async function applyPlan(
  context: WriteContext,
  tenantId: string,
  { token, ...request }: PlanRequest & { token?: string | undefined },
): Promise<{ planId: string; fields: Field[] }> {
  const { db } = context;
  await lockPool(db);
  await lockFields(db, typesOf(request), 'update');
  const proposed = await propose(context, tenantId, request, findFields);
  if (token === undefined) requireNoTouch(proposed.proposals);
  else if ((await tokenOf(context, tenantId, request, proposed)) !== token) {
    throw new Refused(
      async (read) => new ApiError('planMoved', [], { current: await planFields(read, tenantId, request) }),
    );
  }
  const planId = randomBytes(12).toString('hex');
  const actor = { ...context.actor, planId };
  const counts = new Map<Proposal, number>();
  for (const proposal of proposed.proposals) {
    const { stored, index } = proposal;
    if (stored && rewrites(proposal)) {
      requireRewrite(context, stored, ['changes', index]);
      // A masked value that is moved or cleared was compared with each target's: this is recorded and counted.
      if (!disclosesValues(see(context, stored))) requireCounted(context, stored.id);
    }
    await requireDispositions(context, proposal);
    const values =
      (await applyDispositions({ ...context, actor }, proposal)) + (await normalise({ ...context, actor }, proposal));
    counts.set(proposal, values);
  }
  const changes: Change[] = [];
  for (const { stored, next, change, index } of proposed.proposals) {
    if (!next || !change) continue;
    // Targets that a disposition moved don't have the option any more.
    const settled = change.dispositions?.length ? await withRetired(context, stored, next) : next;
    const settles = Boolean(change.dispositions?.length);
    changes.push({ item: change, stored, next: settled, path: ['changes', index], settles });
  }
  const fields = await writeFields({ ...context, actor }, changes);
  await deleteFields(
    { ...context, actor },
    proposed.proposals.filter(({ next }) => !next).map(({ targetType, key }) => ({ targetType, key, tenantId })),
  );
  const { order } = proposed;
  if (order) await arrange(db, await findFields(db, tenantId, order.targetType), order.after);
  await insertPlan(db, {
    id: planId,
    at: new Date().toISOString(),
    tenantId,
    actorName: actor.name,
    summary: JSON.stringify(summaryOf(proposed, counts)),
    undoneAt: null,
  });
  return { planId, fields };

  async function applyDispositions(by: WriteContext, proposal: Proposal): Promise<number> {
    let count = 0;
    const { stored } = proposal;
    for (const { value, disposition, to } of await heldOptions(by, proposal)) {
      if (!stored || disposition === 'retire' || disposition === null) continue;
      count += await moveHolders(by, { stored, from: value, to: disposition === 'move' ? (to ?? null) : null });
    }
    return count;
  }
}

function summaryOf({ proposals, order }: Proposed, counts: ReadonlyMap<Proposal, number>): Summary {
  return {
    order,
    fields: proposals.map((proposal) => ({
      targetType: proposal.targetType,
      key: proposal.key,
      label: (proposal.next ?? proposal.stored?.field)?.label ?? proposal.key,
      does: !proposal.stored ? 'create' : proposal.next ? 'change' : 'delete',
      values: counts.get(proposal) ?? 0,
      id: proposal.stored?.id,
      rewrites: rewrites(proposal),
    })),
  };
}

/** Refuses a change that could affect values without a reviewed plan. It doesn't check whether a target has a value. */
function requireNoTouch(proposals: Proposal[]): void {
  const touching = proposals.filter(({ stored, next, change }) => {
    const { dispositions, normalise: isNormalised } = change ?? {};
    return stored && (!next || mayTouchValues(stored.field, { ...next, dispositions, normalise: isNormalised }));
  });
  if (touching.length) throw new ApiError('planNeeded');
}

const rewrites = ({ change }: Proposal) =>
  Boolean(change?.normalise || change?.dispositions?.some(({ disposition }) => disposition !== 'retire'));

/**
 * Refuses a change of all values of a field if the caller may not write or read them, because the result would disclose
 * each old value. Call it before reading any value.
 */
export function requireRewrite(context: Viewer, stored: StoredField, path: (string | number)[]): void {
  const name = rewriteLacks(context, stored);
  if (name) throw new ApiError('forbidden', [{ path, name }]);
}

function rewriteLacks(context: Viewer, stored: StoredField): IssueName | undefined {
  if (!context.rights.includes('write')) return 'needsWriteRight';
  const seen = see(context, stored);
  if (!seen?.mayEdit) return 'fieldReadOnly';
  if (!seen.isRead) return 'needsReadRight';
  // The console masks these values for everybody. A caller with `reveal` learns nothing new from this.
  return seen.isMasked && !context.rights.includes('reveal') ? 'needsRevealRight' : undefined;
}

/** Converts values that can only mean one value. A unique value that another target has stays unconverted. */
async function normalise(
  context: WriteContext & { actor: Actor },
  { stored, next, change }: Proposal,
): Promise<number> {
  if (!stored || !next || !change?.normalise) return 0;
  const after: Field = { ...next, version: stored.field.version };
  let count = 0;
  for await (const page of judgedPages({ ...context, ...unbound }, stored.id, after)) {
    const rewritten: (Entry & { is: Value })[] = [];
    for (const { held, verdict } of page) {
      if (verdict.means === undefined || !valueSchema(after).safeParse(verdict.means).success) continue;
      if (!(await takeOver(context, stored, held.targetId, { is: verdict.means, was: held.value }))) continue;
      rewritten.push({ stored, targetId: held.targetId, is: held.value, value: verdict.means });
    }
    await upsertValues(context, rewritten);
    await recordChanges(
      context.db,
      context.actor,
      await changesOf(
        context,
        rewritten.map(({ targetId, is, value }) => ({ stored, targetId, before: is, after: value })),
      ),
    );
    count += rewritten.length;
  }
  return count;
}
