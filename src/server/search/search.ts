import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type TargetType, targetTypes } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { isPostgres } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import { gramsOf, hexOf, searchColumns } from '../database/search.ts';
import type { Kind } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import type { StoredField } from '../stores/fields.ts';

/** Enough to leave few candidates. A longer query costs more than it saves. */
const mostGrams = 24;

/** A column that contains a text, without regard to case and width. */
export function containing(db: Db, column: string, text: string): RawBuilder<SqlBool> {
  return containingText(db, sql.ref(column), text);
}

/** The text of a value that is stored in clear. Only `case` keeps the database from reading ciphertext as JSON. */
const plainText = sql`case when v.value like '"%' then plain(v.value) end`;

/** Not by `like`, nor by strpos of texts: where both repeat one sign, those take as long as both lengths multiplied. */
function containingText(db: Db, expression: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  const [part, whole] = [sql`${fold(text)}`, sql`fold(${expression})`];
  if (!isPostgres(db)) return sql<SqlBool>`instr(${whole}, ${part}) > 0`;
  return sql<SqlBool>`position(convert_to(${part}, 'UTF8') in convert_to(${whole}, 'UTF8')) > 0`;
}

/**
 * Targets with a text in one of the places (columns of their table, in camel case). The index returns candidates. Up to
 * three characters, its answer is exact.
 */
export function containingAny(db: Db, table: Kind['table'], places: string[], text: string): RawBuilder<SqlBool> {
  const found = sql.join(
    places.map((place) => containing(db, `${table}.${place}`, text)),
    sql` or `,
  );
  const indexed = searchColumns[table].map(camel);
  if (!text || !places.every((place) => indexed.includes(place))) return sql<SqlBool>`(${found})`;
  const candidates = sql<SqlBool>`${sql.ref(`${table}.id`)} in (${candidatesOf(db, text)})`;
  // No built-in text is long enough to be indexed without grams.
  const isSure = [...fold(text)].length <= 3 && indexed.every((place) => places.includes(place));
  return isSure ? candidates : sql<SqlBool>`(${candidates} and (${found}))`;
}

/** The built-in fields in which a keyword search looks for parts, by wire name. */
export const searchedFields = (table: Kind['table']): string[] => searchColumns[table].map(camel);

/**
 * Targets with the words in a searched text, with the words as their whole id, or with a value that has them in one of
 * these custom fields.
 */
export function bearing(
  db: Db,
  targetType: TargetType,
  words: string,
  custom: StoredField[] = [],
): RawBuilder<SqlBool> {
  const { table, wholeIds } = kinds[targetType];
  const found = containingAny(db, table, searchedFields(table), words);
  const named = wholeIds.map((id) => sql<SqlBool>`${sql.ref(`${table}.${id}`)} = ${words}`);
  const held = heldWords(db, custom, words);
  const holders = held ? [sql<SqlBool>`${sql.ref(`${table}.id`)} in (select v.target_id ${held})`] : [];
  const all = [found, ...named, ...holders];
  return all.length > 1 ? sql<SqlBool>`(${sql.join(all, sql` or `)})` : found;
}

/**
 * The values (`v`) of these fields that have the words, as the rest of a query: texts of up to 2,000 characters that
 * contain them, and unique numbers that they are. Undefined if no field can have them.
 */
export function heldWords(db: Db, fields: StoredField[], words: string): RawBuilder<unknown> | undefined {
  const idsOf = (list: StoredField[]) => sql.join(list.map(({ id }) => sql.val(id)));
  const texts = fields.filter(({ field }) => field.dataType === 'STRING' && !field.encrypted);
  const numbers = fields.filter(({ field }) => field.dataType === 'NUMBER' && field.isUnique);
  const number = /^-?\d+(\.\d+)?$/.test(words) ? Number(words) : undefined;
  const parts: RawBuilder<unknown>[] = [];
  if (texts.length) {
    const candidates = isPostgres(db)
      ? sql`select field_id, target_id from value_search where grams @@ ${question(db, words)}::tsquery`
      : sql`select rowid >> 32, rowid & 4294967295 from value_search where value_search match ${question(db, words)}`;
    const isText = sql`v.field_id in (${idsOf(texts)})`;
    parts.push(sql`(${isText} and (v.field_id, v.target_id) in (${candidates})
      and ${containingText(db, plainText, words)})`);
  }
  if (numbers.length && number !== undefined)
    parts.push(sql`(v.field_id in (${idsOf(numbers)}) and v.number = ${number})`);
  return parts.length ? sql`from field_values v where (${sql.join(parts, sql` or `)})` : undefined;
}

/** Targets with the words in their name, or as their whole id. It discloses no more than `nameHolders`. */
function called(db: Db, targetType: TargetType, words: string): RawBuilder<SqlBool> {
  const { table, identifier } = kinds[targetType];
  const id = sql.ref(`${table}.${identifier}`);
  return sql<SqlBool>`(${containingAny(db, table, ['name'], words)} or ${id} = ${words})`;
}

/** The ids of targets of any type with the words: in any searched text, or without `read` as in `called`. */
export function idsBearing(db: Db, words: string, isRead: boolean): RawBuilder<unknown> {
  const parts = targetTypes.map((type) => {
    const { table } = kinds[type];
    const found = isRead ? bearing(db, type, words) : called(db, type, words);
    return sql`select ${sql.ref(`${table}.id`)} from ${sql.table(table)} where ${found}`;
  });
  return sql.join(parts, sql` union all `);
}

/** Targets whose text value of a field contains a text. */
export function holdersOf(db: Db, fieldId: number, text: string): RawBuilder<unknown> {
  const found = sql`v.field_id = ${fieldId} and ${containingText(db, plainText, text)}`;
  if (!text) return sql`select v.target_id from field_values v where ${found}`;
  const candidates = isPostgres(db)
    ? sql`select target_id from value_search where grams @@ ${question(db, text, fieldId)}::tsquery`
    : sql`select rowid & 4294967295 from value_search where value_search match ${question(db, text, fieldId)}`;
  return sql`select v.target_id from field_values v where v.target_id in (${candidates}) and ${found}`;
}

function candidatesOf(db: Db, text: string): RawBuilder<unknown> {
  return isPostgres(db)
    ? sql`select id from search where grams @@ ${question(db, text)}::tsquery`
    : sql`select rowid from search where search match ${question(db, text)}`;
}

/** The index query for candidates: the longest grams of the text. */
function question(db: Db, text: string, fieldId?: number): string {
  const folded = fold(text);
  const size = Math.min(3, [...folded].length);
  const grams = gramsOf(folded)
    .filter((gram) => [...gram].length === size)
    .slice(0, mostGrams);
  const [and, or] = isPostgres(db) ? [' & ', ' | '] : [' AND ', ' OR '];
  const words = grams.map((gram) => (isPostgres(db) ? `'${gram.replace(/[\\']/g, '$&$&')}'` : hexOf(gram))).join(and);
  return fieldId === undefined ? words : `field${fieldId}${and}((${words})${or}long)`;
}

const camel = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
