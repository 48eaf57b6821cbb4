import { type SqlBool, sql } from 'kysely';
import type { Role } from '#contract/directory';
import type { Db, RoleRow } from '../database/schema.ts';
import { ownColumns } from './columns.ts';
import type { Kind } from './kind.ts';

export const role: Kind = {
  table: 'roles',
  identifier: 'code',
  within: (namespace) =>
    sql<SqlBool>`roles.namespace_id in (select n.id from namespaces n where n.code = ${namespace})`,
  wholeIds: [],
  tenantColumn: null,
  notFound: 'roleNotFound',
  columns: new Map(ownColumns('ROLE', 'roles')),
  holders: ({ db }, which) =>
    db
      .selectFrom('roles')
      .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
      .select(['roles.id', 'roles.code as identifier', 'roles.name', 'namespaces.code as namespace'])
      .where(which)
      .execute(),
  async rows(db, ids) {
    const rows = await withNamespaces(db).where('roles.id', 'in', ids).execute();
    return rows.map((row) => {
      const { code, namespace, name } = row;
      return { row, who: { targetIdentifier: code, namespace, name, note: `${namespace} / ${code}` } };
    });
  },
  async read({ db }, id) {
    const row = await withNamespaces(db).where('roles.id', '=', id).executeTakeFirstOrThrow();
    return { targetType: 'ROLE', entity: toRole(row) };
  },
  homeOf: (db, id) => db.selectFrom('roles').select('namespaceId').where('id', '=', id).executeTakeFirst(),
};

export const withNamespaces = (db: Db) =>
  db
    .selectFrom('roles')
    .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
    .selectAll('roles')
    .select(['namespaces.code as namespace', 'namespaces.name as namespaceName']);

export function toRole(row: RoleRow & { namespace: string; namespaceName: string }): Role {
  return {
    id: row.uid,
    code: row.code,
    name: row.name,
    description: row.description,
    namespace: row.namespace,
    namespaceName: row.namespaceName,
    status: row.status === 'DISABLE' ? 'DISABLE' : 'ENABLE',
    disableTime: row.disableTime,
    enablePermissionApply: row.enablePermissionApply === 1,
  };
}
