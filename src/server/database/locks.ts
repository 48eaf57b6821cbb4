import { sql } from 'kysely';
import { type TargetType, targetTypes } from '#contract/target';
import { isPostgres } from './open.ts';
import type { Trx } from './schema.ts';

// Makes writers wait for each other on PostgreSQL until the transaction ends; SQLite has one writer at a time. The order is
// staff, pool, namespaces, fields, targets; fields by type, and rows by id: so the root of a tree before what stands in it.
// What was found before the lock has to be found again under it.
//
// Staff, pool and fields are advisory locks. PostgreSQL gives a shared lock of a row to a newcomer while somebody waits for
// the whole row: many who write values would keep out whoever changes a definition. An advisory lock has a queue.

const names = ['staff', 'pool', ...targetTypes] as const;

async function lock(trx: Trx, name: (typeof names)[number], strength: 'share' | 'update'): Promise<void> {
  const take = sql.raw(strength === 'share' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  await sql`select ${take}(hashtext(current_schema()), ${sql.lit(names.indexOf(name))})`.execute(trx);
}

/** Locks accounts, their roles, invitations and keys: one changes them at a time, and no long plan delays who ends a key. */
export async function lockStaff(trx: Trx): Promise<void> {
  if (isPostgres(trx)) await lock(trx, 'staff', 'update');
}

/** Locks definitions, namespaces, and what roles of staff may do with fields. */
export async function lockPool(trx: Trx): Promise<void> {
  if (isPostgres(trx)) await lock(trx, 'pool', 'update');
}

/** Holds the fields of these types still, those in the trash too: `share` for who writes values, `update` for who changes definitions. */
export async function lockFields(trx: Trx, types: Iterable<TargetType>, strength: 'share' | 'update'): Promise<void> {
  if (!isPostgres(trx)) return;
  const wanted = new Set(types);
  for (const type of targetTypes) if (wanted.has(type)) await lock(trx, type, strength);
}

/** The same for the types that these fields are of. */
export async function lockFieldsById(trx: Trx, ids: number[], strength: 'share' | 'update'): Promise<void> {
  if (!ids.length || !isPostgres(trx)) return;
  const rows = await trx.selectFrom('fields').select('targetType').distinct().where('id', 'in', ids).execute();
  await lockFields(
    trx,
    rows.map(({ targetType }) => targetType as TargetType),
    strength,
  );
}

/** Locks rows. */
export async function lockRows(
  trx: Trx,
  table: 'targets' | 'namespaces',
  ids: number[],
  strength: 'share' | 'update' = 'update',
): Promise<void> {
  if (!ids.length || !isPostgres(trx)) return;
  const ordered = [...ids].sort((a, b) => a - b);
  const query = trx.selectFrom(table).select('id').where('id', 'in', ordered).orderBy('id');
  await (strength === 'share' ? query.forShare() : query.forUpdate()).execute();
}

/**
 * Locks targets of one type for whoever writes them or their values, begins or ends their life. The fields are held still:
 * whoever changes a definition, and values with it, meets no half-done target.
 */
export async function lockTargets(trx: Trx, type: TargetType, ids: number[]): Promise<void> {
  await lockFields(trx, [type], 'share');
  await lockRows(trx, 'targets', ids);
}
