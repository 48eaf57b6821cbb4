import { sql } from 'kysely';
import { z } from 'zod';
import type { Department, Organization, SentNames } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import { languages, noTranslations, type Translations, translations } from '#contract/target';
import type { Context } from '../context.ts';
import type { Db, DepartmentRow, Trx } from '../database/schema.ts';
import { recordChanges } from '../history/store.ts';
import { mergeCustomData } from '../values/service.ts';
import { type Column, condition, order } from './filters.ts';
import { binTargets, claimName, customDataFor, difference, insertTarget, newUid, requireDirectory } from './targets.ts';
import { spaceFor } from './tenants.ts';

// An organisation is the root of its departments: one row, seen through two DTOs.

type WriteContext = Context & { db: Trx };
type Place = { tenantId: string; root: DepartmentRow };

export async function listOrganizations(context: Context, input: Input<'listOrganizations'>) {
  const space = await spaceFor(context, input.tenantId);
  let query = context.db
    .selectFrom('departments')
    .where('parentId', 'is', null)
    .where('deletedAt', 'is', null)
    .where('tenantId', '=', space);
  if (typeof input.status === 'boolean') query = query.where('status', '=', Number(input.status));
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const limit = input.limit ?? 10;
  let ordered = query.selectAll().orderBy('id');
  if (!input.fetchAll) ordered = ordered.limit(limit).offset(((input.page ?? 1) - 1) * limit);
  return { totalCount: total, list: await toOrganizations(context, await ordered.execute(), input) };
}

export async function findOrganization(context: Context, input: Input<'getOrganization'>): Promise<Organization> {
  const { root } = await placeOf(context, input.organizationCode, input.tenantId);
  const [organization] = await toOrganizations(context, [root], input);
  if (!organization) throw new ApiError('organizationNotFound');
  return organization;
}

export async function createOrganization(
  context: WriteContext,
  input: Input<'createOrganization'>,
): Promise<Organization> {
  const tenantId = await spaceFor(context, input.tenantId);
  const id = await insertTarget(context.db, 'DEPARTMENT');
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
  return findOrganization(context, {
    organizationCode: code,
    tenantId,
    withCustomData: undefined,
    withPost: undefined,
  });
}

export async function listChildren(context: Context, input: Input<'listChildrenDepartments'>) {
  const place = await placeOf(context, input.organizationCode, input.tenantId);
  const parent = await findIn(context.db, place, input.departmentId, input.departmentIdType);
  let query = context.db
    .selectFrom('departments')
    .selectAll()
    .where('parentId', '=', parent.id)
    .where('deletedAt', 'is', null);
  if (typeof input.status === 'boolean') query = query.where('status', '=', Number(input.status));
  if (input.excludeVirtualNode) query = query.where('isVirtualNode', '=', 0);
  if (input.onlyVirtualNode) query = query.where('isVirtualNode', '=', 1);
  const list = await toDepartments(context, await query.orderBy('id').execute(), input);
  return { totalCount: list.length, list };
}

export async function findDepartment(context: Context, input: Input<'getDepartment'>): Promise<Department> {
  const place = await placeOf(context, input.organizationCode, input.tenantId);
  const row = input.departmentCode
    ? await findIn(context.db, place, input.departmentCode, 'code')
    : await findIn(context.db, place, input.departmentId ?? 'root', input.departmentIdType);
  return one(await toDepartments(context, [row], input));
}

export async function findDepartmentById(context: Context, input: Input<'getDepartmentById'>): Promise<Department> {
  const row = await context.db
    .selectFrom('departments')
    .selectAll()
    .where('departmentId', '=', input.departmentId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return one(await toDepartments(context, row ? [row] : [], input));
}

export async function createDepartment(context: WriteContext, input: Input<'createDepartment'>): Promise<Department> {
  const place = await placeOf(context, input.organizationCode, input.tenantId);
  const parent = await findIn(context.db, place, input.parentDepartmentId ?? 'root', input.departmentIdType);
  const id = await insertTarget(context.db, 'DEPARTMENT');
  await claimName(context.db, codeScope(place), input.code ?? null, id, { error: 'codeTaken', path: ['code'] });
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
  await mergeCustomData(context, { id, targetType: 'DEPARTMENT' }, input.customData, place.tenantId, ['customData']);
  const withCustomData = Boolean(input.customData);
  return findDepartmentById(context, { departmentId: row.departmentId, withCustomData, tenantId: input.tenantId });
}

export async function updateDepartment(context: WriteContext, input: Input<'updateDepartment'>): Promise<Department> {
  const { db } = context;
  const place = await placeOf(context, input.organizationCode, input.tenantId);
  const stored = await findIn(db, place, input.departmentId, input.departmentIdType);
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
      ? await newParent(db, place, stored, input.parentDepartmentId, input.departmentIdType)
      : undefined,
  };
  requireDirectory(context, changed);
  const change = difference(stored, changed);
  if (change) {
    if (changed.code !== undefined) {
      await claimName(db, codeScope(place), changed.code, stored.id, { error: 'codeTaken', path: ['code'] });
    }
    await db
      .updateTable('departments')
      .set({ ...changed, updatedAt: new Date().toISOString() })
      .where('id', '=', stored.id)
      .execute();
    await recordChanges(db, context.actor, [{ kind: 'target', targetId: stored.id, ...change }]);
  }
  const target = { id: stored.id, targetType: 'DEPARTMENT' as const };
  await mergeCustomData(context, target, input.customData, place.tenantId, ['customData']);
  const withCustomData = Boolean(input.customData);
  return findDepartmentById(context, { departmentId: stored.departmentId, withCustomData, tenantId: input.tenantId });
}

