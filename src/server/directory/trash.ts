import { z } from 'zod';
import type { Input } from '#contract/endpoints';
import type { TargetReference, TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { requireCounted } from '../access/guesses.ts';
import { disclosesValues, see } from '../access/seen.ts';
import type { Context, WriteContext } from '../context.ts';
import { lockRows, lockTargets } from '../database/locks.ts';
import type { Db, Trx } from '../database/schema.ts';
import { findLastTargetChange } from '../history/store.ts';
import { collectIssues, type IssueCollector } from '../issues.ts';
import type { Home } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { recordChanges } from '../record/history.ts';
import { claim, fieldScope, findClaims, release, releaseAll } from '../stores/claims.ts';
import { findUniqueFields, type StoredField } from '../stores/fields.ts';
import { claimValue } from '../stores/unique.ts';
import { changesOf, deleteValues, findRows, type Target } from '../stores/values.ts';
import { difference, isNamed, type LockedTarget } from '../targets.ts';
import { meetsAll } from '../tenancy.ts';
import { reviveNamespace } from './namespaces.ts';

/** Moves targets to the trash. Their values stay; their unique values and names are free again. */
export async function trashTargets(
  context: Pick<Context, 'actor'> & { db: Trx },
  type: TargetType,
  targets: LockedTarget[],
): Promise<void> {
  const { db } = context;
  const now = new Date().toISOString();
  const ids = targets.map(({ id }) => id);
  const names = await findClaims(db, ids);
  await db.updateTable(kinds[type].table).set({ deletedAt: now, updatedAt: now }).where('id', 'in', ids).execute();
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
  // Whoever was erased has no history, and doesn't come back.
  if (!change) throw new ApiError(kinds[targetType].notFound, [{ path: ['targetIdentifier'], name: 'notFound' }]);
  const issues = collectIssues();
  const lost = await claimAgain(context, { id: found.id, targetType }, change.before, {
    issues,
    withoutTaken: withoutTaken ?? false,
  });
  issues.throwIfAny();
  const now = new Date().toISOString();
  await db
    .updateTable(kinds[targetType].table)
    .set({ deletedAt: null, updatedAt: now })
    .where('id', '=', found.id)
    .execute();
  if (found.namespaceId) await reviveNamespace(db, found.namespaceId);
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
  const unique = await findUniqueFields(db, targetType);
  // Whether the restore succeeds discloses whether another target has one of the values or names now. It counts as one
  // guess, whatever the target holds.
  const protectedField = unique.find(
    (stored) => !disclosesValues(see(context, stored)) || !meetsAll(context, targetType),
  );
  const hasProtectedName = isNamedInSecret(targetType) && !context.rights.includes('read');
  if (protectedField || hasProtectedName) requireCounted(context, protectedField?.id);
  for (const { scope, key } of claims ?? []) {
    if ((await claim(db, scope, key, id)) === undefined) continue;
    const name = userNames.find((one) => scope === `user:${one}`);
    // A code is what the others are known by: it can't be left empty.
    if (name && withoutTaken) lost.names.push(name);
    else issues.add('codeTaken', ['targetIdentifier', scope.split(':')[1] ?? scope], 'codeTaken');
  }
  const held = await findRows(
    context,
    id,
    unique.map((stored) => stored.id),
  );
  for (const stored of unique) {
    const value = held.get(stored.id);
    if (value === undefined) continue;
    const seen = see(context, stored);
    if ((await claimValue(context, stored, id, value)) === undefined) continue;
    const mayEdit = context.rights.includes('write') && seen?.mayEdit;
    if (mayEdit && withoutTaken) lost.values.push({ stored, value });
    else issues.add('valueTaken', ['targetIdentifier', ...(seen ? [stored.field.key] : [])], 'valueTaken');
  }
  return lost;
}

/** Roles and groups are found by their codes, also without `read`. */
const isNamedInSecret = (targetType: TargetType) => targetType === 'USER' || targetType === 'DEPARTMENT';

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

/** The one in the trash, locked; looked for again under the lock, as somebody else may have restored it. */
async function lockTrashed(db: Trx, reference: TargetReference) {
  const { targetType } = reference;
  const seen = await findTrashed(db, reference);
  if (seen?.namespaceId) await lockRows(db, 'namespaces', [seen.namespaceId]);
  if (seen) await lockTargets(db, targetType, [seen.id, ...(seen.rootId ? [seen.rootId] : [])]);
  const found = seen && (await findTrashed(db, reference));
  if (!found || found.id !== seen.id) {
    throw new ApiError(kinds[targetType].notFound, [{ path: ['targetIdentifier'], name: 'notFound' }]);
  }
  return found;
}

/** The one that was deleted last under an identifier, and what it stands in. */
async function findTrashed(db: Db, reference: TargetReference) {
  const { table, homeOf } = kinds[reference.targetType];
  const row = await db
    .selectFrom(table)
    .select(['id', 'deletedAt'])
    .where(isNamed(reference))
    .where('deletedAt', 'is not', null)
    .orderBy('deletedAt', 'desc')
    .executeTakeFirst();
  const home: Home | undefined = row && homeOf ? await homeOf(db, row.id) : {};
  return row && home && { ...row, ...home };
}
