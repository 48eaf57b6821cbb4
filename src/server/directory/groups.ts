import type { Group } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { spaceFor } from '../access/space.ts';
import type { Context, WriteContext } from '../context.ts';
import { toGroup } from '../kinds/group.ts';
import { recordChanges } from '../record/history.ts';
import { containingAny } from '../search/search.ts';
import {
  claimName,
  customDataFor,
  editOf,
  findTarget,
  insertTarget,
  lockCodes,
  lockNamed,
  newUid,
  requireDirectory,
  stated,
} from '../targets.ts';
import { beginSave, mergeCustomData } from '../values/service.ts';
import { trashTargets } from './trash.ts';

export async function listGroups(context: Context, input: Input<'listGroups'>) {
  const limit = input.limit ?? 10;
  let query = context.db.selectFrom('groups').where('deletedAt', 'is', null);
  const keywords = input.keywords?.trim();
  if (keywords) query = query.where(containingAny(context.db, 'groups', ['code', 'name'], keywords));
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(((input.page ?? 1) - 1) * limit)
    .execute();
  const custom = await customDataFor(
    context,
    'GROUP',
    rows.map(({ id }) => id),
    input,
  );
  return { totalCount: total, list: rows.map((row) => ({ ...custom(row.id), ...toGroup(context, row) })) };
}

export async function findGroup(context: Context, input: Input<'getGroup'>): Promise<Group> {
  const { id } = await findTarget(context, { targetType: 'GROUP', targetIdentifier: input.code });
  const row = await context.db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const custom = await customDataFor(context, 'GROUP', [id], input);
  return { ...custom(id), ...toGroup(context, row) };
}

export async function createGroup(context: WriteContext, input: Input<'createGroup'>): Promise<Group> {
  const { db } = context;
  const target = await insertTarget(db, 'GROUP');
  const { id } = target;
  await claimName(db, 'group', input.code, id, { error: 'codeTaken', path: ['code'] });
  const now = new Date().toISOString();
  const row = {
    id,
    uid: newUid(),
    code: input.code,
    name: input.name ?? input.code,
    description: input.description ?? '',
    type: input.type ?? 'static',
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  await db.insertInto('groups').values(row).execute();
  await recordChanges(db, context.actor, [{ kind: 'target', targetId: id, before: null, after: JSON.stringify(row) }]);
  await mergeCustomData(context, target, input.customData, await spaceFor(context, input.tenantId), ['customData']);
  const group = await findGroup(context, {
    code: input.code,
    withCustomData: Boolean(input.customData),
    tenantId: input.tenantId,
  });
  const { name, description, type } = row;
  return { ...group, name, description, type };
}

export async function updateGroup(context: WriteContext, input: Input<'updateGroup'>): Promise<Group> {
  const { db } = context;
  const space = await spaceFor(context, input.tenantId);
  const target = await lockNamed(context, { targetType: 'GROUP', targetIdentifier: input.code });
  await beginSave(context, target, space);
  const stored = await db.selectFrom('groups').selectAll().where('id', '=', target.id).executeTakeFirstOrThrow();
  const changed = {
    name: input.name ?? undefined,
    description: input.description ?? undefined,
    code: input.newCode && input.newCode !== input.code ? input.newCode : undefined,
  };
  requireDirectory(context, changed);
  const change = editOf(context, stored, changed);
  if (change) {
    if (changed.code) await claimName(db, 'group', changed.code, target.id, { error: 'codeTaken', path: ['newCode'] });
    await db
      .updateTable('groups')
      .set({ ...changed, updatedAt: new Date().toISOString() })
      .where('id', '=', target.id)
      .execute();
    await recordChanges(db, context.actor, [{ kind: 'target', targetId: target.id, ...change }]);
  }
  await mergeCustomData(context, target, input.customData, space, ['customData']);
  const code = changed.code ?? input.code;
  const group = await findGroup(context, {
    code,
    withCustomData: Boolean(input.customData),
    tenantId: input.tenantId,
  });
  return { ...group, ...stated({ name: changed.name, description: changed.description }) };
}

export async function deleteGroups(context: WriteContext, codeList: string[]): Promise<void> {
  await trashTargets(context, 'GROUP', await lockCodes(context, 'GROUP', codeList, undefined));
}