export async function deleteDepartment(context: WriteContext, input: Input<'deleteDepartment'>): Promise<void> {
  const place = await placeOf(context, input.organizationCode, input.tenantId);
  const row = await findIn(context.db, place, input.departmentId, input.departmentIdType);
  const child = await context.db
    .selectFrom('departments')
    .select('id')
    .where('parentId', '=', row.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (child) throw new ApiError('hasChildren', [{ path: ['departmentId'], name: 'hasChildren' }]);
  await binTargets(context, 'DEPARTMENT', [row.id]);
}

const columns = new Map<string, Column>([
  ['name', { column: 'departments.name', dataType: 'STRING' }],
  ['code', { column: 'departments.code', dataType: 'STRING' }],
  ['createdAt', { column: 'departments.createdAt', dataType: 'DATETIME' }],
  ['updatedAt', { column: 'departments.updatedAt', dataType: 'DATETIME' }],
]);

export async function searchDepartments(
  context: Context,
  input: Input<'searchDepartmentsList'>,
): Promise<Department[]> {
  const { root } = await placeOf(context, input.organizationCode, input.tenantId);
  const searchable = { idColumn: 'departments.id', columns, custom: [] };
  let query = context.db
    .selectFrom('departments')
    .selectAll()
    .where('rootId', '=', root.id)
    .where('id', '<>', root.id)
    .where('deletedAt', 'is', null);
  for (const [index, item] of (input.advancedFilter ?? []).entries())
    query = query.where(condition(item, index, searchable));
  const named = { field: input.sortBy ?? 'updatedAt', descending: input.orderBy !== 'ASC' };
  for (const [index, item] of (input.sort?.length ? input.sort : [named]).entries()) {
    query = query.orderBy(order(item, index, searchable));
  }
  const limit = input.limit ?? 10;
  const rows = await query
    .orderBy('id')
    .limit(limit)
    .offset(((input.page ?? 1) - 1) * limit)
    .execute();
  return toDepartments(context, rows, input);
}

const codeScope = ({ root }: Place) => `department:${root.id}`;

async function placeOf(context: Context, organizationCode: string, tenantId: string | undefined): Promise<Place> {
  const space = await spaceFor(context, tenantId);
  const root = await context.db
    .selectFrom('departments')
    .selectAll()
    .where('organizationCode', '=', organizationCode)
    .where('parentId', 'is', null)
    .where('tenantId', '=', space)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!root) throw new ApiError('organizationNotFound');
  return { tenantId: space, root };
}

/** A department of an organisation, by one of its ids; `root` is the organisation itself. */
async function findIn(db: Db, { root }: Place, id: string, idType: string | null | undefined): Promise<DepartmentRow> {
  if (id === 'root' || id === root.departmentId) return root;
  const columnsById = { department_id: 'departmentId', open_department_id: 'openDepartmentId', code: 'code' } as const;
  const type = idType ?? 'department_id';
  if (!(type in columnsById)) throw new ApiError('unsupported', [{ path: ['departmentIdType'], name: 'unsupported' }]);
  const row = await db
    .selectFrom('departments')
    .selectAll()
    .where(columnsById[type as keyof typeof columnsById], '=', id)
    .where('rootId', '=', root.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!row) throw new ApiError('departmentNotFound');
  return row;
}

