import { ConfigError } from '../config.ts';
import type { Server } from '../context.ts';
import { withLease } from '../database/lease.ts';
import { lockFieldsById, lockPool, lockRows } from '../database/locks.ts';
import { inSlices, transact } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import { claim, fieldScope } from '../stores/claims.ts';
import { findAnyFields } from '../stores/fields.ts';
import { claimKeysOf } from '../stores/unique.ts';
import { hashesOf, openValues } from '../stores/values.ts';

type Say = (line: string) => void;
const atOnce = 500;

/**
 * Puts every key of values under the current key of `FIELDBOOK_ENCRYPTION_KEYS`. It can be stopped and continued, and
 * blocks nobody.
 */
export async function rotateKeys({ database, vault }: Server, say: Say): Promise<void> {
  await transact(database, (trx) => vault.rewrapHashKeys(trx));
  for (let left = 1; left > 0; ) {
    left = await transact(database, (trx) => vault.rewrap(trx, atOnce));
    if (left) say(`${left} keys are left.`);
  }
}

/** How many keys aren't under the current one. It decrypts the values of each key, to find a key that fails. */
export async function verifyKeys({ database, vault }: Server): Promise<number> {
  const rows = await database.read.selectFrom('targetKeys').select('targetId').orderBy('targetId').execute();
  const values = database.read.selectFrom('fieldValues').select(['fieldId', 'targetId', 'value']);
  for (const { targetId } of rows) {
    const held = await values.where('targetId', '=', targetId).where('value', 'like', '~%').execute();
    await openValues({ db: database.read, vault }, held);
  }
  return transact(database, (trx) => vault.rewrap(trx, 0));
}

/**
 * Changes the hash key in two phases. First, every value gets a hash and every unique value a claim under the new key,
 * besides the former one. Then the former key is deleted.
 */
export async function rotateHashKey(server: Server, say: Say): Promise<void> {
  const isOurs = await withLease(server.database, 'hashes', (isHeld) => changeHashKey(server, say, isHeld));
  if (!isOurs) throw new ConfigError('Another process is changing the key of the hashes. Try again later.');
}

async function changeHashKey({ database, vault }: Server, say: Say, isHeld: () => boolean): Promise<void> {
  const requireHeld = () => {
    if (!isHeld()) throw new ConfigError('The change of the key of the hashes was interrupted. Run it again.');
  };
  await transact(database, async (trx) => {
    // Whoever encrypts a field, or makes it unique, has ended, or finds the new key.
    await lockPool(trx);
    const keys = await trx.selectFrom('hashKeys').select('id').execute();
    // Continues an interrupted change instead of starting another.
    if (keys.length === 1) await vault.addHashKey(trx);
  });
  const keys = await database.read.selectFrom('hashKeys').select('id').orderBy('id', 'desc').execute();
  const [current, ...former] = keys.map(({ id }) => id);
  if (current === undefined || !former.length) return;
  for (const id of await encryptedFields(database.read)) {
    for (let count = 1, done = 0; count; done += count) {
      requireHeld();
      count = await transact(database, async (trx) => {
        await requireCurrent(trx, current);
        return rehash(vault, trx, id, current);
      });
      if (count) say(`Field ${id}: ${done + count} values have the new hash.`);
    }
  }
  requireHeld();
  await transact(database, async (trx) => {
    // Writers that began before the new key was there are waited for; whatever they wrote is hashed anew.
    await lockPool(trx);
    await requireCurrent(trx, current);
    const ids = await encryptedFields(trx);
    await lockFieldsById(trx, ids, 'update');
    for (const id of ids) {
      while (await rehash(vault, trx, id, current));
      await reclaim(vault, trx, id, current);
    }
    for (const id of ids)
      for (const old of former)
        await trx.deleteFrom('claims').where('scope', '=', fieldScope(id)).where('key', 'like', `${old}.%`).execute();
    await trx.deleteFrom('hashKeys').where('id', 'in', former).execute();
  });
}

