import { createHash, randomBytes } from 'node:crypto';
import { ApiError } from '#contract/wire/errors';
import { isPostgres } from '../database/open.ts';
import type { AccessKeyRow, Db, Trx } from '../database/schema.ts';
import { endKept } from './ended.ts';

const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url');

export async function findStaffByEmail(db: Db, email: string) {
  return db
    .selectFrom('staff')
    .selectAll()
    .select(endKept)
    .where('email', '=', email)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
}

/** The account of the caller. An access key has none. */
export async function findAccount(db: Db, id: string) {
  const account = await db.selectFrom('staff').selectAll().select(endKept).where('id', '=', id).executeTakeFirst();
  if (!account) throw new ApiError('forbidden');
  return account;
}

/** Adds an account. False if the address has one. */
export async function insertStaff(
  db: Db,
  account: {
    id: string;
    email: string;
    name: string;
    role: string;
    password: string;
    createdAt: string;
    issuer?: string;
    subject?: string;
  },
): Promise<boolean> {
  const inserted = await db
    .insertInto('staff')
    .values({ issuer: null, subject: null, ...account, disabledAt: null, totpSecret: null, totpStep: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function findSession(db: Db, token: string, now: string) {
  return db
    .selectFrom('sessions')
    .innerJoin('staff', 'staff.id', 'sessions.staffId')
    .select(['staff.id', 'staff.email', 'staff.name', 'staff.role', 'staff.password', 'staff.totpSecret'])
    .select(['sessions.id as sessionId', 'sessions.seenAt'])
    .where('sessions.digest', '=', digestOf(token))
    .where('sessions.expiresAt', '>', now)
    .where('staff.disabledAt', 'is', null)
    .executeTakeFirst();
}

/** The id of somebody's session, which nobody ends before the transaction does; undefined where it ended. */
export async function holdSession(trx: Trx, { token, staffId }: { token: string; staffId: string }) {
  const found = await trx
    .selectFrom('sessions')
    .select('id')
    .where('digest', '=', digestOf(token))
    .where('staffId', '=', staffId)
    .where('expiresAt', '>', new Date().toISOString())
    .$if(isPostgres(trx), (query) => query.forUpdate())
    .executeTakeFirst();
  return found?.id;
}

/** Stores a session by the digest of its token, and clears away those that ended. */
export async function insertSession(
  trx: Trx,
  session: { token: string; staffId: string; createdAt: string; expiresAt: string; agent: string },
) {
  const { token, ...row } = session;
  await trx.deleteFrom('sessions').where('expiresAt', '<=', row.createdAt).execute();
  await trx
    .insertInto('sessions')
    .values({ digest: digestOf(token), id: randomBytes(12).toString('hex'), seenAt: row.createdAt, ...row })
    .execute();
}

export async function deleteSession(db: Db, token: string) {
  await db.deleteFrom('sessions').where('digest', '=', digestOf(token)).execute();
}

/** Records that a session is used, at most once a minute. Nobody waits for the write. */
export function noteSeen(write: Db, { sessionId, seenAt }: { sessionId: string; seenAt: string }): void {
  const now = new Date();
  if (seenAt && now.getTime() - Date.parse(seenAt) < 60_000) return;
  void write
    .updateTable('sessions')
    .set({ seenAt: now.toISOString() })
    .where('id', '=', sessionId)
    .execute()
    .catch(() => undefined);
}

/** An access key that is neither revoked nor expired. */
export async function findAccessKey(db: Db, id: string): Promise<AccessKeyRow | undefined> {
  return db
    .selectFrom('accessKeys')
    .selectAll()
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .where((either) => either.or([either('expiresAt', 'is', null), either('expiresAt', '>', new Date().toISOString())]))
    .executeTakeFirst();
}

/** The encrypted current secrets of a key: its own first and, for a while, the former one. */
export const sealedSecretsOf = ({ secret, formerSecret, formerUntil }: AccessKeyRow): string[] =>
  formerSecret && formerUntil && formerUntil > new Date().toISOString() ? [secret, formerSecret] : [secret];

/** What a key has that nobody used or rotated. */
const unused = {
  lastUsedAt: null,
  revokedAt: null,
  rotatedAt: null,
  formerSecret: null,
  formerUntil: null,
  formerMakerId: null,
  formerMakerRole: null,
};

export async function insertAccessKey(db: Db, key: Omit<AccessKeyRow, keyof typeof unused>): Promise<void> {
  await db
    .insertInto('accessKeys')
    .values({ ...key, ...unused })
    .execute();
}

export async function poolId(db: Db): Promise<string> {
  return (await db.selectFrom('pool').select('poolId').executeTakeFirstOrThrow()).poolId;
}

interface Nonce {
  keyId: string;
  nonce: string;
  expiresAt: number;
}

/** Stores a nonce before the write that it signs, because the write may be refused. False if it was there. */
export async function insertNonce(db: Db, nonce: Nonce): Promise<boolean> {
  const inserted = await db
    .insertInto('nonces')
    .values(nonce)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Marks a nonce in the transaction of its write. After the commit, `giveNonceBack` doesn't delete it any more. */
export async function useNonce(trx: Trx, { keyId, nonce, expiresAt }: Nonce): Promise<void> {
  await trx
    .updateTable('nonces')
    .set({ expiresAt: expiresAt + 1 })
    .where('keyId', '=', keyId)
    .where('nonce', '=', nonce)
    .execute();
}

/** Deletes the nonce of a write that wasn't done. If a lost connection leaves that unknown, the mark decides. */
export async function giveNonceBack(db: Db, { keyId, nonce, expiresAt }: Nonce): Promise<void> {
  await db
    .deleteFrom('nonces')
    .where('keyId', '=', keyId)
    .where('nonce', '=', nonce)
    .where('expiresAt', '=', expiresAt)
    .execute();
}

/** Deletes nonces whose requests are too old now. */
export async function clearNonces(db: Db, now: number): Promise<void> {
  await db.deleteFrom('nonces').where('expiresAt', '<', now).execute();
}
