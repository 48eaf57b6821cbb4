import { builtinFields } from '#contract/builtin';
import { nameOfUser } from '#contract/directory';
import type { ListRow } from '#contract/list';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import type { Db } from '../database/schema.ts';

type Rows = (db: Db, ids: number[], columns: string[]) => Promise<Map<number, ListRow>>;

/** Rows of a list by internal id: the target's identity and its built-in cells. */
export const cellsOf: Record<TargetType, Rows> = {
  async USER(db, ids, columns) {
    if (!ids.length) return new Map();
    const rows = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
    return new Map(
      rows.map((row) => {
        const name = nameOfUser(row);
        const note = row.username && row.username !== name ? row.username : '';
        return [row.id, { targetIdentifier: row.userId, name, note, ...shared('USER', row, columns) }];
      }),
    );
  },
  async ROLE(db, ids, columns) {
    if (!ids.length) return new Map();
    const rows = await db
      .selectFrom('roles')
      .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
      .selectAll('roles')
      .select('namespaces.code as namespace')
      .where('roles.id', 'in', ids)
      .execute();
    return new Map(
      rows.map((row) => [
        row.id,
        {
          targetIdentifier: row.code,
          namespace: row.namespace,
          name: row.name,
          note: `${row.namespace} / ${row.code}`,
          ...shared('ROLE', row, columns),
        },
      ]),
    );
  },
  async GROUP(db, ids, columns) {
    if (!ids.length) return new Map();
    const rows = await db.selectFrom('groups').selectAll().where('id', 'in', ids).execute();
    return new Map(
      rows.map((row) => [
        row.id,
        { targetIdentifier: row.code, name: row.name, note: row.code, ...shared('GROUP', row, columns) },
      ]),
    );
  },
  async DEPARTMENT(db, ids, columns) {
    if (!ids.length) return new Map();
    const rows = await db
      .selectFrom('departments')
      .innerJoin('departments as root', 'root.id', 'departments.rootId')
      .selectAll('departments')
      .select('root.name as organization')
      .where('departments.id', 'in', ids)
      .execute();
    return new Map(
      rows.map((row) => [
        row.id,
        {
          targetIdentifier: row.departmentId,
          name: row.name,
          note: row.parentId === null ? row.code : `${row.organization} / ${row.code}`,
          ...shared('DEPARTMENT', row, columns),
        },
      ]),
    );
  },
};

/** The properties of rows of all types: their cells, and the time of deletion. */
function shared(targetType: TargetType, row: { deletedAt: string | null }, columns: string[]) {
  return { cells: cells(targetType, row, columns), ...(row.deletedAt && { deletedAt: row.deletedAt }) };
}

/** The requested built-in fields that have a value. */
function cells(targetType: TargetType, row: object, columns: string[]): Record<string, Value> {
  const held = new Map(Object.entries(row));
  return Object.fromEntries(
    builtinFields[targetType].flatMap(({ key, dataType }) => {
      const stored: unknown = held.get(key);
      if (!columns.includes(key) || stored === null || stored === undefined || stored === '') return [];
      const read = dataType === 'BOOLEAN' ? stored === 1 : (stored as Value);
      return [[key, read]];
    }),
  );
}
