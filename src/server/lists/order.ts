import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { type Language, languages } from '#contract/wire/language';
import type { Seen } from '../access/seen.ts';
import type { Context } from '../context.ts';
import { collations, columnOf } from '../database/collation.ts';
import { isPostgres } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';

/** By what a list is sorted, before the id. */
export interface Order {
  /** Identifies the order, so that a cursor of another order is refused. */
  name: string;
  /** The sort key, before the id. */
  key: RawBuilder<unknown>;
  /** The table of the sort keys, if it isn't that of the targets. */
  beside?: Beside;
  /** Every row has a sort key. */
  isTotal: boolean;
  descending: boolean;
}

interface Beside {
  table: RawBuilder<unknown>;
  /** Its column with the ids of targets. The index has it next to the key. */
  id: RawBuilder<unknown>;
  /** Which rows have the key. */
  holds: RawBuilder<SqlBool>;
}

/**
 * Throws `validation` for a sort that isn't possible. `begun` is the name of the order of a cursor: its pages go on in the
 * language of the first, whoever opens the next.
 */
export function orderOf(
  { db, language }: Pick<Context, 'db' | 'language'>,
  { sort, targetType, trash }: Input<'listTargets'>,
  custom: Seen[],
  begun: string | undefined,
): Order {
  const { table, columns } = kinds[targetType];
  if (!sort) {
    const key = sql.ref(trash ? `${table}.deletedAt` : `${table}.createdAt`);
    return { name: `${targetType} ${trash ? 'trash' : ''}`, key, isTotal: true, descending: true };
  }
  const descending = sort.descending ?? false;
  const by = `${targetType} ${descending ? '-' : '+'}`;
  const column = columns.get(sort.field);
  if (sort.field === 'name') {
    const inLanguage = (one: Language) => `${by}name ${one}`;
    const own = languages.find((one) => inLanguage(one) === begun) ?? language;
    return { name: inLanguage(own), ...nameOrder(db, table, own), isTotal: false, descending };
  }
  if (column) return { name: `${by}${sort.field}`, key: sql.ref(column.column), isTotal: false, descending };
  const stored = custom.find(({ field }) => field.key === sort.field);
  if (!stored || stored.isMasked || stored.field.encrypted)
    throw new ApiError('validation', [{ path: ['sort', 'field'], name: 'sortNotPossible' }]);
  const isText = stored.field.dataType === 'STRING' || stored.field.dataType === 'ENUM';
  return {
    // By id, because another field may have the key later.
    name: `${by}${stored.id}`,
    ...valueOrder(stored.id, isText ? sql.ref('v.sortKey') : sql.ref('v.number')),
    isTotal: false,
    descending,
  };
}

const valueOrder = (fieldId: number, key: RawBuilder<unknown>): Pick<Order, 'key' | 'beside'> => ({
  key,
  beside: {
    table: sql`field_values v`,
    id: sql.ref('v.targetId'),
    holds: sql<SqlBool>`v.field_id = ${fieldId} and ${key} is not null`,
  },
});

/** Names sort as readers of a language expect. SQLite has keys for it, PostgreSQL a collation. */
function nameOrder(db: Db, table: string, language: Language): Pick<Order, 'key' | 'beside'> {
  if (isPostgres(db))
    return { key: sql`left(${sql.ref(`${table}.name`)}, 256) collate ${sql.raw(`"${collations[language]}"`)}` };
  const key = sql.ref(`n.${columnOf(language)}`);
  return {
    key,
    beside: { table: sql`name_order n`, id: sql.ref('n.id'), holds: sql<SqlBool>`${key} is not null` },
  };
}
