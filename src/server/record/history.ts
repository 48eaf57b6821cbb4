import { ApiError } from '#contract/wire/errors';
import type { Actor } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { recordActivity } from './activity.ts';
import { saidOf } from './actor.ts';

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
    await recordActivity(
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
