import { sql } from 'kysely';
import type { Department, Organization, SentNames } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { noTranslations, type Translations, translations } from '#contract/translation';
import { ApiError } from '#contract/wire/errors';
import { languages } from '#contract/wire/language';
import { noteNames } from '../access/guesses.ts';
import { spaceFor } from '../access/space.ts';
import type { WriteContext } from '../context.ts';
import type { DepartmentRow } from '../database/schema.ts';
import { recordChanges } from '../record/history.ts';
import { claimName, editOf, insertTarget, lockOne, newUid, requireDirectory, stated } from '../targets.ts';
import { beginSave, mergeCustomData } from '../values/service.ts';
import { findDepartmentById, findIn, findOrganization, type Place, placeOf } from './departments.ts';
import { trashTargets } from './trash.ts';

export async function createOrganization(
  context: WriteContext,
  input: Input<'createOrganization'>,
): Promise<Organization> {
  const tenantId = await spaceFor(context, input.tenantId);
  const { id } = await insertTarget(context.db, 'DEPARTMENT');
  const code = input.organizationCode;
  await claimName(context.db, `organization:${tenantId}`, code, id, { error: 'codeTaken', path: ['organizationCode'] });
  await insertDepartment(context, {
    ...blankDepartment(id),
    rootId: id,
    parentId: null,
    organizationCode: code,
    tenantId,
    openDepartmentId: input.openDepartmentId ?? '',
    name: input.organizationName,
    description: input.description ?? '',
    i18n: JSON.stringify(mergeNames(noTranslations(), input.i18n)),
  });
  const organization = await findOrganization(context, {
    organizationCode: code,
    tenantId,
    withCustomData: undefined,
    withPost: undefined,
  });
  return { ...organization, organizationName: input.organizationName, ...stated({ description: input.description }) };
}

export async function createDepartment(context: WriteContext, input: Input<'createDepartment'>): Promise<Department> {
  const place = await lockTree(context, input);
  const parent = await findIn(context, place, input.parentDepartmentId ?? 'root', input.departmentIdType);
  const target = await insertTarget(context.db, 'DEPARTMENT');
  const { id } = target;
  const row = await insertDepartment(context, {
    ...blankDepartment(id),
    rootId: place.root.id,
    parentId: parent.id,
    organizationCode: null,
    tenantId: place.tenantId,
    openDepartmentId: input.openDepartmentId ?? '',
    code: input.code ?? '',
    name: input.name,
    description: input.description ?? '',
    leaderUserIds: JSON.stringify(input.leaderUserIds ?? []),
    isVirtualNode: Number(input.isVirtualNode ?? false),
    status: Number(input.status ?? true),
    i18n: JSON.stringify(mergeNames(noTranslations(), input.i18n)),
  });
  await mergeCustomData(context, target, input.customData, place.tenantId, ['customData']);
  await claimCode(context, place, input.code, id);
  const withCustomData = Boolean(input.customData);
  const reference = { departmentId: row.departmentId, withCustomData, tenantId: input.tenantId };
  return { ...(await findDepartmentById(context, reference)), ...statedOf(input) };
}

export async function updateDepartment(context: WriteContext, input: Input<'updateDepartment'>): Promise<Department> {
  const { db } = context;
  const place = input.parentDepartmentId
    ? await lockTree(context, input)
    : await placeOf(context, input.organizationCode, input.tenantId);
  const target = await lockOne(db, 'DEPARTMENT', () =>
    findIn(context, place, input.departmentId, input.departmentIdType),
  );
  await beginSave(context, target, place.tenantId);
  const stored = await db.selectFrom('departments').selectAll().where('id', '=', target.id).executeTakeFirstOrThrow();
  // Before the tree is looked at: what it answers tells how it stands.
  if (input.parentDepartmentId) requireDirectory(context, { parentDepartmentId: input.parentDepartmentId });
  const changed = {
    name: input.name ?? undefined,
    code: input.code ?? undefined,
    description: input.description ?? undefined,
    openDepartmentId: input.openDepartmentId ?? undefined,
    leaderUserIds: input.leaderUserIds ? JSON.stringify(input.leaderUserIds) : undefined,
    status: input.status == null ? undefined : Number(input.status),
    isVirtualNode: input.isVirtualNode == null ? undefined : Number(input.isVirtualNode),
    i18n: input.i18n ? JSON.stringify(mergeNames(translations.parse(JSON.parse(stored.i18n)), input.i18n)) : undefined,
    parentId: input.parentDepartmentId
      ? await newParent(context, place, stored, input.parentDepartmentId, input.departmentIdType)
      : undefined,
  };
  requireDirectory(context, changed);
  const change = editOf(context, stored, changed);
  if (change) {
    await db
      .updateTable('departments')
      .set({ ...changed, updatedAt: new Date().toISOString() })
      .where('id', '=', stored.id)
      .execute();
    await recordChanges(db, context.actor, [{ kind: 'target', targetId: stored.id, ...change }]);
  }
  await mergeCustomData(context, target, input.customData, place.tenantId, ['customData']);
  if (change) await claimCode(context, place, input.code, stored.id);
  const withCustomData = Boolean(input.customData);
  const reference = { departmentId: stored.departmentId, withCustomData, tenantId: input.tenantId };
  return { ...(await findDepartmentById(context, reference)), ...statedOf(input) };
}

