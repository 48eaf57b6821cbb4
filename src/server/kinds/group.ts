import type { Group } from '#contract/directory';
import type { Context } from '../context.ts';
import type { GroupRow } from '../database/schema.ts';
import { ownColumns } from './columns.ts';
import { disclosed, type Kind } from './kind.ts';

export const group: Kind = {
  table: 'groups',
  identifier: 'code',
  wholeIds: [],
  tenantColumn: null,
  notFound: 'groupNotFound',
  columns: new Map(ownColumns('GROUP', 'groups')),
  holders: ({ db }, which) =>
    db.selectFrom('groups').select(['id', 'code as identifier', 'name']).where(which).execute(),
  async rows(db, ids) {
    const rows = await db.selectFrom('groups').selectAll().where('id', 'in', ids).execute();
    return rows.map((row) => ({ row, who: { targetIdentifier: row.code, name: row.name, note: row.code } }));
  },
  async read(caller, id) {
    const row = await caller.db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    return { targetType: 'GROUP', entity: toGroup(caller, row) };
  },
};

export function toGroup(caller: Pick<Context, 'rights'>, row: GroupRow): Group {
  const ids = { id: row.uid, code: row.code, metadataSource: [], members: [] };
  const { name, description, type } = row;
  return disclosed(caller, { ...ids, name, description, type }, { ...ids, name: '', description: '', type: 'static' });
}
