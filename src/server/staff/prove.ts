import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '#contract/errors';
import { checkPassword } from './passwords.ts';

/** Whoever found an open session must not find the password by trying. */
const guesses = new RateLimiterMemory({ points: 5, duration: 15 * 60 });

/** Asks somebody who is signed in for their password once more; five wrong ones in fifteen minutes are all. */
export async function proveSelf(
  account: { id: string; password: string },
  password: string,
  path: string,
): Promise<void> {
  const state = await guesses.get(account.id);
  if (state && state.remainingPoints <= 0) refuse(state);
  if (await checkPassword(password, account.password)) return;
  await guesses.consume(account.id).catch((refused: unknown) => {
    if (refused instanceof RateLimiterRes) refuse(refused);
    throw refused;
  });
  throw new ApiError('wrongPassword', [{ path: [path], name: 'malformed' }]);
}

function refuse({ msBeforeNext }: RateLimiterRes): never {
  throw new ApiError('tooManyRequests', [], { retryAfter: Math.ceil(msBeforeNext / 1_000) });
}
