import { describe, expect, it } from 'vitest';
import { ApiError } from '#contract/wire/errors';
import { takenOf } from './taken.ts';

describe('what can stay empty for a restore', () => {
  const value = { path: ['targetIdentifier', 'badge'], name: 'valueTaken' as const };
  const code = { path: ['targetIdentifier', 'username'], name: 'codeTaken' as const };

  it('is a user’s names and unique values', () => {
    expect(takenOf('USER', new ApiError('codeTaken', [code, value]))).toEqual(['username', 'badge']);
    expect(takenOf('GROUP', new ApiError('valueTaken', [value]))).toEqual(['badge']);
  });

  it('is nothing if a code is taken, or something else is wrong', () => {
    expect(takenOf('GROUP', new ApiError('codeTaken', [value, { ...code, path: ['targetIdentifier', 'group'] }]))).toBe(
      undefined,
    );
    expect(takenOf('USER', new ApiError('userNotFound', [{ path: ['targetIdentifier'], name: 'notFound' }]))).toBe(
      undefined,
    );
    expect(takenOf('USER', new ApiError('unavailable'))).toBe(undefined);
  });
});
