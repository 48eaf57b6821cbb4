import type { Department, Organization } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { noTranslations, translations } from '#contract/translation';
import { ApiError } from '#contract/wire/errors';
import { spaceFor } from '../access/space.ts';
import type { Context } from '../context.ts';
import type { DepartmentRow } from '../database/schema.ts';
import { factsOf, idsAlone, shared, toDepartment } from '../kinds/department.ts';
import { type Column, disclosed } from '../kinds/kind.ts';
import { condition, order } from '../search/filters.ts';
import { customDataFor } from '../targets.ts';
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
  const parent = await findIn(context, place, input.departmentId, input.departmentIdType);
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
    ? await findIn(context, place, input.departmentCode, 'code')
    : await findIn(context, place, input.departmentId ?? 'root', input.departmentIdType);
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

/** A department of an organisation as it is now, by one of its ids; `root` is the organisation itself. */
export async function findIn(
  { db, rights }: Pick<Context, 'db' | 'rights'>,
  { root }: Place,
  id: string,
  idType: string | null | undefined,
): Promise<DepartmentRow> {
  const columnsById = { department_id: 'departmentId', open_department_id: 'openDepartmentId', code: 'code' } as const;
  const type = idType ?? 'department_id';
  const isRoot = id === 'root' || id === root.departmentId;
  if (!isRoot && !(type in columnsById))
    throw new ApiError('unsupported', [{ path: ['departmentIdType'], name: 'unsupported' }]);
  // Without `read`, a caller must not learn which department has a code.
  if (!isRoot && type !== 'department_id' && !rights.includes('read'))
    throw new ApiError('forbidden', [{ path: ['departmentIdType'], name: 'needsReadRight' }]);
  const living = db.selectFrom('departments').selectAll().where('rootId', '=', root.id).where('deletedAt', 'is', null);
  const row = await (isRoot
    ? living.where('id', '=', root.id)
    : living.where(columnsById[type as keyof typeof columnsById], '=', id)
  )
    // An open id may be several departments'.
    .orderBy('id')
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
    ...toDepartment(context, row, facts),
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

function one(found: Department[]): Department {
  const [department] = found;
  if (!department) throw new ApiError('departmentNotFound');
  return department;
}
