import { z } from 'zod';
import { filterBy, filters, operators } from './directory.ts';
import type { DataType } from './field.ts';
import { targetType } from './target.ts';
import { value } from './value.ts';
import { flag, identifier, keywords, parseJson, storable, tenantId, word } from './wire/scalars.ts';

/** The operators of list-users, and ours: what doesn't fit its type, and options that are retired. */
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

/** What can be asked of a field; built-in ones always fit. */
export const operatorsOf = (dataType: DataType, isCustom: boolean): ListOperator[] =>
  isCustom ? [...byType[dataType].all, ...byType[dataType].custom] : byType[dataType].all;

/** How many operands an operator takes: `many` is a list of any length. */
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

/** Whether there is a value can be asked of every field. */
export const nullOperators: readonly ListOperator[] = ['IS_NULL', 'NOT_NULL'];

/** What may be asked of a field: where values are masked, whether there is one and, of more than a few, whether it is the one that a caller says; where they are sealed, what a keyed hash can tell. */
export function isAskable(
  field: { dataType: DataType; encrypted: boolean },
  isMasked: boolean,
  operator: ListOperator,
): boolean {
  if (nullOperators.includes(operator)) return true;
  // So few values that a hash, or a handful of questions, would tell who holds which.
  const hasFewValues = field.dataType === 'BOOLEAN' || field.dataType === 'ENUM';
  if (hasFewValues && (field.encrypted || isMasked)) return false;
  if (isMasked) return operator === 'EQUAL';
  return !field.encrypted || operator === 'EQUAL' || operator === 'NOT_EQUAL' || operator === 'IN';
}

/** Which targets are meant: the same for a page of them, their number, and whatever is done to all of them. */
export const selection = {
  targetType,
  tenantId,
  keywords,
  /** Roles of one permission group. */
  namespace: identifier.nullish(),
  filters: filters(listFilter, 20).optional(),
  /** Those that were deleted, the latest first. */
  trash: flag.optional(),
};

export const listInput = z.object({
  ...selection,
  /** Keys of built-in and custom fields; a row has a cell for each that holds a value. */
  columns: z.array(identifier).max(50).optional(),
  sort: z.object({ field: identifier, descending: flag.optional() }).nullish(),
  /** Where another page ended or began, as it said itself; `end` is the last page. */
  cursor: z.string().max(8_192).nullish(),
  /** Counts from 1; reads past all pages before it, so that a far one is better reached through a cursor. */
  page: z.number().int().min(1).max(1_000_000).optional(),
  limit: z.number().int().min(1).max(100).optional(),
});

export const listRow = z.object({
  targetIdentifier: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** What stands beneath the name: a username, a code, an organisation. */
  note: z.string(),
  /** Of one in the trash. */
  deletedAt: z.string().optional(),
  cells: z.record(z.string(), value),
});
export type ListRow = z.output<typeof listRow>;

export const listPage = z.object({
  list: z.array(listRow),
  /** Null at the end. */
  next: z.string().nullable(),
  /** Null at the beginning. */
  previous: z.string().nullable(),
});

/** A list that somebody gave a name; `query` is what stands in its URL. */
export const view = z.object({
  id: z.string(),
  targetType,
  name: storable.trim().min(1).max(128),
  query: storable.max(8_192),
  /** Everybody sees it; else only who made it. */
  shared: flag,
  isMine: z.boolean(),
});
export type View = z.output<typeof view>;

/** Filters as a URL holds them: a parameter `filter` for each. */
export function filtersOf(params: URLSearchParams): ListFilter[] {
  return params.getAll('filter').flatMap((sent) => {
    const parsed = z.tuple([identifier, word(listOperators)], z.unknown()).safeParse(parseJson(sent));
    if (!parsed.success) return [];
    const [field, operator, operand] = parsed.data;
    return [{ field, operator, ...(operand !== undefined && { value: operand }) }];
  });
}

export function writeFilter({ field, operator, value: operand }: ListFilter): string {
  return JSON.stringify(operand === undefined ? [field, operator] : [field, operator, operand]);
}
