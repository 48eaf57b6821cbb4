import type { Role } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { spaceFor } from '../access/space.ts';
import type { WriteContext } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { disclosed } from '../kinds/kind.ts';
import { toRole, withNamespaces } from '../kinds/role.ts';
import { recordChanges } from '../record/history.ts';
import { containingAny } from '../search/search.ts';
import {
  claimName,
  editOf,
  findTarget,
  insertTarget,
  lockCodes,
  lockNamed,
  newUid,
  requireDirectory,
} from '../targets.ts';
import type { Bound } from '../tenancy.ts';
import { beginSave, mergeCustomData } from '../values/service.ts';
import { findNamespace, lockNamespace } from './namespaces.ts';
import { trashTargets } from './trash.ts';

export async function listRoles(db: Db, input: Input<'listRoles'>) {
  const limit = input.limit ?? 10;
  let query = db
    .selectFrom('roles')
    .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
    .where('roles.deletedAt', 'is', null);
  if (!input.allNamespaces) {
    const namespace = await findNamespace(db, input.namespace);
    query = query.where('roles.namespaceId', '=', namespace.id);
  }
  const keywords = input.keywords?.trim();
  if (keywords) query = query.where(containingAny(db, 'roles', ['code', 'name'], keywords));
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .selectAll('roles')
    .select(['namespaces.code as namespace', 'namespaces.name as namespaceName'])
    .orderBy('roles.createdAt', 'desc')
    .orderBy('roles.id', 'desc')
    .limit(limit)
    .offset(((input.page ?? 1) - 1) * limit)
    .execute();
  return { totalCount: total, list: rows.map(toRole) };
}

export async function findRole(
  { db, ...bound }: Bound & { db: Db },
  code: string,
  namespace: string | null | undefined,
): Promise<Role> {
  const { id } = await findTarget(
    { db, ...bound },
    { targetType: 'ROLE', targetIdentifier: code, namespace: namespace ?? null },
  );
  return toRole(await withNamespaces(db).where('roles.id', '=', id).executeTakeFirstOrThrow());
}

export async function createRole(context: WriteContext, input: Input<'createRole'>): Promise<Role> {
  const { db } = context;
  const namespace = await lockNamespace(db, input.namespace, 'share');
  const target = await insertTarget(db, 'ROLE');
  const { id } = target;
  await claimName(db, scope(namespace.id), input.code, id, { error: 'codeTaken', path: ['code'] });
  const now = new Date().toISOString();
  const row = {
    id,
    uid: newUid(),
    namespaceId: namespace.id,
    code: input.code,
    name: input.name ?? input.code,
    description: input.description ?? '',
    status: input.status ?? 'ENABLE',
    disableTime: timeOf(input.disableTime) ?? null,
    enablePermissionApply: Number(input.enablePermissionApply ?? true),
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  await db.insertInto('roles').values(row).execute();
  await recordChanges(db, context.actor, [{ kind: 'target', targetId: id, before: null, after: JSON.stringify(row) }]);
  await mergeCustomData(context, target, input.customData, await spaceFor(context, input.tenantId), ['customData']);
  const role = toRole({ ...row, namespace: namespace.code, namespaceName: namespace.name });
  return disclosed(context, role, { ...role, namespaceName: '' });
}

export async function updateRole(context: WriteContext, input: Input<'updateRole'>): Promise<void> {
  const { db } = context;
  const { code, namespace, customData, tenantId, newCode, disableTime, enablePermissionApply, ...plain } = input;
  const space = await spaceFor(context, tenantId);
  const target = await lockNamed(context, {
    targetType: 'ROLE',
    targetIdentifier: code,
    namespace: namespace ?? null,
  });
  await beginSave(context, target, space);
  const stored = await db.selectFrom('roles').selectAll().where('id', '=', target.id).executeTakeFirstOrThrow();
  const changed = {
    name: plain.name ?? undefined,
    description: plain.description ?? undefined,
    status: plain.status ?? undefined,
    // SDKs that require `newCode` send the current code.
    code: newCode && newCode !== code ? newCode : undefined,
    disableTime: timeOf(disableTime),
    enablePermissionApply: enablePermissionApply == null ? undefined : Number(enablePermissionApply),
  };
  requireDirectory(context, changed);
  const change = editOf(context, stored, changed);
  if (change) {
    if (changed.code) {
      await claimName(db, scope(stored.namespaceId), changed.code, target.id, {
        error: 'codeTaken',
        path: ['newCode'],
      });
    }
    await db
      .updateTable('roles')
      .set({ ...changed, updatedAt: new Date().toISOString() })
      .where('id', '=', target.id)
      .execute();
    await recordChanges(db, context.actor, [{ kind: 'target', targetId: target.id, ...change }]);
  }
  await mergeCustomData(context, target, customData, space, ['customData']);
}

export async function deleteRoles(
  context: WriteContext,
  { codeList, namespace }: Input<'deleteRolesBatch'>,
): Promise<void> {
  await trashTargets(context, 'ROLE', await lockCodes(context, 'ROLE', codeList, namespace));
}

const scope = (namespaceId: number) => `role:${namespaceId}`;

/** GenAuth declares text but sends milliseconds. */
function timeOf(sent: string | number | null | undefined): number | undefined {
  if (sent === null || sent === undefined || sent === '') return undefined;
  const time = typeof sent === 'number' || /^\d+$/.test(sent) ? Number(sent) : Date.parse(sent);
  if (!Number.isSafeInteger(time)) throw new ApiError('validation', [{ path: ['disableTime'], name: 'notADate' }]);
  return time;
}
