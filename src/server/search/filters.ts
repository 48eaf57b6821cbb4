import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SortItem } from '#contract/directory';
import { blankField, type DataType, type Field } from '#contract/field';
import { isAskable, type ListFilter, nullOperators, operatorsOf } from '#contract/list';
import { type Value, valueSchema } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { type Issue, type IssueName, issuesOf, nameIssue } from '#contract/wire/issue';
import type { Seen } from '../access/seen.ts';
import type { Context } from '../context.ts';
import type { Db } from '../database/schema.ts';
import type { Column } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { isInactiveOption } from '../stores/options.ts';
import { hashesOf, sortKeyOf } from '../stores/values.ts';
import { noteFilter } from '../values/protected.ts';
import { containing, containingAny, holdersOf } from './search.ts';

/** What filters and sorts of a list may name: columns by wire name, and custom fields of the target's id column. */
export interface Searchable {
  idColumn: string;
  columns: ReadonlyMap<string, Column>;
  custom: Seen[];
}

/** The condition of the filter at `path` of the request. Throws `validation` there. */
export async function condition(
  context: Context,
  item: ListFilter,
  path: Issue['path'],
  searchable: Searchable,
): Promise<RawBuilder<SqlBool>> {
  const { db } = context;
  const refuse = (part: 'field' | 'operator' | 'value', name: IssueName): never => refuseAt([...path, part], name);
  const column = searchable.columns.get(item.field);
  const stored = searchable.custom.find(({ field }) => field.key === item.field);
  if (!column && !stored) return refuse('field', 'fieldUnknown');
  const dataType = column?.dataType ?? stored?.field.dataType ?? 'STRING';
  const isPossible =
    operatorsOf(dataType, Boolean(stored)).includes(item.operator) &&
    (!stored || isAskable(stored.field, stored.isMasked, item.operator));
  if (!isPossible) return refuse('operator', 'operatorNotPossible');
  const read = (sent: unknown) => readOperand(sent, dataType, [...path, 'value']);
  const operand = () => read(item.value);
  const operands = (count?: number) => {
    if (!Array.isArray(item.value) || (count && item.value.length !== count)) return refuse('value', 'wrongType');
    return item.value.map(read);
  };
  if (stored?.isMasked && item.operator === 'EQUAL') await noteFilter(context, stored, operand());
  if (stored?.field.encrypted && !nullOperators.includes(item.operator)) {
    const found = await sealedEqual(
      context,
      searchable.idColumn,
      stored,
      item.operator === 'IN' ? operands() : [operand()],
    );
    return item.operator === 'NOT_EQUAL' ? not(found) : found;
  }
  const test = column ? columnTest(db, column) : customTest(db, searchable.idColumn, stored as Seen);
  switch (item.operator) {
    case 'EQUAL':
      return test.some([operand()]);
    case 'NOT_EQUAL':
      return not(test.some([operand()]));
    case 'IN':
      return test.some(operands());
    case 'CONTAINS':
      return test.contains(String(operand()));
    case 'NOT_CONTAINS':
      return not(test.contains(String(operand())));
    case 'IS_NULL':
      return not(test.set());
    case 'NOT_NULL':
      return test.set();
    case 'GREATER':
      return test.between(operand(), undefined);
    case 'LESSER':
      return test.between(undefined, operand());
    case 'BETWEEN': {
      const [from, to] = operands(2);
      return test.between(from, to);
    }
    case 'UNFIT':
      return test.unfit();
    case 'RETIRED':
      return test.retired();
  }
}

/** One sort term; the caller breaks ties. Text sorts by code point; empty values come last. */
export function order({ field, descending }: SortItem, index: number, searchable: Searchable): RawBuilder<unknown> {
  const column = searchable.columns.get(field);
  const stored = searchable.custom.find((candidate) => candidate.field.key === field);
  const isOrdered = column || (stored && !stored.isMasked && !stored.field.encrypted);
  if (!isOrdered) return refuseAt(['options', 'sort', index, 'field'], 'sortNotPossible');
  const isText = stored && (stored.field.dataType === 'STRING' || stored.field.dataType === 'ENUM');
  const expression = column
    ? sql.ref(column.column)
    : sql`(select ${sql.ref(isText ? 'v.sortKey' : 'v.number')} from field_values v
           where v.field_id = ${stored?.id} and v.target_id = ${sql.ref(searchable.idColumn)})`;
  return descending ? sql`${expression} desc nulls last` : sql`${expression} asc nulls last`;
}

/** Every test is true or false, never null, so that its negation includes empty values. */
interface Test {
  some(operands: Value[]): RawBuilder<SqlBool>;
  contains(text: string): RawBuilder<SqlBool>;
  set(): RawBuilder<SqlBool>;
  between(from: Value | undefined, to: Value | undefined): RawBuilder<SqlBool>;
  /** The value doesn't have the field's type. */
  unfit(): RawBuilder<SqlBool>;
  /** The value is an inactive option. */
  retired(): RawBuilder<SqlBool>;
}

