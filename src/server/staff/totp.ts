import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import type { Context } from '../context.ts';
import { transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { recordActivity } from '../record/activity.ts';
import type { Secrets } from '../secrets.ts';
import { proveSelf, requireStillHere } from './prove.ts';
import { findAccount } from './store.ts';

const period = 30;
export const totpPurpose = 'totp';
const digestOf = (code: string) => createHash('sha256').update(plain(code)).digest('base64url');
const plain = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '');

const totpOf = (secret: string, email: string) =>
  new TOTP({ issuer: 'Fieldbook', label: email, period, secret: Secret.fromBase32(secret) });

/** A secret for an authenticator app. The encrypted token holds it; nothing is stored until a code confirms it. */
export async function startTotp({ db, actor, secrets }: Context) {
  const account = await findAccount(db, actor.id);
  const secret = new Secret({ size: 20 }).base32;
  const token = secrets.seal(totpPurpose, JSON.stringify([account.id, secret]));
  return { secret, uri: totpOf(secret, account.email).toString(), token };
}

/** Asks for codes from now on, also of an app in place of another. Whoever found an open session can't lock its owner out. */
export async function confirmTotp(context: Context, { token, code, password }: Input<'confirmTotp'>) {
  const { database, actor, secrets } = context;
  const account = await findAccount(database.read, actor.id);
  await proveSelf(database.brief, account, password, 'password');
  const [id, secret] = readToken(secrets, token);
  const step = id === account.id ? stepOf(secret, code) : undefined;
  if (step === undefined) throw new ApiError('wrongCode', [{ path: ['code'], name: 'malformed' }]);
  const recoveryCodes = Array.from({ length: 10 }, newCode);
  await transact(database, async (trx) => {
    await requireStillHere(trx, context, account);
    const switched = await trx
      .updateTable('staff')
      .set({ totpSecret: secrets.seal(totpPurpose, secret), totpStep: step })
      .where('id', '=', account.id)
      .where('totpSecret', account.totpSecret === null ? 'is' : '=', account.totpSecret)
      .executeTakeFirst();
    // A person who clicked twice must not see recovery codes that don't work.
    if (!Number(switched.numUpdatedRows)) throw new ApiError('wrongCode', [{ path: ['code'], name: 'malformed' }]);
    await trx.deleteFrom('recoveryCodes').where('staffId', '=', account.id).execute();
    await trx
      .insertInto('recoveryCodes')
      .values(recoveryCodes.map((one) => ({ staffId: account.id, digest: digestOf(one) })))
      .execute();
    await recordActivity(trx, actor, [{ event: 'totpOn' }]);
  });
  return { recoveryCodes };
}

export async function stopTotp(context: Context, password: string): Promise<void> {
  const { database, actor } = context;
  const account = await findAccount(database.read, actor.id);
  await proveSelf(database.brief, account, password, 'password');
  await transact(database, async (trx) => {
    await requireStillHere(trx, context, account);
    await forgetTotp(trx, account.id);
    await recordActivity(trx, actor, [{ event: 'totpOff' }]);
  });
}

export async function forgetTotp(trx: Trx, staffId: string): Promise<void> {
  await trx.updateTable('staff').set({ totpSecret: null, totpStep: 0 }).where('id', '=', staffId).execute();
  await trx.deleteFrom('recoveryCodes').where('staffId', '=', staffId).execute();
}

/** Uses a code of the app or a recovery code. Each works once. */
export async function takeCode(
  trx: Trx,
  secrets: Secrets,
  account: { id: string; totpSecret: string | null; totpStep: number },
  code: string,
): Promise<boolean> {
  if (!account.totpSecret) return true;
  const step = stepOf(secrets.open(totpPurpose, account.totpSecret), code);
  if (step !== undefined) {
    const taken = await trx
      .updateTable('staff')
      .set({ totpStep: step })
      .where('id', '=', account.id)
      .where('totpStep', '<', step)
      .executeTakeFirst();
    return Number(taken.numUpdatedRows) > 0;
  }
  const used = await trx
    .deleteFrom('recoveryCodes')
    .where('staffId', '=', account.id)
    .where('digest', '=', digestOf(code))
    .executeTakeFirst();
  return Number(used.numDeletedRows) > 0;
}

/** The time step of a code, with one step of tolerance on both sides. Undefined if it is wrong. */
function stepOf(secret: string, code: string): number | undefined {
  const timestamp = Date.now();
  const delta = totpOf(secret, '').validate({ token: code.replace(/\s/g, ''), window: 1, timestamp });
  return delta === null ? undefined : Math.floor(timestamp / 1_000 / period) + delta;
}

function readToken(secrets: Secrets, token: string): [string, string] {
  try {
    return JSON.parse(secrets.open(totpPurpose, token));
  } catch {
    throw new ApiError('validation', [{ path: ['token'], name: 'malformed' }]);
  }
}

/** Two groups of four letters and digits, without characters that look alike. */
function newCode(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789';
  const all = [...randomBytes(8)].map((byte) => signs[byte % signs.length]).join('');
  return `${all.slice(0, 4)}-${all.slice(4)}`;
}
