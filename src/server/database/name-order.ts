import { sql } from 'kysely';
import { languages } from '#contract/wire/language';
import { collationVersion, columnOf } from './collation.ts';
import type { Db } from './schema.ts';
import { searchColumns } from './search.ts';

/** Makes the keys by which names sort, unless they are of this version. Only for SQLite. */
export async function orderNames(write: Db): Promise<void> {
  const isCurrent = async (db: Db) => {
    const { rows } = await sql<{ version: string }>`select version from name_order_version`.execute(db);
    return rows[0]?.version === collationVersion;
  };
  if (await isCurrent(write)) return;
  await write.transaction().execute(async (trx) => {
    // Another process that starts may have made them.
    if (await isCurrent(trx)) return;
    const columns = languages.map(columnOf);
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const keys = sql.join(columns.map((column) => sql`name_key(name, ${column})`));
    for (const table of Object.keys(searchColumns))
      await sql`insert or replace into name_order (id, ${names}) select id, ${keys} from ${sql.table(table)}`.execute(
        trx,
      );
    await sql`delete from name_order_version`.execute(trx);
    await sql`insert into name_order_version values (${collationVersion})`.execute(trx);
  });
}
