import { sql } from 'kysely';
import { z } from 'zod';
import type { Department } from '#contract/directory';
import { noTranslations, translations } from '#contract/translation';
import type { Context } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, DepartmentRow } from '../database/schema.ts';
import { ownColumns } from './columns.ts';
import { disclosed, type Home, type Kind } from './kind.ts';

export const department: Kind = {
  table: 'departments',
  identifier: 'departmentId',
  wholeIds: ['departmentId', 'organizationCode'],
  tenantColumn: 'departments.tenantId',
  notFound: 'departmentNotFound',
  columns: new Map(ownColumns('DEPARTMENT', 'departments')),
  holders: ({ db }, which) =>
    db.selectFrom('departments').select(['id', 'departmentId as identifier', 'name']).where(which).execute(),
  async rows(db, ids) {
    const rows = await db
      .selectFrom('departments')
      .innerJoin('departments as root', 'root.id', 'departments.rootId')
      .selectAll('departments')
      .select('root.name as organization')
      .where('departments.id', 'in', ids)
      .execute();
    return rows.map((row) => {
      const note = row.parentId === null ? row.code : `${row.organization} / ${row.code}`;
      return { row, who: { targetIdentifier: row.departmentId, name: row.name, note } };
    });
  },
  async read(caller, id) {
    const row = await caller.db.selectFrom('departments').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    return { targetType: 'DEPARTMENT', entity: toDepartment(caller, row, await factsOf(caller.db, [row])) };
  },
  homeOf,
};

async function homeOf(db: Db, id: number): Promise<Home | undefined> {
  const { rootId, parentId } = await db
    .selectFrom('departments')
    .select(['rootId', 'parentId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (!parentId) return { rootId };
  const parent = await db
    .selectFrom('departments')
    .select('id')
    .where('id', '=', parentId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  // It would hang in the air: what stood above it has to come back first.
  return parent && { rootId };
}

type Facts = Awaited<ReturnType<typeof factsOf>>;

export function toDepartment(caller: Pick<Context, 'rights'>, row: DepartmentRow, facts: Facts): Department {
  return disclosed(
    caller,
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
  );
}

/** A department as whoever lacks the right to read is told it. */
export function idsAlone(row: DepartmentRow, facts: Facts): ReturnType<typeof shared> {
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

export function shared(row: DepartmentRow, { counts, roots }: Facts) {
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
export async function factsOf(db: Db, rows: DepartmentRow[]) {
  const facts = await inSlices(rows, async (slice) => [await factsOfSome(db, slice)]);
  return {
    parents: new Map(facts.flatMap(({ parents }) => [...parents])),
    roots: new Map(facts.flatMap(({ roots }) => [...roots])),
    counts: {
      members: new Map(facts.flatMap(({ counts }) => [...counts.members])),
      children: new Set(facts.flatMap(({ counts }) => [...counts.children])),
    },
  };
}

async function factsOfSome(db: Db, rows: DepartmentRow[]) {
  const ids = rows.map(({ id }) => id);
  const above = [...new Set(rows.flatMap(({ parentId, rootId }) => (parentId ? [parentId, rootId] : [rootId])))];
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
