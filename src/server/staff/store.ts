import { createHash } from 'node:crypto';
import type { Db, Trx } from '../database/schema.ts';

const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url');

export async function findStaffByEmail(db: Db, email: string) {
  return db
    .selectFrom('staff')
    .selectAll()
    .where('email', '=', email)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
}

/** Adds an account; false if the address has one. */
export async function insertStaff(
  db: Db,
  account: { id: string; email: string; name: string; role: string; password: string; createdAt: string },
): Promise<boolean> {
  const inserted = await db
    .insertInto('staff')
    .values({ ...account, disabledAt: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function findSession(db: Db, token: string, now: string) {
  return db
    .selectFrom('sessions')
    .innerJoin('staff', 'staff.id', 'sessions.staffId')
    .select(['staff.id', 'staff.email', 'staff.name', 'staff.role'])
    .where('sessions.digest', '=', digestOf(token))
    .where('sessions.expiresAt', '>', now)
    .where('staff.disabledAt', 'is', null)
    .executeTakeFirst();
}

/** Stores a session by the digest of its token, and clears away those that ended. */
export async function insertSession(
  trx: Trx,
  session: { token: string; staffId: string; createdAt: string; expiresAt: string },
) {
  const { token, ...row } = session;
  await trx.deleteFrom('sessions').where('expiresAt', '<=', row.createdAt).execute();
  await trx
    .insertInto('sessions')
    .values({ digest: digestOf(token), ...row })
    .execute();
}

export async function deleteSession(db: Db, token: string) {
  await db.deleteFrom('sessions').where('digest', '=', digestOf(token)).execute();
}

export async function findAccessKey(db: Db, id: string) {
  return db.selectFrom('accessKeys').selectAll().where('id', '=', id).where('revokedAt', 'is', null).executeTakeFirst();
}

export async function insertAccessKey(
  db: Db,
  key: { id: string; name: string; secret: string; scopes: string; createdAt: string },
): Promise<void> {
  await db
    .insertInto('accessKeys')
    .values({ ...key, revokedAt: null })
    .execute();
}

export async function poolId(db: Db): Promise<string> {
  return (await db.selectFrom('pool').select('poolId').executeTakeFirstOrThrow()).poolId;
}

/** Remembers a nonce; false if it was there. In the transaction of the write that it signs. */
export async function insertNonce(
  trx: Trx,
  keyId: string,
  nonce: string,
  expiresAt: number,
  now: number,
): Promise<boolean> {
  await trx.deleteFrom('nonces').where('expiresAt', '<', now).execute();
  const inserted = await trx
    .insertInto('nonces')
    .values({ keyId, nonce, expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0;
}
