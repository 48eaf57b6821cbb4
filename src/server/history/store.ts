import type { Actor } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';

/** One change: of a value (field and target), a definition (field alone) or a built-in field (target alone). */
export interface Change {
  kind: 'value' | 'field' | 'target';
  fieldId?: number;
  targetId?: number;
  /** JSON of what was and what is; null where there was or is nothing. */
  before: string | null;
  after: string | null;
}

/** Writes history rows in the transaction of the change itself: neither exists without the other. */
export async function recordChanges(trx: Trx, actor: Actor, changes: Change[]): Promise<void> {
  const at = new Date().toISOString();
  await inSlices(changes, async (slice) => {
    await trx
      .insertInto('history')
      .values(
        slice.map(({ kind, fieldId, targetId, before, after }) => ({
          at,
          kind,
          fieldId: fieldId ?? null,
          targetId: targetId ?? null,
          before,
          after,
          actorKind: actor.kind,
          actorId: actor.id,
          actorName: actor.name,
          through: actor.through,
          requestId: actor.requestId ?? null,
          planId: actor.planId ?? null,
        })),
      )
      .execute();
    return [];
  });
}
