import { isReservedKey } from '#contract/builtin';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import type { Actor, Server } from '../context.ts';
import { lockFields, lockFieldsById, lockPool } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import { collectIssues } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { findFields, findFieldsLocked, type StoredField, trashField } from '../stores/fields.ts';
import type { Bound } from '../tenancy.ts';
import { owePages } from '../vault/pages.ts';
import { dropTyped } from '../vault/switch.ts';
import { countHoldersOf } from './held.ts';
import { findTrashedFields, findTrashedSince, purgeField, renameKey, setPositions } from './lifecycle.store.ts';
import { claimHeld, type Definer, snapshot } from './service.ts';

const day = 86_400_000;
/** How long what was deleted can be restored, and what was done can be undone. */
export const keptFor = 30 * day;

interface Trashed {
  targetType: TargetType;
  key: string;
  tenantId: string;
  /** Which of several deleted fields of that key; the latest if it isn't said. */
  trashId?: number | undefined;
  /** Another key, where its own is taken. */
  as?: string | undefined;
}

/** Takes a field out of the trash, with its values and history. Onto a taken key it is refused, and another key offered. */
export async function restoreField(context: Definer, wanted: Trashed): Promise<Field> {
  const { db: trx, actor } = context;
  const { targetType, tenantId, trashId } = wanted;
  await lockPool(trx);
  await lockFields(trx, [targetType], 'update');
  const key = wanted.as ?? wanted.key;
  const taken = (await findFields(trx, tenantId, targetType)).map(({ field }) => field.key.toLowerCase());
  const trash = await findTrashedFields(trx, tenantId, targetType);
  const trashed = trash.find(({ id, field }) => field.key === wanted.key && (trashId === undefined || id === trashId));
  if (!trashed) throw new ApiError('fieldNotFound', [{ path: ['key'], name: 'notFound' }]);
  const path = [wanted.as === undefined ? 'key' : 'as'];
  if (isReservedKey(targetType, key)) throw new ApiError('keyReserved', [{ path, name: 'keyReserved' }]);
  if (taken.includes(key.toLowerCase())) {
    throw new ApiError('keyTaken', [{ path, name: 'keyTaken' }], { current: { offer: freeKey(key, taken) } });
  }
  if (key !== wanted.key) {
    await renameKey(trx, trashed.id, key);
    // A living namesake began without what drafts and views held of this one.
    if (!taken.includes(wanted.key.toLowerCase())) await dropTyped(trx, { tenantId, targetType, key: wanted.key });
  }
  // What was typed under a key is about whichever field lived there last.
  if (trash.find(({ field }) => field.key === key) !== trashed) await dropTyped(trx, { tenantId, targetType, key });
  await trashField(trx, trashed.id, null);
  const issues = collectIssues();
  if (trashed.field.isUnique) await claimHeld(context, trashed, issues, ['key']);
  issues.throwIfAny();
  const field = { ...trashed.field, key };
  const before = JSON.stringify({ trashed: true });
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: trashed.id, before, after: snapshot(field) }]);
  return field;
}

/** The next key that is free: school_2, school_3, … */
function freeKey(key: string, taken: string[]): string {
  const base = key.slice(0, 58);
  for (let count = 2; ; count += 1) if (!taken.includes(`${base}_${count}`.toLowerCase())) return `${base}_${count}`;
}

/** What lies in the trash of a space, the latest first, with how many hold a value and when it goes for good. */
export async function listTrash({ db, ...bound }: Bound & { db: Db }, tenantId: string, targetType: TargetType) {
  const trashed = await findTrashedFields(db, tenantId, targetType);
  const list = [];
  for (const { id, deletedAt, field } of trashed) {
    const holders = await countHoldersOf({ db, ...bound }, id, targetType);
    list.push({
      trashId: id,
      deletedAt,
      purgeAt: new Date(Date.parse(deletedAt) + keptFor).toISOString(),
      holders,
      field,
    });
  }
  return list;
}

/** Gives a field the place that is counted from 1; the others keep their order. */
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

/** Removes for good what has lain in the trash for 30 days, values and their history too; what was removed stays on record. */
export async function purgeTrash({ database }: Pick<Server, 'database'>, actor: Actor, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptFor).toISOString();
  let count = 0;
  // Each by itself, so that nobody waits for all of them.
  for (const { id } of await findTrashedSince(database.read, before))
    if (await transact(database, (trx) => purgeOne(trx, actor, id, before))) count += 1;
  return count;
}

/** Removes one of them, unless somebody restored or removed it meanwhile. */
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
