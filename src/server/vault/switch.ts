import { type SqlBool, sql } from 'kysely';
import { filtersOf, writeFilter } from '#contract/list';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import type { StoredField } from '../fields/store.ts';

/** What is done at once when a field becomes encrypted: no draft and no saved view goes on holding its values, and there is a key for their hashes. Its stored values follow in the background (sealing.ts). */
export async function forgetClear(data: Data<Trx>, { id, field }: StoredField): Promise<void> {
  const { db } = data;
  await requireHashKey(data);
  const { tenantId } = await db.selectFrom('fields').select('tenantId').where('id', '=', id).executeTakeFirstOrThrow();
  const place = JSON.stringify(field.key).replace(/[\\%_]/g, '\\$&');
  await db
    .deleteFrom('drafts')
    .where('tenantId', '=', tenantId)
    .where(sql<SqlBool>`draft like ${`%${place}:%`} escape '\\'`)
    .where('targetId', 'in', (query) => query.selectFrom('targets').select('id').where('type', '=', field.targetType))
    .execute();
  const views = await db
    .selectFrom('views')
    .select(['id', 'query'])
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', field.targetType)
    .execute();
  for (const view of views) {
    const query = new URLSearchParams(view.query);
    const filters = filtersOf(query);
    const kept = filters.filter((filter) => filter.field !== field.key || filter.value === undefined);
    if (kept.length === filters.length) continue;
    query.delete('filter');
    for (const filter of kept) query.append('filter', writeFilter(filter));
    await db.updateTable('views').set({ query: query.toString() }).where('id', '=', view.id).execute();
  }
}

/** Makes the first key of the hashes, where there is none. */
export async function requireHashKey({ db, vault }: Data<Trx>): Promise<void> {
  const known = await db.selectFrom('hashKeys').select('id').executeTakeFirst();
  if (!known) await vault.addHashKey(db);
}
