import { sql } from 'kysely';
import { z } from 'zod';
import type { Department, Organization } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { noTranslations, translations } from '#contract/translation';
import { ApiError } from '#contract/wire/errors';
import { spaceFor } from '../access/space.ts';
import type { Context } from '../context.ts';
import type { Db, DepartmentRow } from '../database/schema.ts';
import { type Column, condition, order } from '../search/filters.ts';
import { customDataFor, disclosed } from '../targets.ts';
import { met } from '../tenancy.ts';

// An organization is the root of its departments: one row with two DTOs.

export type Place = { tenantId: string; root: DepartmentRow };

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
    .where(met(context, 'DEPARTMENT'))
    .executeTakeFirst();
  return one(await toDepartments(context, row ? [row] : [], input));
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
    query = query.where(await condition(context, item, ['advancedFilter', index], searchable));
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

export async function placeOf(
  context: Context,
  organizationCode: string,
  tenantId: string | undefined,
): Promise<Place> {
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

/** A department of an organization, by one of its ids. `root` is the organization itself. */
export async function findIn(
  db: Db,
  { root }: Place,
  id: string,
  idType: string | null | undefined,
): Promise<DepartmentRow> {
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
    ...disclosed(
      context,
      {
        ...shared(row, facts),
        parentDepartmentId: facts.parents.get(row.parentId ?? 0)?.departmentId ?? '',
        parentDepartmentCode: facts.parents.get(row.parentId ?? 0)?.code ?? '',
        name: row.name,
        code: row.code,
        i18n: { name: translations.parse(JSON.parse(row.i18n)) },
      },
      {
        ...idsAlone(row, facts),
        parentDepartmentId: '',
        parentDepartmentCode: '',
        name: '',
        code: '',
        i18n: { name: noTranslations() },
      },
    ),
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
    ...disclosed(
      context,
      {
        ...shared(row, facts),
        organizationName: row.name,
        i18n: { organizationName: translations.parse(JSON.parse(row.i18n)) },
      },
      { ...idsAlone(row, facts), organizationName: '', i18n: { organizationName: noTranslations() } },
    ),
    ...(row.tenantId && { tenantId: row.tenantId }),
  }));
}

/** A department for a caller without `read`. */
function idsAlone(row: DepartmentRow, facts: Awaited<ReturnType<typeof factsOf>>): ReturnType<typeof shared> {
  const { organizationCode, departmentId } = shared(row, facts);
  return {
    organizationCode,
    departmentId,
    openDepartmentId: '',
    description: '',
    leaderUserIds: [],
    membersCount: 0,
    hasChildren: false,
    isVirtualNode: false,
    status: true,
    createdAt: '',
    updatedAt: '',
  };
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

/**
 * What the DTOs need besides the row: parents, codes of roots, members, and whether there are children. A root counts
 * its whole tree.
 */
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