function columnTest(db: Db, { column, dataType }: Column): Test {
  // PostgreSQL gives an operand the type of the column, and refuses 1.5 for a whole number.
  const ref = dataType === 'NUMBER' ? sql`cast(${sql.ref(column)} as double precision)` : sql.ref(column);
  const bound = (value: Value) => (typeof value === 'boolean' ? Number(value) : value);
  const certain = (inner: RawBuilder<SqlBool>) => sql<SqlBool>`(${ref} is not null and ${inner})`;
  return {
    some: (operands) =>
      operands.length
        ? certain(sql<SqlBool>`${ref} in (${sql.join(operands.map((value) => sql.val(bound(value))))})`)
        : never,
    contains(text) {
      const [table = '', place = ''] = column.split('.');
      const home = Object.values(kinds).find((kind) => kind.table === table)?.table;
      return certain(home ? containingAny(db, home, [place], text) : containing(db, column, text));
    },
    set: () =>
      dataType === 'STRING' ? sql<SqlBool>`(${ref} is not null and ${ref} <> '')` : sql<SqlBool>`${ref} is not null`,
    between: (from, to) => certain(range(ref, from, to)),
    unfit: () => never,
    retired: () => never,
  };
}

/** Targets with one of these values, found by hash, or by the value itself if it isn't encrypted yet. */
async function sealedEqual(context: Context, idColumn: string, stored: Seen, wanted: Value[]) {
  const hashes = (await Promise.all(wanted.map((value) => hashesOf(context, stored, value)))).flat();
  const texts = wanted.map((value) => JSON.stringify(value));
  if (!wanted.length) return never;
  const among = (column: string, list: string[]) =>
    list.length ? sql<SqlBool>`${sql.ref(column)} in (${sql.join(list)})` : never;
  return sql<SqlBool>`${sql.ref(idColumn)} in (select v.target_id from field_values v
    where v.field_id = ${stored.id} and ${among('v.hash', hashes)}
    union all select v.target_id from field_values v
    where v.field_id = ${stored.id} and v.hash is null and ${among('v.value', texts)})`;
}

function customTest(db: Db, idColumn: string, { id: fieldId, field }: Seen): Test {
  // Not a correlated `exists`: this way the index on values finds the few targets first.
  const holds = (inner: RawBuilder<SqlBool>) =>
    sql<SqlBool>`${sql.ref(idColumn)} in (select v.target_id from field_values v where v.field_id = ${fieldId} and ${inner})`;
  const isText = field.dataType === 'STRING' || field.dataType === 'ENUM';
  // Not a chain of `or`, because SQLite nests those and limits the depth.
  const among = (operands: Value[]) => {
    if (!isText) return sql<SqlBool>`v.number in (${sql.join(operands.map(comparable))})`;
    const rows = operands.map((value) => sql`(${sortKeyOf(String(value))}, ${JSON.stringify(value)})`);
    return sql<SqlBool>`(v.sort_key, v.value) in (values ${sql.join(rows)})`;
  };
  return {
    some: (operands) => (operands.length ? holds(among(operands)) : never),
    contains: (text) => sql<SqlBool>`${sql.ref(idColumn)} in (${holdersOf(db, fieldId, text)})`,
    set: () => holds(sql<SqlBool>`1 = 1`),
    between: (from, to) =>
      holds(range(sql`v.number`, from === undefined ? from : comparable(from), to === undefined ? to : comparable(to))),
    unfit: () => holds(misfits[field.dataType](field)),
    retired: () => holds(isInactiveOption('v.value', fieldId)),
  };
}

const isText = sql<SqlBool>`v.value like '"%'`;
const isFlag = sql<SqlBool>`v.value in ('true', 'false')`;

/** Stored values that don't fit each type. Unlike `fits` in contract/value.ts, inactive options count as fitting. */
const misfits: Record<DataType, (field: Field) => RawBuilder<SqlBool>> = {
  STRING: () => not(isText),
  NUMBER: () => sql<SqlBool>`(${isText} or ${isFlag})`,
  BOOLEAN: () => not(isFlag),
  DATETIME: (field) => {
    const isDay = field.dataType === 'DATETIME' && field.precision === 'day';
    const isNoDay = isDay ? sql` or v.sort_key not like '%T00:00:00.000Z'` : sql``;
    return sql<SqlBool>`(not (${isText}) or v.number is null${isNoDay})`;
  },
  ENUM: () =>
    sql<SqlBool>`(not (${isText}) or plain(v.value) not in (select o.value from field_options o where o.field_id = v.field_id))`,
};

const never = sql<SqlBool>`1 = 0`;
const not = (inner: RawBuilder<SqlBool>) => sql<SqlBool>`not (${inner})`;
const comparable = (value: Value) => (typeof value === 'string' ? Date.parse(value) : Number(value));

function range(ref: RawBuilder<unknown>, from: Value | undefined, to: Value | undefined): RawBuilder<SqlBool> {
  const parts = [
    ...(from === undefined ? [] : [sql<SqlBool>`${ref} >= ${from}`]),
    ...(to === undefined ? [] : [sql<SqlBool>`${ref} <= ${to}`]),
  ];
  return sql<SqlBool>`(${sql.join(parts, sql` and `)})`;
}

/** Text and options as sent; numbers, dates and booleans in the stored form. */
function readOperand(sent: unknown, dataType: DataType, path: Issue['path']): Value {
  if (dataType === 'STRING' || dataType === 'ENUM')
    return typeof sent === 'string' ? sent : refuseAt(path, 'wrongType');
  const blank: Field = { ...blankField(dataType, 'USER'), version: 0 };
  const parsed = valueSchema(blank).safeParse(sent, { error: nameIssue });
  if (parsed.success) return parsed.data;
  throw new ApiError(
    'validation',
    issuesOf(parsed.error).map((issue) => ({ ...issue, path })),
  );
}

function refuseAt(path: Issue['path'], name: IssueName): never {
  throw new ApiError('validation', [{ path, name }]);
}
