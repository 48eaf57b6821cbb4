import { z } from 'zod';
import type { Input } from '#contract/endpoints';
import { defaultNamespace, type TargetReference, type TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { requireCounted } from '../access/guesses.ts';
import { disclosesValues, see } from '../access/seen.ts';
import type { Context, WriteContext } from '../context.ts';
import { lockRows, lockTargets } from '../database/open.ts';
import { type Db, type Trx, targetTables } from '../database/schema.ts';
import { findLastTargetChange } from '../history/store.ts';
import { collectIssues, type IssueCollector } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { claim, fieldScope, findClaims, release, releaseAll } from '../stores/claims.ts';
import { findFieldsById, type StoredField } from '../stores/fields.ts';
import { claimValue } from '../stores/unique.ts';
import { changesOf, deleteValues, findRows, type Target } from '../stores/values.ts';
import { difference, notFound } from '../targets.ts';
import { reviveNamespaceOf } from './namespaces.ts';

/** Moves targets to the trash. Their values stay; their unique values and names are free again. */
export async function trashTargets(
  context: Pick<Context, 'actor'> & { db: Trx },
  type: TargetType,
  named: number[],
): Promise<void> {
  const { db } = context;
  const now = new Date().toISOString();
  const ids = [...new Set(named)];
  await lockTargets(db, type, ids);
  const living = await db
    .selectFrom(targetTables[type])
    .select('id')
    .where('id', 'in', ids)
    .where('deletedAt', 'is', null)
    .execute();
  // A concurrent delete was first. Its entry about the claims must stay the last one.
  if (living.length < ids.length) throw new ApiError(notFound[type]);
  const names = await findClaims(db, ids);
  await db.updateTable(targetTables[type]).set({ deletedAt: now, updatedAt: now }).where('id', 'in', ids).execute();
  await releaseAll(db, ids);
  await recordChanges(
    db,
    context.actor,
    ids.map((targetId) => ({
      kind: 'target',
      targetId,
      // The claims of the target, so that a restore can claim them again.
      before: JSON.stringify({ deletedAt: null, claims: names.get(targetId) ?? [] }),
      after: JSON.stringify({ deletedAt: now }),
    })),
  );
}

/**
 * Restores the target that was deleted last under an identifier. If another target uses a name or unique value now, the
 * restore is refused. With `withoutTaken`, and if the caller may write it, it stays empty; the change history keeps it.
 */
export async function restoreTarget(
  context: WriteContext,
  { withoutTaken, ...reference }: Input<'restoreTarget'>,
): Promise<void> {
  const { db, actor } = context;
  const { targetType } = reference;
  const found = await lockTrashed(db, reference);
  const change = await findLastTargetChange(db, found.id);
  // An erased user has no history and can't be restored.
  if (!change) throw new ApiError(notFound[targetType], [{ path: ['targetIdentifier'], name: 'notFound' }]);
  const issues = collectIssues();
  const lost = await claimAgain(context, { id: found.id, targetType }, change.before, {
    issues,
    withoutTaken: withoutTaken ?? false,
  });
  issues.throwIfAny();
  const now = new Date().toISOString();
  await db
    .updateTable(targetTables[targetType])
    .set({ deletedAt: null, updatedAt: now })
    .where('id', '=', found.id)
    .execute();
  if (targetType === 'ROLE') await reviveNamespaceOf(db, found.id);
  await recordChanges(db, actor, [
    {
      kind: 'target',
      targetId: found.id,
      before: JSON.stringify({ deletedAt: found.deletedAt }),
      after: JSON.stringify({ deletedAt: null }),
    },
  ]);
  await leaveEmpty(context, found.id, lost);
}

/** What a restored target can't have again. */
interface Lost {
  names: UserName[];
  values: { stored: StoredField; value: Value }[];
}

const userNames = ['username', 'email', 'phone', 'externalId'] as const;
type UserName = (typeof userNames)[number];

/** Claims names and unique values again. A taken one is refused, or returned so that it stays empty. */
async function claimAgain(
  context: WriteContext,
  { id, targetType }: Target,
  before: string | null,
  { issues, withoutTaken }: { issues: IssueCollector; withoutTaken: boolean },
): Promise<Lost> {
  const { db } = context;
  const lost: Lost = { names: [], values: [] };
  const { claims } = z
    .object({ claims: z.array(z.object({ scope: z.string(), key: z.string() })).optional() })
    .parse(JSON.parse(before ?? '{}'));
  for (const { scope, key } of claims ?? []) {
    if ((await claim(db, scope, key, id)) === undefined) continue;
    const name = userNames.find((one) => targetType === 'USER' && scope === `user:${one}`);
    // A code identifies the target, so it can't stay empty.
    if (name && withoutTaken) lost.names.push(name);
    else issues.add('codeTaken', ['targetIdentifier', scope.split(':')[1] ?? scope], 'codeTaken');
  }
  const held = await findRows(context, id);
  for (const stored of await findFieldsById(db, [...held.keys()])) {
    const value = held.get(stored.id);
    if (!stored.field.isUnique || value === undefined) continue;
    const seen = see(context, stored);
    // Whether the restore succeeds discloses whether another target has the value now.
    if (!disclosesValues(seen)) requireCounted(context, stored.id);
    if ((await claimValue(context, stored, id, value)) === undefined) continue;
    const mayEdit = context.rights.includes('write') && seen?.mayEdit;
    if (mayEdit && withoutTaken) lost.values.push({ stored, value });
    else issues.add('valueTaken', ['targetIdentifier', ...(seen ? [stored.field.key] : [])], 'valueTaken');
  }
  return lost;
}

async function leaveEmpty(context: WriteContext, targetId: number, { names, values }: Lost): Promise<void> {
  const { db } = context;
  // This is part of the restore, which needs no reason.
  const actor = { ...context.actor, needsReason: false };
  if (names.length) {
    const row = await db.selectFrom('users').select(userNames).where('id', '=', targetId).executeTakeFirstOrThrow();
    const empty = Object.fromEntries(names.map((name) => [name, null]));
    await db.updateTable('users').set(empty).where('id', '=', targetId).execute();
    const change = difference(row, empty);
    if (change) await recordChanges(db, actor, [{ kind: 'target', targetId, ...change }]);
  }
  const fieldIds = values.map(({ stored }) => stored.id);
  // An encrypted value may have claimed one of its two hashes before the other was refused.
  for (const id of fieldIds) await release(db, fieldScope(id), targetId);
  await deleteValues(db, targetId, fieldIds);
  const changes = values.map(({ stored, value }) => ({ stored, targetId, before: value, after: null }));
  await recordChanges(db, actor, await changesOf(context, changes));
}

/** Locks the target in the trash and reads it again, because somebody else may have restored it. */
async function lockTrashed(db: Trx, { targetType, targetIdentifier, namespace }: TargetReference) {
  const look = () => findTrashed[targetType](db, targetIdentifier, namespace || defaultNamespace);
  const seen = await look();
  if (seen?.namespaceId) await lockRows(db, 'namespaces', [seen.namespaceId], 'update');
  if (seen) await lockTargets(db, targetType, [seen.id, ...(seen.rootId ? [seen.rootId] : [])]);
  const found = seen && (await look());
  if (!found || found.id !== seen.id) {
    throw new ApiError(notFound[targetType], [{ path: ['targetIdentifier'], name: 'notFound' }]);
  }
  return found;
}

type Find = (
  db: Db,
  identifier: string,
  namespace: string,
) => Promise<{ id: number; deletedAt: string | null; rootId?: number; namespaceId?: number } | undefined>;

const findTrashed: Record<TargetType, Find> = {
  USER: (db, userId) =>
    db
      .selectFrom('users')
      .select(['id', 'deletedAt'])
      .where('userId', '=', userId)
      .where('deletedAt', 'is not', null)
      .executeTakeFirst(),
  ROLE: (db, code, namespace) =>
    db
      .selectFrom('roles')
      .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
      .select(['roles.id', 'roles.deletedAt', 'roles.namespaceId'])
      .where('roles.code', '=', code)
      .where('namespaces.code', '=', namespace)
      .where('roles.deletedAt', 'is not', null)
      .orderBy('roles.deletedAt', 'desc')
      .executeTakeFirst(),
  GROUP: (db, code) =>
    db
      .selectFrom('groups')
      .select(['id', 'deletedAt'])
      .where('code', '=', code)
      .where('deletedAt', 'is not', null)
      .orderBy('deletedAt', 'desc')
      .executeTakeFirst(),
  DEPARTMENT: async (db, departmentId) => {
    const row = await db
      .selectFrom('departments')
      .select(['id', 'rootId', 'parentId', 'deletedAt'])
      .where('departmentId', '=', departmentId)
      .where('deletedAt', 'is not', null)
      .executeTakeFirst();
    if (!row?.parentId) return row;
    const parent = await db
      .selectFrom('departments')
      .select('id')
      .where('id', '=', row.parentId)
      .where('deletedAt', 'is', null)
      .executeTakeFirst();
    // Its parent is in the trash and must be restored first.
    return parent && row;
  },
};
