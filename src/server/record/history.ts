import { ApiError } from '#contract/wire/errors';
import type { Actor } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { recordActivity } from './activity.ts';
import { saidOf } from './actor.ts';

/** One change: of a value (field and target), a definition (only field) or a built-in field (only target). */
export interface Change {
  kind: 'value' | 'field' | 'target';
  fieldId?: number;
  targetId?: number;
  /** JSON of the old and the new state. Null if there was or is nothing. */
  before: string | null;
  after: string | null;
  /** The same as plain text if it is encrypted. The audit log stores digests of it. */
  digested?: { before: string | null; after: string | null };
}

/** Writes history rows in the transaction of the change, so that neither exists without the other. */
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
    // One statement gives its rows ids in their order.
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

/** Refuses a change of a target's data without a reason, if the actor needs one. */
export function requireReason(actor: Actor): void {
  if (!actor.needsReason || actor.reason || actor.planId) return;
  throw new ApiError('validation', [{ path: ['reason'], name: 'reasonRequired' }]);
}

/** A change of existing data. To create, delete or restore a target needs no reason. A plan counts as a reason. */
const isEdit = ({ kind, before, after }: Change) =>
  kind === 'value' || (kind === 'target' && before && after && !('deletedAt' in JSON.parse(after)));
