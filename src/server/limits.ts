import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '#contract/errors';

/** Refuses whoever has no attempt left, without taking one. */
export async function requireLeft(limiter: RateLimiterMemory, key: string): Promise<void> {
  const state = await limiter.get(key);
  if (state && state.remainingPoints <= 0 && state.msBeforeNext > 0) refuse(state);
}

/** Takes an attempt; refuses where none is left, and says when there is one again. */
export async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.consume(key).catch((refused: unknown) => {
    if (refused instanceof RateLimiterRes) refuse(refused);
    throw refused;
  });
}

function refuse({ msBeforeNext }: RateLimiterRes): never {
  throw new ApiError('tooManyRequests', [], { retryAfter: Math.ceil(msBeforeNext / 1_000) });
}
