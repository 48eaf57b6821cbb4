import { isReservedKey } from '#contract/builtin';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { disclosesHolders, isHidden, see, told, type Viewer } from '../access/seen.ts';
import type { Actor, Server } from '../context.ts';
import { lockFields, lockFieldsById, lockPool } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import { collectIssues } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { findFields, findFieldsLocked, type StoredField, trashField } from '../stores/fields.ts';
import { requireRoomForOptions } from '../stores/options.ts';
import { owePages } from '../vault/pages.ts';
import { dropTyped } from '../vault/switch.ts';
import { countHoldersOf } from './held.ts';
import { findTrashedFields, findTrashedSince, purgeField, renameKey, setPositions } from './lifecycle.store.ts';
import { leavesKeyOpen, opensNamesake } from './namesake.ts';
import { claimHeld, type Definer, hasRoom, snapshot } from './service.ts';

const day = 86_400_000;
/** How long a deletion can be restored and an applied plan can be undone. */
export const keptFor = 30 * day;

interface Trashed {
  targetType: TargetType;
  key: string;
  tenantId: string;
  /** Chooses between several deleted fields with that key. The default is the latest one. */
  trashId?: number | undefined;
  /** Another key, if its own is taken. */
  as?: string | undefined;
}

/** Restores a field with its values and history. If its key is taken, it refuses and offers another key; a full space takes none. */
export async function restoreField(context: Definer, wanted: Trashed): Promise<Field> {
  const { db: trx, actor } = context;
  const { targetType, tenantId, trashId } = wanted;
  await lockPool(trx);
  await lockFields(trx, [targetType], 'update');
  const key = wanted.as ?? wanted.key;
  const space = await findFields(trx, tenantId, targetType);
  const taken = space.map(({ field }) => field.key.toLowerCase());
  const trash = await findTrashedFields(trx, tenantId, targetType, [wanted.key, key]);
  const trashed = trash.find(({ id, field }) => field.key === wanted.key && (trashId === undefined || id === trashId));
  if (!trashed) throw new ApiError('fieldNotFound', [{ path: ['key'], name: 'notFound' }]);
  const path = [wanted.as === undefined ? 'key' : 'as'];
  if (isReservedKey(targetType, key)) throw new ApiError('keyReserved', [{ path, name: 'keyReserved' }]);
  if (taken.includes(key.toLowerCase())) {
    throw new ApiError('keyTaken', [{ path, name: 'keyTaken' }], { current: { offer: freeKey(key, taken) } });
  }
  if (isHidden(context, trashed.field.access))
    throw new ApiError('forbidden', [{ path: ['key'], name: 'accessBeyondOwn' }]);
  if (!hasRoom(space, 1)) throw new ApiError('tooManyFields');
  const isLeft = key.toLowerCase() !== wanted.key.toLowerCase() && !taken.includes(wanted.key.toLowerCase());
  const isOpened = await opensNamesake(context, tenantId, { ...trashed.field, key }, trashed.id);
  // Nobody remembers the key that a field had. A current field of that key was made while this one was in the trash.
  if (isOpened || (isLeft && leavesKeyOpen(context, trashed)))
    throw new ApiError('forbidden', [{ path, name: 'keyOfUnseen' }]);
  if (key !== wanted.key) {
    await renameKey(trx, trashed.id, key);
    // A current field with the old key started without the drafts and views of this one.
    if (!taken.includes(wanted.key.toLowerCase())) await dropTyped(trx, { tenantId, targetType, key: wanted.key });
  }
  // Drafts and views under a key belong to the field that had the key last.
  if (trash.find(({ field }) => field.key === key) !== trashed) await dropTyped(trx, { tenantId, targetType, key });
  await trashField(trx, trashed.id, null);
  await requireRoomForOptions(trx, { tenantId, targetType });
  const issues = collectIssues();
  if (trashed.field.isUnique) await claimHeld(context, trashed, issues, ['key']);
  issues.throwIfAny();
  const field = { ...trashed.field, key };
  const before = JSON.stringify({ trashed: true });
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: trashed.id, before, after: snapshot(field) }]);
  return (await told(context, { ...trashed, field })).field;
}

/** The next free key: school_2, school_3, … */
function freeKey(key: string, taken: string[]): string {
  const base = key.slice(0, 58);
  for (let count = 2; ; count += 1) if (!taken.includes(`${base}_${count}`.toLowerCase())) return `${base}_${count}`;
}

/** The trash of a space, the latest first, with the number of values and the date of permanent deletion. */
export async function listTrash(context: Viewer & { db: Db }, tenantId: string, targetType: TargetType) {
  const trashed = await findTrashedFields(context.db, tenantId, targetType);
  const list = [];
  for (const stored of trashed) {
    const { id, deletedAt } = stored;
    const holders = disclosesHolders(see(context, stored)) ? await countHoldersOf(context, id, targetType) : null;
    list.push({
      trashId: id,
      deletedAt,
      purgeAt: new Date(Date.parse(deletedAt) + keptFor).toISOString(),
      holders,
      field: (await told(context, stored)).field,
    });
  }
  return list;
}

/** Moves a field to a position (from 1). The others keep their order. */
export async function moveField(
  trx: Trx,
  { targetType, key, tenantId, position }: { targetType: TargetType; key: string; tenantId: string; position: number },
): Promise<void> {
  await lockPool(trx);
  const space = await findFieldsLocked(trx, tenantId, targetType, 'update');
  const keys = space.map(({ field }) => field.key);
  if (!keys.includes(key)) throw new ApiError('fieldNotFound', [{ path: ['key'], name: 'notFound' }]);
  const others = keys.filter((known) => known !== key);
  await arrange(trx, space, others.toSpliced(position - 1, 0, key));
}

/** Puts the fields of a space in the order of these keys. */
export async function arrange(trx: Trx, space: StoredField[], keys: string[]): Promise<void> {
  const byKey = new Map(space.map((stored) => [stored.field.key, stored]));
  const moved = keys.flatMap((key, index) => {
    const stored = byKey.get(key);
    return stored && stored.position !== index + 1 ? [{ id: stored.id, position: index + 1 }] : [];
  });
  await setPositions(trx, moved);
}

/** Permanently deletes fields after 30 days in the trash, with values and history. A record of it stays. */
export async function purgeTrash({ database }: Pick<Server, 'database'>, actor: Actor, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptFor).toISOString();
  let count = 0;
  // One transaction each, so that nobody waits for all of them.
  for (const { id } of await findTrashedSince(database.read, before))
    if (await transact(database, (trx) => purgeOne(trx, actor, id, before))) count += 1;
  return count;
}

/** Deletes one of them, unless somebody has restored or deleted it in the meantime. */
async function purgeOne(trx: Trx, actor: Actor, id: number, before: string): Promise<boolean> {
  await lockPool(trx);
  await lockFieldsById(trx, [id], 'update');
  const doomed = (await findTrashedSince(trx, before)).find((trashed) => trashed.id === id);
  if (!doomed) return false;
  const values = await purgeField(trx, id);
  await owePages(trx);
  const { targetType, key, label } = doomed.field;
  const was = JSON.stringify({ targetType, key, label, deletedAt: doomed.deletedAt, values });
  const after = JSON.stringify({ purged: true });
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: was, after }]);
  return true;
}
