import { randomBytes } from 'node:crypto';
import { ApiError } from '#contract/errors';
import type { Field } from '#contract/field';
import type { Conflict } from '#contract/merge';
import type { AppliedPlan, PlanRequest } from '#contract/plan';
import { type Value, valueSchema } from '#contract/value';
import { see, type Viewer } from '../access.ts';
import type { Actor, WriteContext } from '../context.ts';
import { lockRows } from '../database/open.ts';
import { judgedPages } from '../fields/held.ts';
import { arrange } from '../fields/lifecycle.ts';
import { deleteFields, setFields } from '../fields/service.ts';
import { findFields, type StoredField } from '../fields/store.ts';
import { recordChanges } from '../history/store.ts';
import { changesOf, type Entry, upsertValues } from '../values/store.ts';
import { takeOver } from '../values/unique.ts';
import { findHeldStill, heldOptions, type Proposal, planFields, propose, requireFates, tokenOf } from './service.ts';
import { insertPlan, moveHolders } from './store.ts';

/** What a plan's row keeps for its list and its undo. */
export interface Summary {
  fields: AppliedPlan['fields'];
  order: { targetType: string; before: string[]; after: string[] } | undefined;
  /** Where an undo left definitions alone, by field: the rest of their change is undone. */
  left?: Record<string, Conflict[]>;
}

/**
 * Does what a plan says, all of it or nothing. Nobody else writes these fields or their values meanwhile; if they moved
 * since the plan was made, it is refused with the plan of now.
 */
export async function applyPlan(
  context: WriteContext,
  tenantId: string,
  { token, ...request }: PlanRequest & { token: string },
): Promise<{ planId: string; fields: Field[] }> {
  const { db } = context;
  await lockRows(db, 'pool', [1], 'update');
  const proposed = await propose(context, tenantId, request, findHeldStill);
  if ((await tokenOf(context, tenantId, request, proposed)) !== token) {
    throw new ApiError('planMoved', [], { current: await planFields(context, tenantId, request) });
  }
  const planId = randomBytes(12).toString('hex');
  const actor = { ...context.actor, planId };
  const counts = new Map<Proposal, number>();
  for (const proposal of proposed.proposals) {
    await requireFates(context, proposal);
    const values =
      (await applyFates({ ...context, actor }, proposal)) + (await normalise({ ...context, actor }, proposal));
    counts.set(proposal, values);
  }
  const isChange = (proposal: Proposal) => proposal.next !== undefined;
  const items = proposed.proposals.filter(isChange).flatMap(({ change }) => (change ? [change] : []));
  const fields = await setFields({ ...context, actor }, items);
  await deleteFields(
    { ...context, actor },
    proposed.proposals
      .filter((proposal) => !isChange(proposal))
      .map(({ targetType, key }) => ({ targetType, key, tenantId })),
  );
  const { order } = proposed;
  if (order) await arrange(db, await findFields(db, tenantId, order.targetType), order.after);
  const summary: Summary = {
    order,
    fields: proposed.proposals.map((proposal) => ({
      targetType: proposal.targetType,
      key: proposal.key,
      label: (proposal.next ?? proposal.stored?.field)?.label ?? proposal.key,
      does: !proposal.stored ? 'create' : proposal.next ? 'change' : 'delete',
      values: counts.get(proposal) ?? 0,
    })),
  };
  await insertPlan(db, {
    id: planId,
    at: new Date().toISOString(),
    tenantId,
    actorName: actor.name,
    summary: JSON.stringify(summary),
    undoneAt: null,
  });
  return { planId, fields };

  /** Moving values is writing values, and needs that right too. */
  async function applyFates(by: WriteContext, proposal: Proposal): Promise<number> {
    let count = 0;
    const { stored, index } = proposal;
    for (const { value, fate, to } of await heldOptions(by, proposal)) {
      if (!stored || fate === 'retire' || fate === null) continue;
      requireWrite(by, stored, ['changes', index, 'fates']);
      count += await moveHolders(by, { stored, from: value, to: fate === 'move' ? (to ?? null) : null });
    }
    return count;
  }
}

/** Refuses a change of a field's values without the right to write values, or of a field that the caller's role can't edit. */
export function requireWrite(context: Viewer, stored: StoredField, path: (string | number)[]): void {
  if (!context.rights.includes('write')) throw new ApiError('forbidden', [{ path, name: 'needsWriteRight' }]);
  if (!see(context, stored)?.mayEdit) throw new ApiError('forbidden', [{ path, name: 'fieldReadOnly' }]);
}

/** Rewrites the values that can only mean one thing; a unique one that somebody else holds is left as it is. */
async function normalise(
  context: WriteContext & { actor: Actor },
  { stored, next, change, index }: Proposal,
): Promise<number> {
  if (!stored || !next || !change?.normalise) return 0;
  requireWrite(context, stored, ['changes', index, 'normalise']);
  const after: Field = { ...next, version: stored.field.version };
  let count = 0;
  for await (const page of judgedPages(context, stored.id, after)) {
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
