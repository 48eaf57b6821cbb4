import type { FieldDefinition } from '#contract/field';
import type { Db, Trx } from '../database/schema.ts';

/** Who may do what with the fields that limit somebody: all that ever were, also permanently deleted ones. */
export async function findAccesses(
  db: Db,
): Promise<{ id: number; access: FieldDefinition['access']; isPurged: boolean }[]> {
  const read = async (table: 'fields' | 'purgedFields') => {
    const rows = await db
      .selectFrom(table)
      .select(['id', 'access'])
      .where('access', '<>', '{}')
      .orderBy('id')
      .execute();
    return rows.map(({ id, access }) => ({ id, access: JSON.parse(access), isPurged: table === 'purgedFields' }));
  };
  // In this order, so that a field that moves meanwhile is in one of them.
  return [...(await read('fields')), ...(await read('purgedFields'))];
}

/** Changes who is shown the entries of a field that was permanently deleted. */
export async function setPurgedAccess(trx: Trx, id: number, access: FieldDefinition['access']): Promise<void> {
  await trx
    .updateTable('purgedFields')
    .set({ access: JSON.stringify(access) })
    .where('id', '=', id)
    .execute();
}