const statedOf = ({
  name,
  code,
  description,
  openDepartmentId,
  leaderUserIds,
  status,
  isVirtualNode,
}: Omit<Input<'updateDepartment'>, 'departmentId'>) =>
  stated({ name, code, description, openDepartmentId, leaderUserIds, status, isVirtualNode });

export async function deleteDepartment(context: WriteContext, input: Input<'deleteDepartment'>): Promise<void> {
  const { db } = context;
  const place = await lockTree(context, input);
  const target = await lockOne(db, 'DEPARTMENT', () =>
    findIn(context, place, input.departmentId, input.departmentIdType),
  );
  const child = await db
    .selectFrom('departments')
    .select('id')
    .where('parentId', '=', target.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (child) throw new ApiError('hasChildren', [{ path: ['departmentId'], name: 'hasChildren' }]);
  await trashTargets(context, 'DEPARTMENT', [target]);
}

/** Locks a tree for one change at a time. Its parents and children are certain only under this lock. */
async function lockTree(
  context: WriteContext,
  { organizationCode, tenantId }: { organizationCode: string; tenantId?: string | undefined },
): Promise<Place> {
  const find = () => placeOf(context, organizationCode, tenantId);
  await lockOne(context.db, 'DEPARTMENT', async () => (await find()).root);
  return find();
}

/** A code is unique in its organization. Nothing to claim if the call says none. */
async function claimCode(
  context: WriteContext,
  { root }: Place,
  code: string | null | undefined,
  id: number,
): Promise<void> {
  if (!code) return;
  noteNames(context, 1);
  await claimName(context.db, `department:${root.id}`, code, id, { error: 'codeTaken', path: ['code'] });
}

/** The id of the new parent. A department can't be below itself, and a root can't move. */
async function newParent(
  context: WriteContext,
  place: Place,
  moved: DepartmentRow,
  parentId: string,
  idType: string | null | undefined,
) {
  const { db } = context;
  const parent = await findIn(context, place, parentId, idType);
  // `union` ends a cycle that an older version may have stored. Its departments never reach a root.
  const { rows } = await sql<{ id: number; parentId: number | null }>`
    with recursive above(id, parent_id) as (
      select id, parent_id from departments where id = ${parent.id}
      union select d.id, d.parent_id from departments d join above a on d.id = a.parent_id)
    select id, parent_id from above where id = ${moved.id} or parent_id is null`.execute(db);
  if (rows.length !== 1 || rows[0]?.id === moved.id)
    throw new ApiError('validation', [{ path: ['parentDepartmentId'], name: 'wouldBeItsOwnParent' }]);
  return parent.id;
}

function blankDepartment(id: number): DepartmentRow {
  const now = new Date().toISOString();
  return {
    id,
    departmentId: newUid(),
    rootId: id,
    parentId: null,
    organizationCode: null,
    tenantId: '',
    openDepartmentId: '',
    code: '',
    name: '',
    description: '',
    leaderUserIds: '[]',
    isVirtualNode: 0,
    status: 1,
    i18n: '',
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}

async function insertDepartment({ db, actor }: WriteContext, row: DepartmentRow): Promise<DepartmentRow> {
  await db.insertInto('departments').values(row).execute();
  await recordChanges(db, actor, [{ kind: 'target', targetId: row.id, before: null, after: JSON.stringify(row) }]);
  return row;
}

function mergeNames(stored: Translations, sent: SentNames | null | undefined): Translations {
  const names = sent?.name ?? sent?.organizationName ?? {};
  return Object.fromEntries(
    languages.map((language) => [language, names[language] ?? stored[language]]),
  ) as Translations;
}
