import { z } from 'zod';
import { filterBy, filters, operators } from './directory.ts';
import type { DataType } from './field.ts';
import { targetType } from './target.ts';
import { value } from './value.ts';
import { flag, identifier, keywords, parseJson, storable, tenantId, word } from './wire/scalars.ts';

/** The operators of list-users, and two of Fieldbook: UNFIT (doesn't fit the type) and RETIRED (an inactive option). */
export const listOperators = [...operators, 'UNFIT', 'RETIRED'] as const;
export type ListOperator = (typeof listOperators)[number];

export const listFilter = filterBy(listOperators);
export type ListFilter = z.output<typeof listFilter>;

const text: ListOperator[] = ['CONTAINS', 'NOT_CONTAINS', 'EQUAL', 'NOT_EQUAL', 'IN', 'IS_NULL', 'NOT_NULL'];
const ordered: ListOperator[] = ['EQUAL', 'NOT_EQUAL', 'GREATER', 'LESSER', 'BETWEEN', 'IN', 'IS_NULL', 'NOT_NULL'];
const byType: Record<DataType, { all: ListOperator[]; custom: ListOperator[] }> = {
  STRING: { all: text, custom: ['UNFIT'] },
  NUMBER: { all: ordered, custom: ['UNFIT'] },
  DATETIME: { all: ordered, custom: ['UNFIT'] },
  BOOLEAN: { all: ['EQUAL', 'NOT_EQUAL', 'IS_NULL', 'NOT_NULL'], custom: ['UNFIT'] },
  ENUM: {
    all: ['IN', 'EQUAL', 'NOT_EQUAL', 'IS_NULL', 'NOT_NULL', 'CONTAINS', 'NOT_CONTAINS'],
    custom: ['RETIRED', 'UNFIT'],
  },
};

/** The operators that a field allows. Values of built-in fields always fit, so they have no UNFIT. */
export const operatorsOf = (dataType: DataType, isCustom: boolean): ListOperator[] =>
  isCustom ? [...byType[dataType].all, ...byType[dataType].custom] : byType[dataType].all;

/** How many operands an operator takes. `many` is a list of any length. */
export const operandsOf: Record<ListOperator, 0 | 1 | 2 | 'many'> = {
  EQUAL: 1,
  NOT_EQUAL: 1,
  CONTAINS: 1,
  NOT_CONTAINS: 1,
  GREATER: 1,
  LESSER: 1,
  BETWEEN: 2,
  IN: 'many',
  IS_NULL: 0,
  NOT_NULL: 0,
  UNFIT: 0,
  RETIRED: 0,
};

/** Every field allows the question whether it has a value. */
export const nullOperators: readonly ListOperator[] = ['IS_NULL', 'NOT_NULL'];

/**
 * Whether a field allows an operator. A masked field allows "has a value", and "equals" if it has more than a few
 * possible values. An encrypted field allows what a keyed hash can answer.
 */
export function isAskable(
  field: { dataType: DataType; encrypted: boolean },
  isMasked: boolean,
  operator: ListOperator,
): boolean {
  if (nullOperators.includes(operator)) return true;
  // With so few possible values, a hash or a few queries would disclose who has which value.
  const hasFewValues = field.dataType === 'BOOLEAN' || field.dataType === 'ENUM';
  if (hasFewValues && (field.encrypted || isMasked)) return false;
  if (isMasked) return operator === 'EQUAL';
  return !field.encrypted || operator === 'EQUAL' || operator === 'NOT_EQUAL' || operator === 'IN';
}

export const listLimits = {
  filters: 20,
  /** Of one person in a space, for one target type. */
  views: 100,
};

/** Selects targets. A page, a count and a bulk action use the same selection. */
export const selection = {
  targetType,
  tenantId,
  keywords,
  /** Only roles of this permission space. */
  namespace: identifier.nullish(),
  filters: filters(listFilter, listLimits.filters).optional(),
  /** Only targets in the trash, the latest deletion first. */
  trash: flag.optional(),
};

export const listInput = z.object({
  ...selection,
  /** Keys of built-in and custom fields. A row has a cell for each field that has a value. */
  columns: z.array(identifier).max(50).optional(),
  sort: z.object({ field: identifier, descending: flag.optional() }).nullish(),
  /** The start or end of another page, from an earlier answer. `end` means the last page. */
  cursor: z.string().max(8_192).nullish(),
  /** Starts at 1. The query reads all pages before it, so a cursor is better for a far page. */
  page: z.number().int().min(1).max(1_000_000).optional(),
  limit: z.number().int().min(1).max(100).optional(),
});

export const listRow = z.object({
  targetIdentifier: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** The line below the name: a username, a code, an organization. */
  note: z.string(),
  /** The field in which the keywords were found, if neither `name` nor `note` has them, and a part of its value. */
  found: z.object({ key: z.string(), text: z.string() }).optional(),
  /** Only in the trash. */
  deletedAt: z.string().optional(),
  cells: z.record(z.string(), value),
});
export type ListRow = z.output<typeof listRow>;

export const listPage = z.object({
  list: z.array(listRow),
  /** Null on the last page. */
  next: z.string().nullable(),
  /** Null on the first page. */
  previous: z.string().nullable(),
});

/** A saved view. `query` is the query string of its URL. */
export const view = z.object({
  id: z.string(),
  targetType,
  name: storable.trim().min(1).max(128),
  query: storable.max(8_192),
  /** Everybody sees it. Otherwise only its creator does. */
  shared: flag,
  isMine: z.boolean(),
});
export type View = z.output<typeof view>;

const writtenFilter = z.tuple([identifier, word(listOperators)], z.unknown());

/** Filters in a URL: one `filter` parameter each. */
export function filtersOf(params: URLSearchParams): ListFilter[] {
  return params.getAll('filter').flatMap((sent) => {
    const parsed = writtenFilter.safeParse(parseJson(sent));
    if (!parsed.success) return [];
    const [field, operator, operand] = parsed.data;
    return [{ field, operator, ...(operand !== undefined && { value: operand }) }];
  });
}

/** The parameters of a list's URL that a view keeps. */
const kept = new Set(['q', 'filter', 'columns', 'sort', 'namespace', 'organization', 'as', 'trash']);

/** The part of a query string that a view stores: what the list shows, without its page, and without unreadable filters. */
export function viewQueryOf(query: string | URLSearchParams): string {
  const params = new URLSearchParams(query);
  for (const name of new Set(params.keys())) {
    const [first = '', ...more] = params.getAll(name);
    if (!kept.has(name)) params.delete(name);
    // A list reads the first one.
    else if (more.length && name !== 'filter') params.set(name, first);
  }
  const readable = filtersOf(params);
  params.delete('filter');
  for (const filter of readable) params.append('filter', writeFilter(filter));
  params.sort();
  return params.toString();
}

/** A filter as a parameter of a URL, without an operand that its operator doesn't take. */
export function writeFilter({ field, operator, value: operand }: ListFilter): string {
  const isAlone = operand === undefined || operandsOf[operator] === 0;
  return JSON.stringify(isAlone ? [field, operator] : [field, operator, operand]);
}
