import type { Input } from '#contract/endpoints';
import { defaultNamespace } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import type { WriteContext } from '../context.ts';
import { lockPool, lockRows } from '../database/locks.ts';

import type { Db, Trx } from '../database/schema.ts';
import { disclosed } from '../kinds/kind.ts';
import { recordChanges } from '../record/history.ts';
import { containing } from '../search/search.ts';
import { editOf, stated } from '../targets.ts';

// Permission spaces (namespaces). Every role is in one.

/** Every new database has these. A call without a namespace means `default`. */
const kept = ['default', 'system'];

export async function listNamespaces(db: Db, input: Input<'listNamespaces'>) {
  const limit = input.limit ?? 10;
  let query = db.selectFrom('namespaces').where('deletedAt', 'is', null);
  const keywords = input.keywords?.trim();
  if (keywords)
    query = query.where((either) => either.or([containing(db, 'code', keywords), containing(db, 'name', keywords)]));
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .select(['code', 'name', 'description', 'status'])
    .orderBy('id')
    .limit(limit)
    .offset(((input.page ?? 1) - 1) * limit)
    .execute();
  return { totalCount: total, list: rows };
}

/** Creates a permission space, or restores a deleted one with that code under its new name. */
export async function createNamespace({ db, actor }: WriteContext, input: Input<'createNamespace'>) {
  await lockPool(db);
  const row = { code: input.code, name: input.name ?? input.code, description: input.description ?? '', status: 1 };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('namespaces')
    .values({ ...row, createdAt: new Date().toISOString() })
    .onConflict((conflict) =>
      conflict
        .column('code')
        .doUpdateSet({ name: row.name, description: row.description, deletedAt: null })
        .where('namespaces.deletedAt', 'is not', null),
    )
    .executeTakeFirst();
  if (!Number(numInsertedOrUpdatedRows ?? 0)) throw new ApiError('codeTaken', [{ path: ['code'], name: 'codeTaken' }]);
  await recordChanges(db, actor, [{ kind: 'target', before: null, after: JSON.stringify(row) }]);
  return row;
}

export async function updateNamespace(context: WriteContext, input: Input<'updateNamespace'>) {
  const { db, actor } = context;
  // The pool's lock: of two who want one code the other has to see that it is taken.
  await lockPool(db);
  const stored = await lockNamespace(db, input.code, 'update');
  const changed = {
    name: input.name ?? undefined,
    description: input.description ?? undefined,
    code: input.newCode && input.newCode !== input.code ? input.newCode : undefined,
  };
  const change = editOf(context, stored, changed);
  if (change) {
    if (changed.code) {
      if (kept.includes(stored.code)) throw new ApiError('unsupported', [{ path: ['newCode'], name: 'unsupported' }]);
      const taken = await db.selectFrom('namespaces').select('id').where('code', '=', changed.code).executeTakeFirst();
      if (taken) throw new ApiError('codeTaken', [{ path: ['newCode'], name: 'codeTaken' }]);
    }
    await db.updateTable('namespaces').set(changed).where('id', '=', stored.id).execute();
    // Both states have the name, so that each row says what it is about.
    const named = (json: string) => JSON.stringify({ name: stored.name, ...JSON.parse(json) });
    await recordChanges(db, actor, [{ kind: 'target', before: named(change.before), after: named(change.after) }]);
  }
  const { code, name, description, status } = await findNamespace(db, changed.code ?? input.code);
  const idsAlone = { code, name: '', description: '', status: 1, ...stated(changed) };
  return disclosed(context, { code, name, description, status }, idsAlone);
}

/** Deletes an empty permission space. Roles can't be without one. */
export async function deleteNamespace({ db, actor }: WriteContext, code: string): Promise<void> {
  const stored = await lockNamespace(db, code, 'update');
  if (kept.includes(code)) throw new ApiError('unsupported', [{ path: ['code'], name: 'unsupported' }]);
  const role = await db
    .selectFrom('roles')
    .select('id')
    .where('namespaceId', '=', stored.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (role) throw new ApiError('hasRoles', [{ path: ['code'], name: 'hasRoles' }]);
  const deletedAt = new Date().toISOString();
  await db.updateTable('namespaces').set({ deletedAt }).where('id', '=', stored.id).execute();
  const { id: _, ...before } = stored;
  await recordChanges(db, actor, [
    { kind: 'target', before: JSON.stringify(before), after: JSON.stringify({ code, name: stored.name, deletedAt }) },
  ]);
}

/** The home of a role that comes back from the trash. */
export async function reviveNamespace(trx: Trx, id: number): Promise<void> {
  await trx.updateTable('namespaces').set({ deletedAt: null }).where('id', '=', id).execute();
}

/** Locks a permission space, so that it doesn't change until the transaction ends. */
export async function lockNamespace(trx: Trx, code: string | null | undefined, strength: 'share' | 'update') {
  const { id } = await findNamespace(trx, code);
  await lockRows(trx, 'namespaces', [id], strength);
  const found = await findNamespace(trx, code);
  // The code can have become another's while this waited, which isn't locked.
  if (found.id !== id) throw new ApiError('namespaceNotFound');
  return found;
}

export async function findNamespace(db: Db, code: string | null | undefined) {
  const found = await db
    .selectFrom('namespaces')
    .selectAll()
    .where('code', '=', code || defaultNamespace)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!found) throw new ApiError('namespaceNotFound');
  return found;
}