/** The new parent's id; a department can't come to lie below itself, and a root stays where it is. */
async function newParent(
  db: Db,
  place: Place,
  moved: DepartmentRow,
  parentId: string,
  idType: string | null | undefined,
) {
  const parent = await findIn(db, place, parentId, idType);
  for (let above: DepartmentRow | undefined = parent; above; ) {
    if (above.id === moved.id) {
      throw new ApiError('validation', [{ path: ['parentDepartmentId'], name: 'wouldBeItsOwnParent' }]);
    }
    const next: number | null = above.parentId;
    above = next ? await db.selectFrom('departments').selectAll().where('id', '=', next).executeTakeFirst() : undefined;
  }
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

type Flags = {
  withCustomData?: boolean | null | undefined;
  flatCustomData?: boolean | null | undefined;
  tenantId?: string | undefined;
};

async function toDepartments(context: Context, rows: DepartmentRow[], flags: Flags): Promise<Department[]> {
  const ids = rows.map(({ id }) => id);
  const custom = await customDataFor(context, 'DEPARTMENT', ids, flags);
  const facts = await factsOf(context.db, rows);
  return rows.map((row) => ({
    ...custom(row.id),
    ...shared(row, facts),
    parentDepartmentId: facts.parents.get(row.parentId ?? 0)?.departmentId ?? '',
    parentDepartmentCode: facts.parents.get(row.parentId ?? 0)?.code ?? '',
    name: row.name,
    code: row.code,
    i18n: { name: translations.parse(JSON.parse(row.i18n)) },
  }));
}

async function toOrganizations(context: Context, rows: DepartmentRow[], flags: Flags): Promise<Organization[]> {
  const custom = await customDataFor(
    context,
    'DEPARTMENT',
    rows.map(({ id }) => id),
    flags,
  );
  const facts = await factsOf(context.db, rows);
  return rows.map((row) => ({
    ...custom(row.id),
    ...shared(row, facts),
    organizationName: row.name,
    i18n: { organizationName: translations.parse(JSON.parse(row.i18n)) },
    ...(row.tenantId && { tenantId: row.tenantId }),
  }));
}

function shared(row: DepartmentRow, { counts, roots }: Awaited<ReturnType<typeof factsOf>>) {
  return {
    organizationCode: row.organizationCode ?? roots.get(row.rootId) ?? '',
    departmentId: row.departmentId,
    openDepartmentId: row.openDepartmentId,
    description: row.description,
    leaderUserIds: z.array(z.string()).parse(JSON.parse(row.leaderUserIds)),
    membersCount: counts.members.get(row.id) ?? 0,
    hasChildren: counts.children.has(row.id),
    isVirtualNode: row.isVirtualNode === 1,
    status: row.status === 1,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** What the DTOs tell beside the row: parents, roots' codes, members and whether anything lies below. A root counts all of its tree. */
async function factsOf(db: Db, rows: DepartmentRow[]) {
  const ids = rows.map(({ id }) => id);
  const above = [...new Set(rows.flatMap(({ parentId, rootId }) => (parentId ? [parentId, rootId] : [rootId])))];
  if (!ids.length)
    return {
      parents: new Map<number, DepartmentRow>(),
      roots: new Map<number, string>(),
      counts: { members: new Map<number, number>(), children: new Set<number>() },
    };
  const [parents, members, children] = await Promise.all([
    db.selectFrom('departments').selectAll().where('id', 'in', above).execute(),
    db
      .selectFrom('departments as counted')
      .innerJoin('departments as home', (join) =>
        join.on((on) =>
          on.or([
            on('home.id', '=', on.ref('counted.id')),
            on.and([on('counted.parentId', 'is', null), on('home.rootId', '=', on.ref('counted.id'))]),
          ]),
        ),
      )
      .innerJoin('departmentMembers', 'departmentMembers.departmentId', 'home.id')
      .innerJoin('users', 'users.id', 'departmentMembers.userId')
      .select(['counted.id', sql<number>`count(distinct users.id)`.as('members')])
      .where('counted.id', 'in', ids)
      .where('home.deletedAt', 'is', null)
      .where('users.deletedAt', 'is', null)
      .groupBy('counted.id')
      .execute(),
    db
      .selectFrom('departments')
      .select('parentId')
      .distinct()
      .where('parentId', 'in', ids)
      .where('deletedAt', 'is', null)
      .execute(),
  ]);
  return {
    parents: new Map(parents.map((row) => [row.id, row])),
    roots: new Map(parents.map((row) => [row.id, row.organizationCode ?? ''])),
    counts: {
      members: new Map(members.map((row) => [row.id, Number(row.members)])),
      children: new Set(children.map(({ parentId }) => parentId ?? 0)),
    },
  };
}

function one(found: Department[]): Department {
  const [department] = found;
  if (!department) throw new ApiError('departmentNotFound');
  return department;
}
