import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { fold } from '#contract/wire';

/** A column that contains a text, without regard to case and width. */
export function containing(column: string, text: string): RawBuilder<SqlBool> {
  return containingText(sql.ref(column), text);
}

export function containingText(expression: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`fold(${expression}) like ${`%${fold(text).replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}