/** A backup that was restored meanwhile has other keys. */
async function requireCurrent(trx: Trx, current: number): Promise<void> {
  const newest = await trx.selectFrom('hashKeys').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (newest?.id !== current)
    throw new ConfigError('A backup was restored while the key of the hashes was being changed. Run it again.');
}

async function encryptedFields(db: Db): Promise<number[]> {
  const rows = await db.selectFrom('fields').select('id').where('encrypted', '=', 1).execute();
  return rows.map(({ id }) => id);
}

/**
 * Makes claims under the current key for targets that only have them under a former one. A value that isn't encrypted
 * yet, or that was encrypted under the current key, has no old hash to find it by.
 */
async function reclaim(vault: Server['vault'], db: Trx, fieldId: number, current: number): Promise<void> {
  const stored = (await findAnyFields(db, [fieldId])).get(fieldId);
  if (!stored?.field.isUnique) return;
  const scope = fieldScope(fieldId);
  const claims = db.selectFrom('claims').select('targetId').where('scope', '=', scope);
  const claimed = await claims
    .distinct()
    .where('targetId', 'not in', claims.where('key', 'like', `${current}.%`))
    .execute();
  const data = { db, vault };
  await inSlices(claimed, async (slice) => {
    const ids = slice.map(({ targetId }) => targetId);
    const rows = await db
      .selectFrom('fieldValues')
      .select(['fieldId', 'targetId', 'value'])
      .where('fieldId', '=', fieldId)
      .where('targetId', 'in', ids)
      .execute();
    for (const { targetId, value } of await openValues(data, rows))
      for (const key of await claimKeysOf(data, stored, value)) await claim(db, scope, key, targetId);
    return [];
  });
}

/** Hashes some values of a field with the current key, and claims them if the field is unique. Returns their number. */
async function rehash(vault: Server['vault'], db: Trx, fieldId: number, current: number): Promise<number> {
  // Plans, and what makes a field unique, write under the field's lock and no target's.
  await lockFieldsById(db, [fieldId], 'share');
  const stored = (await findAnyFields(db, [fieldId])).get(fieldId);
  if (!stored) return 0;
  const found = await db
    .selectFrom('fieldValues')
    .select('targetId')
    .where('fieldId', '=', fieldId)
    .where('hash', 'not like', `${current}.%`)
    .limit(atOnce)
    .execute();
  const ids = found.map(({ targetId }) => targetId);
  if (!ids.length) return 0;
  await lockRows(db, 'targets', ids);
  const rows = await db
    .selectFrom('fieldValues')
    .select(['fieldId', 'targetId', 'value'])
    .where('fieldId', '=', fieldId)
    .where('targetId', 'in', ids)
    .execute();
  const data = { db, vault };
  const opened = await openValues(data, rows);
  const living = new Set(
    (
      await db
        .selectFrom('claims')
        .select('targetId')
        .where('scope', '=', fieldScope(fieldId))
        .where('targetId', 'in', ids)
        .execute()
    ).map(({ targetId }) => targetId),
  );
  for (const { targetId, value } of opened) {
    const [hash = null] = await hashesOf(data, stored, value);
    await db
      .updateTable('fieldValues')
      .set({ hash })
      .where('fieldId', '=', fieldId)
      .where('targetId', '=', targetId)
      .execute();
    // A target in the trash claims nothing.
    if (!stored.field.isUnique || !living.has(targetId)) continue;
    for (const key of await claimKeysOf(data, stored, value)) await claim(db, fieldScope(fieldId), key, targetId);
  }
  // A value whose key was destroyed can't be hashed, and no query finds it.
  const erased = rows.filter(({ targetId }) => !opened.some((row) => row.targetId === targetId));
  for (const { targetId } of erased)
    await db
      .updateTable('fieldValues')
      .set({ hash: null })
      .where('fieldId', '=', fieldId)
      .where('targetId', '=', targetId)
      .execute();
  return rows.length;
}
