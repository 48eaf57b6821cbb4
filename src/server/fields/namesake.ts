import type { FieldDefinition } from '#contract/field';
import { opensBeyond, see, type Viewer } from '../access/seen.ts';
import type { Db } from '../database/schema.ts';
import { findTrashedFields } from './lifecycle.store.ts';

/**
 * Whether a field would tell a caller what they weren't told of another one of its key, which lies in the trash: whoever
 * writes under that key goes on doing so, and knows nothing of it. It may open no further than a change of the other.
 */
export async function opensNamesake(
  { db, ...viewer }: Viewer & { db: Db },
  tenantId: string,
  next: FieldDefinition,
): Promise<boolean> {
  const trashed = await findTrashedFields(db, tenantId, next.targetType);
  return trashed.some((stored) => {
    if (stored.field.key.toLowerCase() !== next.key.toLowerCase()) return false;
    const isTold = see(viewer, stored)?.isMasked === false;
    return (
      opensBeyond(viewer, stored.field, next) !== undefined || (stored.field.encrypted && !next.encrypted && !isTold)
    );
  });
}
