import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** A column that contains a text, without regard to case and width. */
export function containing(column: string, text: string): RawBuilder<SqlBool> {
  return containingText(sql.ref(column), text);
}

export function containingText(expression: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  const folded = text.normalize('NFKC').toLowerCase();
  return sql<SqlBool>`fold(${expression}) like ${`%${folded.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}
