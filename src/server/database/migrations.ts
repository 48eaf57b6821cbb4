import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { ConfigError } from '../config.ts';
import { up as foundation } from './migrations/001-foundation.ts';
import { up as plans } from './migrations/002-plans.ts';
import { up as reasons } from './migrations/003-reasons.ts';
import { up as drafts } from './migrations/004-drafts.ts';
import { up as lists } from './migrations/005-lists.ts';
import { up as keys } from './migrations/006-keys.ts';
import { up as roles } from './migrations/007-roles.ts';
import { up as activity } from './migrations/008-activity.ts';
import { up as vault } from './migrations/009-vault.ts';
import { up as accounts } from './migrations/010-accounts.ts';
import { up as keysOfRoles } from './migrations/011-keys-of-roles.ts';
import { up as attempts } from './migrations/012-attempts.ts';
import { up as secretMark } from './migrations/015-secret-mark.ts';
import { up as sealedLengths } from './migrations/017-sealed-lengths.ts';
import { up as fieldVersions } from './migrations/018-field-versions.ts';
import { up as purgedFields } from './migrations/021-purged-fields.ts';
import { up as givers } from './migrations/022-givers.ts';
import { up as owedPages } from './migrations/023-owed-pages.ts';
import { up as manyEntries } from './migrations/024-many-entries.ts';
import { up as owedMerge } from './migrations/025-owed-merge.ts';
import { up as linearGrams } from './migrations/026-linear-grams.ts';
import { up as formerMakers } from './migrations/027-former-makers.ts';
import { up as nameOrder } from './migrations/028-name-order.ts';
import { up as draftsOf } from './migrations/029-drafts-of.ts';
import type { Db } from './schema.ts';

/** Every schema change by name, in order. Released names and files never change. */
export const migrations: Record<string, (db: Kysely<never>) => Promise<void>> = {
  '001-foundation': foundation,
  '002-plans': plans,
  '003-reasons': reasons,
  '004-drafts': drafts,
  '005-lists': lists,
  '006-keys': keys,
  '007-roles': roles,
  '008-activity': activity,
  '009-vault': vault,
  '010-accounts': accounts,
  '011-keys-of-roles': keysOfRoles,
  '012-attempts': attempts,
  '015-secret-mark': secretMark,
  '017-sealed-lengths': sealedLengths,
  '018-field-versions': fieldVersions,
  '021-purged-fields': purgedFields,
  '022-givers': givers,
  '023-owed-pages': owedPages,
  '024-many-entries': manyEntries,
  '025-owed-merge': owedMerge,
  '026-linear-grams': linearGrams,
  '027-former-makers': formerMakers,
  '028-name-order': nameOrder,
  '029-drafts-of': draftsOf,
};
const names = Object.keys(migrations).sort();
const provider = {
  getMigrations: async (): Promise<Record<string, Migration>> =>
    Object.fromEntries(Object.entries(migrations).map(([name, up]) => [name, { up }])),
};

/**
 * Runs all missing migrations in one transaction, or none; other processes that start wait for it. `schema` is the one
 * that the connection works in, on PostgreSQL.
 */
export async function migrate(db: Db, schema?: string): Promise<void> {
  const missing = await findMissingOfAny(db);
  if (!missing.length) return;
  await adoptTable(db);
  const migrator = new Migrator({
    db,
    provider,
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Earlier versions had the table of Kysely's Migrator with another name for the time. */
async function adoptTable(db: Db): Promise<void> {
  const isEarlier = () =>
    sql`select at from migrations limit 1`.execute(db).then(
      () => true,
      () => false,
    );
  if (!(await isEarlier())) return;
  try {
    await sql`alter table migrations rename column at to timestamp`.execute(db);
  } catch (error) {
    // Another process that starts may have renamed it.
    if (await isEarlier()) throw error;
  }
}

/** Whether an error says that the database has no table of migrations: it is empty, or not Fieldbook's. */
export function isWithoutTables(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === '42P01' || message === 'no such table: migrations';
}

/** Like `findMissing`, for a database that may be empty. */
export const findMissingOfAny = (db: Db): Promise<string[]> =>
  findMissing(db).catch((error: unknown) => {
    if (isWithoutTables(error)) return names;
    throw error;
  });

/** The migrations that a database doesn't have yet. */
export async function findMissing(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db);
  const done = new Set(rows.map(({ name }) => name));
  const unknown = unknownOf(done);
  if (unknown) throw new ConfigError(`The database was written by a newer Fieldbook (${unknown}). Start that version.`);
  return names.filter((name) => !done.has(name));
}

/** A migration that this version doesn't know: a newer version ran it. Undefined if there is none. */
export const unknownOf = (done: ReadonlySet<string>): string | undefined =>
  [...done].find((name) => !names.includes(name));

/** Whether a database has the first migrations without gaps, because migrations run in order. */
export const isInOrder = (done: ReadonlySet<string>): boolean =>
  done.size > 0 && names.slice(0, done.size).every((name) => done.has(name));
