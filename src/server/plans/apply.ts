import { randomBytes } from 'node:crypto';
import { ApiError } from '#contract/errors';
import type { Field } from '#contract/field';
import type { AppliedPlan, PlanRequest } from '#contract/plan';
import { type Value, valueSchema } from '#contract/value';
import { claim, claimKey, fieldScope, release } from '../claims.ts';
import type { Actor, WriteContext } from '../context.ts';
import { lockRows } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { judgedPages } from '../fields/held.ts';
import { arrange } from '../fields/lifecycle.ts';
import { deleteFields, setFields } from '../fields/service.ts';
import { findFields, type StoredField } from '../fields/store.ts';
import { recordChanges } from '../history/store.ts';
import { upsertValues } from '../values/store.ts';
import { findHeldStill, heldOptions, type Proposal, planFields, propose, requireFates, tokenOf } from './service.ts';
import { insertPlan, moveHolders } from './store.ts';

/** What a plan's row keeps for its list and its undo. */
export interface Summary {
  fields: AppliedPlan['fields'];
  order: { targetType: string; before: string[]; after: string[] } | undefined;
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
  const { db, rights } = context;
  await lockRows(db, 'pool', [1], 'update');
  const proposed = await propose(db, tenantId, request, findHeldStill);
  if ((await tokenOf(context, tenantId, request, proposed)) !== token) {
    throw new ApiError('planMoved', [], { current: await planFields(context, tenantId, request) });
  }
  const planId = randomBytes(12).toString('hex');
  const actor = { ...context.actor, planId };
  const counts = new Map<Proposal, number>();
  for (const proposal of proposed.proposals) {
    await requireFates(db, proposal);
    const values = (await applyFates(context, actor, proposal)) + (await normalise(context, actor, proposal));
    counts.set(proposal, values);
  }
  const isChange = (proposal: Proposal) => proposal.next !== undefined;
  const items = proposed.proposals.filter(isChange).flatMap(({ change }) => (change ? [change] : []));
  const fields = await setFields(db, actor, items);
  await deleteFields(
    db,
    actor,
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
  async function applyFates({ db: trx }: WriteContext, by: Actor, proposal: Proposal): Promise<number> {
    let count = 0;
    const { stored, targetType, index } = proposal;
    for (const { value, fate, to } of await heldOptions(trx, proposal)) {
      if (!stored || fate === 'retire' || fate === null) continue;
      requireWrite(rights, ['changes', index, 'fates']);
      const place = { fieldId: stored.id, targetType, from: value, to: fate === 'move' ? (to ?? null) : null };
      count += await moveHolders(trx, by, place);
    }
    return count;
  }
}

/** Refuses a change of values without the right to write them. */
export function requireWrite(rights: readonly string[], path: (string | number)[]): void {
  if (!rights.includes('write')) throw new ApiError('forbidden', [{ path, name: 'needsWriteRight' }]);
}

/** Rewrites the values that can only mean one thing; a unique one that somebody else holds is left as it is. */
async function normalise(
  { db: trx, rights }: WriteContext,
  actor: Actor,
  { stored, next, change, index }: Proposal,
): Promise<number> {
  if (!stored || !next || !change?.normalise) return 0;
  requireWrite(rights, ['changes', index, 'normalise']);
  const after: Field = { ...next, version: stored.field.version };
  let count = 0;
  for await (const page of judgedPages(trx, stored.id, after)) {
    const rewritten: { targetId: number; is: Value; value: Value }[] = [];
    for (const { held, verdict } of page) {
      if (verdict.means === undefined || !valueSchema(after).safeParse(verdict.means).success) continue;
      if (!(await takeOver(trx, stored, held.targetId, claimKey(verdict.means), claimKey(held.value)))) continue;
      rewritten.push({ targetId: held.targetId, is: held.value, value: verdict.means });
    }
    const fieldId = stored.id;
    await upsertValues(
      trx,
      rewritten.map(({ targetId, value }) => ({ fieldId, targetId, value })),
    );
    await recordChanges(
      trx,
      actor,
      rewritten.map(({ targetId, is, value }) => ({
        kind: 'value' as const,
        fieldId,
        targetId,
        before: JSON.stringify(is),
        after: JSON.stringify(value),
      })),
    );
    count += rewritten.length;
  }
  return count;
}

/** Claims a unique value in place of the one held; false, and nothing changed, if it is somebody else's. */
export async function takeOver(
  trx: Trx,
  { id, field }: StoredField,
  targetId: number,
  key: string | undefined,
  former: string | undefined,
): Promise<boolean> {
  if (!field.isUnique) return true;
  await release(trx, fieldScope(id), targetId);
  if (key === undefined || (await claim(trx, fieldScope(id), key, targetId)) === undefined) return true;
  if (former !== undefined) await claim(trx, fieldScope(id), former, targetId);
  return false;
}
