import { filtersOf, type ListFilter, nullOperators, writeFilter } from '#contract/list';
import type { TargetType } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { isPostgres } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';

/** Removes filters with values of a field from views. */
export async function dropFromViews(
  trx: Trx,
  { tenantId, targetType, key }: { tenantId: string; targetType: TargetType; key: string },
): Promise<void> {
  const views = await locked(trx, targetType).where('tenantId', '=', tenantId).execute();
  for (const { id, query } of views) {
    const params = new URLSearchParams(query);
    const filters = filtersOf(params);
    const kept = filters.filter(({ field, operator }) => field !== key || nullOperators.includes(operator));
    if (kept.length < filters.length) await keepFilters(trx, id, params, kept);
  }
}

/** Removes texts of a person from views of users: from keywords and from filter operands that contain a whole text. */
export async function dropPersonFromViews(trx: Trx, texts: string[]): Promise<void> {
  const own = texts.map(fold).filter((text) => text !== '');
  const tells = (asked: unknown): boolean =>
    Array.isArray(asked) ? asked.some(tells) : own.some((text) => fold(String(asked ?? '')).includes(text));
  const views = await locked(trx, 'USER').execute();
  for (const { id, query } of views) {
    const params = new URLSearchParams(query);
    const filters = filtersOf(params);
    const kept = filters.filter(({ value }) => !tells(value));
    const isAsked = tells(params.get('q'));
    if (isAsked) params.delete('q');
    if (isAsked || kept.length < filters.length) await keepFilters(trx, id, params, kept);
  }
}

/** Locks views before a change. A concurrent save has committed, or waits. */
function locked(trx: Trx, targetType: TargetType) {
  const query = trx.selectFrom('views').select(['id', 'query']).where('targetType', '=', targetType).orderBy('id');
  return isPostgres(trx) ? query.forUpdate() : query;
}

async function keepFilters(trx: Trx, id: string, params: URLSearchParams, kept: ListFilter[]): Promise<void> {
  params.delete('filter');
  for (const filter of kept) params.append('filter', writeFilter(filter));
  await trx.updateTable('views').set({ query: params.toString() }).where('id', '=', id).execute();
}
