import { sql } from 'kysely';
import type { Database } from '../database/open.ts';
import { transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { sealedMark } from './vault.ts';

// SQLite keeps overwritten data in its log and in segments of its search index until it rewrites them. `owed_pages`
// records this work in the transaction that encrypted or erased something, so that neither a killed process nor a
// reader of an older state loses it. PostgreSQL needs VACUUM FULL, which its administrator runs.

/** How many pages of the search index are rewritten at a time. Others can write in between. */
const pagesAtOnce = 400;
/** How long all writers wait for readers of an older state, in milliseconds. */
const patience = 50;

/**
 * Records that pages still hold plain text of something encrypted or erased. A given field counts as encrypted only
 * after they are rewritten.
 */
export async function owePages(trx: Trx, fieldId: number | null = null): Promise<void> {
  await trx.insertInto('owedPages').values({ fieldId, isMerged: 0 }).execute();
}

/** Rewrites the recorded pages. False if a reader still uses the old state; the record then stays. */
export async function payPages(database: Database): Promise<boolean> {
  const owed = await database.read.selectFrom('owedPages').selectAll().orderBy('id').execute();
  if (!owed.length) return true;
  const ids = owed.map(({ id }) => id);
  if (database.engine === 'sqlite') {
    if (owed.some(({ isMerged }) => !isMerged)) {
      for (const table of ['search', 'value_search'] as const) await mergeSearch(database, table);
      await transact(database, (trx) =>
        trx.updateTable('owedPages').set({ isMerged: 1 }).where('id', 'in', ids).execute(),
      );
    }
    if (!(await emptyLog(database))) return false;
  }
  await transact(database, async (trx) => {
    // A restore may have come in between, with other fields, values and records under the same ids.
    const paid = await trx.deleteFrom('owedPages').where('id', 'in', ids).returning(['id', 'fieldId']).execute();
    const own = new Map(owed.map(({ id, fieldId }) => [id, fieldId]));
    const fields = paid.flatMap(({ id, fieldId }) => (fieldId !== null && own.get(id) === fieldId ? [fieldId] : []));
    for (const id of new Set(fields)) if (!(await holdsClear(trx, id))) await markSealed(trx, id);
  });
  return true;
}

async function markSealed(trx: Trx, id: number): Promise<void> {
  await trx
    .updateTable('fields')
    .set({ sealedAt: new Date().toISOString() })
    .where('id', '=', id)
    .where('encrypted', '=', 1)
    .execute();
}

/** Whether a value of a field, or its history, is stored in clear. */
export async function holdsClear(trx: Trx, fieldId: number): Promise<boolean> {
  const sealed = `${sealedMark}%`;
  const value = trx.selectFrom('fieldValues').select('fieldId').where('fieldId', '=', fieldId);
  const row = trx
    .selectFrom('history')
    .select('fieldId')
    .where('fieldId', '=', fieldId)
    .where('kind', '=', 'value')
    .where('targetId', 'is not', null);
  const clear = value.where('value', 'not like', sealed);
  const told = row.where((is) => is.or([is('before', 'not like', sealed), is('after', 'not like', sealed)]));
  return Boolean((await clear.limit(1).executeTakeFirst()) ?? (await told.limit(1).executeTakeFirst()));
}

/** Merges a search index into one segment without deleted data, in steps, as SQLite's manual describes. */
async function mergeSearch(database: Database, table: 'search' | 'value_search'): Promise<void> {
  const changes = sql<{ count: number }>`select total_changes() as count`;
  for (let pages = -pagesAtOnce, isOver = false; !isOver; pages = pagesAtOnce) {
    isOver = await transact(database, async (trx) => {
      const before = (await changes.execute(trx)).rows[0]?.count ?? 0;
      const index = sql.table(table);
      await sql`insert into ${index} (${sql.ref(table)}, rank) values ('merge', ${sql.lit(pages)})`.execute(trx);
      return ((await changes.execute(trx)).rows[0]?.count ?? 0) - before < 2;
    });
  }
}

/** Writes the whole log into the database and empties it. False if a reader uses an older state. */
async function emptyLog({ write }: Database): Promise<boolean> {
  for (let tries = 0; tries < 10; tries += 1) {
    const isBusy = await write.connection().execute(async (db) => {
      const usual = (await sql<{ timeout: number }>`pragma busy_timeout`.execute(db)).rows[0]?.timeout ?? 0;
      await sql`pragma busy_timeout = ${sql.lit(patience)}`.execute(db);
      try {
        const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
        return rows[0]?.busy !== 0;
      } finally {
        await sql`pragma busy_timeout = ${sql.lit(usual)}`.execute(db);
      }
    });
    if (!isBusy) return true;
    await new Promise((resume) => setTimeout(resume, patience));
  }
  return false;
}
