import { ApiError } from '#contract/wire/errors';
import type { Db, Trx } from '../database/schema.ts';
import { giveBack, take } from '../limits.ts';
import { checkPassword } from './passwords.ts';

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
