import { type SelectQueryBuilder, sql } from 'kysely';
import type { FilterItem, Searchable, User } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { fieldsFor } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context } from '../context.ts';
import type { Db, Schema, UserRow } from '../database/schema.ts';
import { toUser, userColumns } from '../kinds/user.ts';
import { condition, order } from '../search/filters.ts';
import { containingAny } from '../search/search.ts';
import { customDataFor } from '../targets.ts';
import { type Bound, met } from '../tenancy.ts';

type Flags = Partial<Pick<Input<'getUser'>, 'withCustomData' | 'flatCustomData' | 'withDepartmentIds' | 'tenantId'>>;

/** Documented names for what Fieldbook doesn't keep. */
const unkept = [
  'lastLoginApp',
  'loggedInApps',
  'identity',
  'passwordLastSetAt',
  'lastMfaTime',
  'passwordSecurityLevel',
];

const defaultSearch: Searchable[] = ['phone', 'email', 'name', 'username', 'nickname', 'identityNumber'];

export async function listUsers(context: Context, input: Input<'listUsers'>) {
  const options = input.options ?? {};
  const flags = { ...options, tenantId: input.tenantId };
  const custom = await fieldsFor(context, await spaceFor(context, input.tenantId), 'USER');
  const searchable = { idColumn: 'users.id', columns: userColumns, custom };
  refuseUnkept(input.advancedFilter ?? [], options.sort ?? []);

  let query = context.db.selectFrom('users').where('users.deletedAt', 'is', null);
  const keywords = input.keywords?.trim();
  if (keywords) {
    const places = options.fuzzySearchOn?.length ? options.fuzzySearchOn : defaultSearch;
    query = query.where(
      containingAny(
        context.db,
        'users',
        places.map((place) => (place === 'id' ? 'userId' : place)),
        keywords,
      ),
    );
  }
  for (const [index, item] of (input.advancedFilter ?? []).entries()) {
    query = query.where(
      item.field === 'department'
        ? inDepartments(context, item, index)
        : await condition(context, item, ['advancedFilter', index], searchable),
    );
  }
  const terms = (options.sort ?? []).map((item, index) => order(item, index, searchable));
  return pageOf(context, query, terms, options.pagination ?? {}, flags);
}

export async function listUsersLegacy(context: Context, input: Input<'listUsersLegacy'>) {
  let query = context.db.selectFrom('users').where('users.deletedAt', 'is', null);
  if (input.status) query = query.where('users.status', '=', input.status);
  const { updatedAtStart, updatedAtEnd } = input;
  if (typeof updatedAtStart === 'number')
    query = query.where('users.updatedAt', '>=', new Date(updatedAtStart).toISOString());
  if (typeof updatedAtEnd === 'number')
    query = query.where('users.updatedAt', '<=', new Date(updatedAtEnd).toISOString());
  return pageOf(context, query, [], input, input);
}

/** Users by one kind of id, in the order of the ids. */
export const findUsers = async (context: Context, userIds: string[], idType: IdType, flags: Flags): Promise<User[]> =>
  toUsers(context, await findUserRows(context, userIds, idType), flags);

type IdType = string | null | undefined;

/** The rows of the same. GenAuth doesn't describe the format of the kinds that are missing in `idColumns`. */
export async function findUserRows(context: Context, userIds: string[], idType: IdType): Promise<UserRow[]> {
  const column = idColumns[idType ?? 'user_id'];
  if (!column) throw new ApiError('unsupported', [{ path: ['userIdType'], name: 'unsupported' }]);
  // Without `read`, a caller must not learn who has a phone number or an address.
  if (!openIds.includes(column) && !context.rights.includes('read'))
    throw new ApiError('forbidden', [{ path: ['userIdType'], name: 'needsReadRight' }]);
  const keyOf = (id: string) => (column === 'userId' ? id : nameKey(column, id));
  const wanted = userIds.map(keyOf);
  const rows = await context.db
    .selectFrom('users')
    .selectAll()
    .where((is) =>
      column === 'userId'
        ? is('userId', 'in', wanted)
        : is('id', 'in', (query) =>
            query
              .selectFrom('claims')
              .select('targetId')
              .where('scope', '=', `user:${column}`)
              .where('key', 'in', wanted),
          ),
    )
    .where('deletedAt', 'is', null)
    .execute();
  const place = (row: UserRow) => wanted.indexOf(keyOf(row[column] ?? ''));
  return rows.sort((a, b) => place(a) - place(b));
}

const idColumns: Record<string, 'userId' | 'externalId' | 'phone' | 'email' | 'username' | undefined> = {
  user_id: 'userId',
  external_id: 'externalId',
  phone: 'phone',
  email: 'email',
  username: 'username',
};

/** The unique key of a user's name: email and username ignore case. */
export const nameKey = (column: 'username' | 'email' | 'phone' | 'externalId', name: string): string =>
  column === 'username' || column === 'email' ? name.toLowerCase() : name;

const openIds = ['userId', 'externalId'];

