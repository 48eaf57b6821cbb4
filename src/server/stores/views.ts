import { filtersOf, type ListFilter, nullOperators, viewQueryOf, writeFilter } from '#contract/list';
import type { TargetType } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { breather } from '../breather.ts';
import { isPostgres } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';

/**
 * Removes filters with values of a field from views. `withWords`: also the words of all searches, which may be a value. Only
 * some of them would tell their owners which are.
 */
export async function dropFromViews(
  trx: Trx,
  { tenantId, targetType, key }: { tenantId: string; targetType: TargetType; key: string },
  { withWords = false } = {},
): Promise<void> {
  const views = await locked(trx, targetType).where('tenantId', '=', tenantId).execute();
  const breathe = breather();
  for (const { id, query } of views) {
    await breathe();
    const params = new URLSearchParams(query);
    if (withWords) params.delete('q');
    const kept = filtersOf(params).filter(({ field, operator }) => field !== key || nullOperators.includes(operator));
    await keepFilters(trx, { id, query }, params, kept);
  }
}

/** What a person has in a field, and whether somebody else has the same. */
export interface Held {
  /** Null for a built-in field. */
  tenantId: string | null;
  key: string;
  text: string;
  isShared: () => Promise<boolean>;
}

/**
 * Removes texts of a person from views of users: names from keywords and from filter operands that contain a whole one;
 * what nobody else has in a field from the filters of this field.
 */
export async function dropPersonFromViews(trx: Trx, names: string[], held: Held[]): Promise<void> {
  const own = names.map(fold).filter((text) => text !== '');
  const tells = (asked: unknown): boolean =>
    Array.isArray(asked) ? asked.some(tells) : own.some((text) => fold(String(asked ?? '')).includes(text));
  const views = await locked(trx, 'USER').execute();
  const breathe = breather();
  for (const { id, query, tenantId } of views) {
    await breathe();
    const params = new URLSearchParams(query);
    const filters = filtersOf(params);
    const kept: ListFilter[] = [];
    for (const filter of filters) {
      const ofField = held.filter((one) => one.key === filter.field && (one.tenantId ?? tenantId) === tenantId);
      if (!tells(filter.value) && !(await asksForOne(ofField, filter.value))) kept.push(filter);
    }
    const words = params.get('q');
    if (words && (tells(words) || (await asksForOne(held, words)))) params.delete('q');
    await keepFilters(trx, { id, query }, params, kept);
  }
}

async function asksForOne(held: Held[], operand: unknown): Promise<boolean> {
  const asked = [operand].flat().map((one) => fold(String(one ?? '')));
  for (const { text, isShared } of held) if (asked.includes(fold(text)) && !(await isShared())) return true;
  return false;
}

/** Locks views before a change. A concurrent save has committed, or waits. */
function locked(trx: Trx, targetType: TargetType) {
  const query = trx
    .selectFrom('views')
    .select(['id', 'query', 'tenantId'])
    .where('targetType', '=', targetType)
    .orderBy('id');
  return isPostgres(trx) ? query.forUpdate() : query;
}

async function keepFilters(
  trx: Trx,
  { id, query }: { id: string; query: string },
  params: URLSearchParams,
  kept: ListFilter[],
): Promise<void> {
  params.delete('filter');
  for (const filter of kept) params.append('filter', writeFilter(filter));
  const next = viewQueryOf(params);
  if (next !== query) await trx.updateTable('views').set({ query: next }).where('id', '=', id).execute();
}
