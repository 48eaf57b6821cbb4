import { filtersOf, nullOperators, writeFilter } from '#contract/list';
import type { TargetType } from '#contract/target';
import type { Trx } from '../database/schema.ts';

/** Lets go of the values of a field that views ask for. */
export async function dropFromViews(
  trx: Trx,
  { tenantId, targetType, key }: { tenantId: string; targetType: TargetType; key: string },
): Promise<void> {
  const views = await trx
    .selectFrom('views')
    .select(['id', 'query'])
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', targetType)
    .execute();
  for (const { id, query } of views) {
    const params = new URLSearchParams(query);
    const filters = filtersOf(params);
    const kept = filters.filter(({ field, operator }) => field !== key || nullOperators.includes(operator));
    if (kept.length === filters.length) continue;
    params.delete('filter');
    for (const filter of kept) params.append('filter', writeFilter(filter));
    await trx.updateTable('views').set({ query: params.toString() }).where('id', '=', id).execute();
  }
}