export async function findUser(context: Context, userId: string, idType: IdType, flags: Flags): Promise<User> {
  const [user] = await toUsers(context, [await findUserRow(context, userId, idType)], flags);
  if (!user) throw new ApiError('userNotFound');
  return user;
}

export async function findUserRow(context: Context, userId: string, idType: IdType): Promise<UserRow> {
  const [row] = await findUserRows(context, [userId], idType);
  if (!row) throw new ApiError('userNotFound');
  return row;
}

type UserQuery = SelectQueryBuilder<Schema, 'users', object>;

async function pageOf(
  context: Context,
  query: UserQuery,
  terms: ReturnType<typeof order>[],
  { page, limit }: { page?: number | undefined; limit?: number | undefined },
  flags: Flags,
) {
  const size = limit ?? 10;
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let ordered = query.selectAll('users');
  for (const term of terms) ordered = ordered.orderBy(term);
  if (!terms.length) ordered = ordered.orderBy('users.createdAt', 'desc');
  const rows = await ordered
    .orderBy('users.id', 'desc')
    .limit(size)
    .offset(((page ?? 1) - 1) * size)
    .execute();
  return { totalCount: total, list: await toUsers(context, rows, flags) };
}

async function toUsers(context: Context, rows: UserRow[], flags: Flags): Promise<User[]> {
  const ids = rows.map(({ id }) => id);
  const custom = await customDataFor(context, 'USER', ids, flags);
  const departments = flags.withDepartmentIds ? await departmentIdsOf(context, ids) : undefined;
  return rows.map((row) => ({
    // Custom data first: a key can't equal a built-in one, and if it did the built-in one stays.
    ...custom(row.id),
    ...toUser(context, row),
    ...(departments && { departmentIds: departments.get(row.id) ?? [] }),
  }));
}

async function departmentIdsOf(
  { db, ...bound }: Bound & { db: Db },
  userIds: number[],
): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>(userIds.map((id) => [id, []]));
  if (!userIds.length) return found;
  const rows = await db
    .selectFrom('departmentMembers')
    .innerJoin('departments', 'departments.id', 'departmentMembers.departmentId')
    .select(['departmentMembers.userId', 'departments.departmentId'])
    .where('departmentMembers.userId', 'in', userIds)
    .where('departments.deletedAt', 'is', null)
    .where(met(bound, 'DEPARTMENT'))
    .execute();
  for (const row of rows) found.get(row.userId)?.push(row.departmentId);
  return found;
}

/** The departments of a user in one tenant that the caller meets, by name. */
export async function departmentsOf({ db, ...bound }: Bound & { db: Db }, userId: number, tenantId: string) {
  const rows = await db
    .selectFrom('departmentMembers')
    .innerJoin('departments', 'departments.id', 'departmentMembers.departmentId')
    .select(['departments.departmentId as identifier', 'departments.name'])
    .where('departmentMembers.userId', '=', userId)
    .where('departments.deletedAt', 'is', null)
    .where('departments.tenantId', '=', tenantId)
    .where(met(bound, 'DEPARTMENT'))
    .orderBy('departments.name')
    .orderBy('departments.id')
    .execute();
  return rows.map((row) => ({ targetType: 'DEPARTMENT' as const, ...row }));
}

/** The `department` filter: members of these departments, and of departments below them on request. */
function inDepartments(bound: Bound, item: FilterItem, index: number) {
  const path = ['advancedFilter', index];
  if (item.operator !== 'IN' && item.operator !== 'EQUAL') {
    throw new ApiError('validation', [{ path: [...path, 'operator'], name: 'operatorNotPossible' }]);
  }
  const wanted = [item.value].flat() as { departmentId?: unknown; includeChildrenDepartments?: unknown }[];
  const ids = wanted.map((entry) => (entry && typeof entry === 'object' ? entry.departmentId : undefined));
  if (!ids.length || !ids.every((id) => typeof id === 'string')) {
    throw new ApiError('validation', [{ path: [...path, 'value'], name: 'wrongType' }]);
  }
  const deep = ids.filter((_, at) => wanted[at]?.includeChildrenDepartments === true);
  const isOpen = sql`departments.deleted_at is null and ${met(bound, 'DEPARTMENT')}`;
  return sql<boolean>`users.id in (
    with recursive below (id) as (
      select id from departments where department_id in (${sql.join(deep.length ? deep : [''])}) and ${isOpen}
      union select child.id from departments child join below on child.parent_id = below.id where child.deleted_at is null
    )
    select user_id from department_members where department_id in (select id from below)
      or department_id in (select id from departments where department_id in (${sql.join(ids)}) and ${isOpen}))`;
}

function refuseUnkept(filters: { field: string }[], sorts: { field: string }[]): void {
  const refuse = (path: (string | number)[]) => {
    throw new ApiError('unsupported', [{ path, name: 'unsupported' }]);
  };
  for (const [index, { field }] of filters.entries())
    if (unkept.includes(field)) refuse(['advancedFilter', index, 'field']);
  for (const [index, { field }] of sorts.entries())
    if (unkept.includes(field)) refuse(['options', 'sort', index, 'field']);
}
