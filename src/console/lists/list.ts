import type { Field } from '#contract/field';
import { filtersOf, type ListFilter, writeFilter } from '#contract/list';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { parseJson } from '#contract/wire/scalars';
import { kinds } from '../kinds.ts';
import { fromStart } from '../sort.ts';

// The URL defines a list: `q`, `filter`s, `columns`, `sort`, `namespace`, and the page with its cursor and its `size`.

export const pageSizes = [20, 50, 100];
const sizeKey = 'fieldbook.pageSize';

/** How many rows a page has: as the URL says, else as one chose last. */
export function pageSizeOf(params: URLSearchParams): number {
  const asked = Number(params.get('size') ?? localStorage.getItem(sizeKey));
  return pageSizes.find((size) => size === asked) ?? 20;
}

/** Pages of another size, from the one that has the first row of this page. */
export function withPageSize(params: URLSearchParams, size: number): URLSearchParams {
  const page = Math.floor(((pageOf(params) - 1) * pageSizeOf(params)) / size) + 1;
  localStorage.setItem(sizeKey, String(size));
  fromStart(params).set('size', String(size));
  if (page > 1) params.set('page', String(page));
  return params;
}

/** The fields of a target type: what a list may show, filter and sort by. */
export interface ListFields {
  builtin: Field[];
  custom: Field[];
}

export const findField = ({ builtin, custom }: ListFields, key: string): Field | undefined =>
  [...builtin, ...custom].find((field) => field.key === key);

/** The chosen columns. By default: the usual ones and the first three custom fields that the console shows. */
export function columnsOf(params: URLSearchParams, targetType: TargetType, fields: ListFields): string[] {
  const chosen = params.get('columns');
  if (chosen !== null) return chosen.split(',').filter((key) => findField(fields, key));
  const shown = fields.custom.filter((field) => field.visibleInAdminConsole).slice(0, 3);
  return [...kinds[targetType].columns, ...shown.map(({ key }) => key)];
}

// The call's body carries the operand for a protected field. The URL only has an id that this tab knows.

const secretKey = (id: string) => `fieldbook.secret.${id}`;

export function keepSecret(value: Value): { secret: string } {
  const secret = crypto.randomUUID();
  sessionStorage.setItem(secretKey(secret), JSON.stringify(value));
  return { secret };
}

export const isSecret = (operand: unknown): operand is { secret: string } =>
  typeof operand === 'object' && operand !== null && 'secret' in operand;

/** The real operand. Undefined for a secret of another tab. */
export const secretOf = (operand: unknown): unknown =>
  isSecret(operand) ? parseJson(sessionStorage.getItem(secretKey(operand.secret)) ?? '') : operand;

/** Whether a filter needs a secret of another tab. */
export const isIncomplete = (params: URLSearchParams): boolean =>
  filtersOf(params).some(({ value }) => isSecret(value) && secretOf(value) === undefined);

/** The selection of a list's targets. */
export function selectionOf(params: URLSearchParams, targetType: TargetType) {
  const filters = filtersOf(params).map((filter) => ({ ...filter, value: secretOf(filter.value) }));
  return {
    targetType,
    ...(params.get('q') && { keywords: params.get('q') }),
    ...(params.get('namespace') && { namespace: params.get('namespace') }),
    ...(filters.length && { filters }),
    ...(params.has('trash') && { trash: true }),
  };
}

export const pageOf = (params: URLSearchParams) => Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1);

export function withFilters(params: URLSearchParams, filters: ListFilter[]): URLSearchParams {
  params.delete('filter');
  for (const filter of filters) params.append('filter', writeFilter(filter));
  return fromStart(params);
}
