import { ApiError } from '#contract/wire/errors';
import type { Context } from '../context.ts';
import type { Db, Trx } from '../database/schema.ts';
import { giveBack, take } from '../limits.ts';
import { checkPassword } from './passwords.ts';
import { holdSession } from './store.ts';

/** Whoever finds an open session must not find the password by trying. */
const guesses = { name: 'proof', points: 5, seconds: 15 * 60 };

/** Checks the password of a signed-in person again. It allows five wrong passwords in fifteen minutes. */
export async function proveSelf(
  write: Db,
  account: { id: string; password: string },
  password: string,
  path: string,
): Promise<void> {
  await take(write, guesses, account.id);
  if (await checkPassword(password, account.password)) return giveBack(write, guesses, account.id);
  throw new ApiError('wrongOwnPassword', [{ path: [path], name: 'malformed' }]);
}

/** Locks an account whose password was checked. Refuses if the password has changed or the account is disabled. */
export async function requireStill(
  trx: Trx,
  { id, password }: { id: string; password: string },
  refusal: 'wrongPassword' | 'wrongOwnPassword' = 'wrongOwnPassword',
): Promise<void> {
  const found = await trx
    .updateTable('staff')
    .set({ password })
    .where('id', '=', id)
    .where('password', '=', password)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
  if (!Number(found.numUpdatedRows)) throw new ApiError(refusal);
}

/** The same for what somebody does about their own account, whose session may have been ended meanwhile; its id. */
export async function requireStillHere(
  trx: Trx,
  { sessionToken = '' }: Context,
  account: { id: string; password: string },
): Promise<string> {
  await requireStill(trx, account);
  const here = await holdSession(trx, { token: sessionToken, staffId: account.id });
  if (here === undefined) throw new ApiError('unauthenticated');
  return here;
}
