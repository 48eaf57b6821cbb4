import { blankField, type FieldDefinition } from '#contract/field';
import { opensBeyond, see, type Viewer } from '../access/seen.ts';
import type { Db } from '../database/schema.ts';
import type { StoredField } from '../stores/fields.ts';
import { findTrashedFields } from './lifecycle.store.ts';

/**
 * Whether a field would tell a caller what they weren't told of another one of its key, which lies in the trash: whoever
 * writes under that key goes on doing so, and knows nothing of it. It may open no further than a change of the other.
 * `self`: the field lies in the trash itself.
 */
export async function opensNamesake(
  { db, ...viewer }: Viewer & { db: Db },
  tenantId: string,
  next: FieldDefinition,
  self?: number,
): Promise<boolean> {
  const trashed = await findTrashedFields(db, tenantId, next.targetType, [next.key]);
  return trashed.some((stored) => stored.id !== self && opensAfter(viewer, stored, next));
}

/** Whether a caller could open what comes after a field under its key, if its key were forgotten: as any new field may be. */
export const leavesKeyOpen = (viewer: Viewer, stored: StoredField): boolean =>
  opensAfter(viewer, stored, blankField('STRING', stored.field.targetType, stored.field.key));

function opensAfter(viewer: Viewer, former: StoredField, next: FieldDefinition): boolean {
  const isTold = see(viewer, former)?.isMasked === false;
  return (
    opensBeyond(viewer, former.field, next) !== undefined || (former.field.encrypted && !next.encrypted && !isTold)
  );
}
