import { builtinFieldsOf } from '#contract/builtin';
import type { ListRow } from '#contract/list';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import type { Db } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';

/** Rows of a list by internal id: who each target is, and its built-in cells. */
export async function rowsOf(
  db: Db,
  { targetType, ids, columns }: { targetType: TargetType; ids: number[]; columns: string[] },
): Promise<Map<number, ListRow>> {
  if (!ids.length) return new Map();
  const found = await kinds[targetType].rows(db, ids);
  return new Map(
    found.map(({ row, who }) => [
      row.id,
      {
        ...who,
        cells: cellsOf(targetType, row, columns),
        ...(row.deletedAt && { deletedAt: row.deletedAt }),
      },
    ]),
  );
}

/** The built-in fields that hold something, of those that are asked for. */
function cellsOf(targetType: TargetType, row: object, columns: string[]): Record<string, Value> {
  const held = new Map(Object.entries(row));
  return Object.fromEntries(
    builtinFieldsOf(targetType).flatMap(({ key, dataType }) => {
      const stored: unknown = held.get(key);
      if (!columns.includes(key) || stored === null || stored === undefined || stored === '') return [];
      const read = dataType === 'BOOLEAN' ? stored === 1 : (stored as Value);
      return [[key, read]];
    }),
  );
}
