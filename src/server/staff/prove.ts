import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ApiError } from '#contract/errors';
import { requireLeft, take } from '../limits.ts';
import { checkPassword } from './passwords.ts';

/** Whoever found an open session must not find the password by trying. */
const guesses = new RateLimiterMemory({ points: 5, duration: 15 * 60 });

/** Asks somebody who is signed in for their password once more; five wrong ones in fifteen minutes are all. */
export async function proveSelf(
  account: { id: string; password: string },
  password: string,
  path: string,
): Promise<void> {
  await requireLeft(guesses, account.id);
  if (await checkPassword(password, account.password)) return;
  await take(guesses, account.id);
  throw new ApiError('wrongPassword', [{ path: [path], name: 'malformed' }]);
}
