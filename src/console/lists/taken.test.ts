import { describe, expect, it } from 'vitest';
import { ApiError } from '#contract/wire/errors';
import { takenOf } from './taken.ts';

describe('what can stay empty for a restore', () => {
  const value = { path: ['targetIdentifier', 'badge'], name: 'valueTaken' as const };
  const code = { path: ['targetIdentifier', 'username'], name: 'codeTaken' as const };

  it('is a person’s names and unique values', () => {
    expect(takenOf(true, new ApiError('codeTaken', [code, value]))).toEqual(['username', 'badge']);
    expect(takenOf(false, new ApiError('valueTaken', [value]))).toEqual(['badge']);
  });

  it('is nothing where a code is taken, or something else is wrong', () => {
    expect(takenOf(false, new ApiError('codeTaken', [value, { ...code, path: ['targetIdentifier', 'group'] }]))).toBe(
      undefined,
    );
    expect(takenOf(true, new ApiError('userNotFound', [{ path: ['targetIdentifier'], name: 'notFound' }]))).toBe(
      undefined,
    );
    expect(takenOf(true, new ApiError('unavailable'))).toBe(undefined);
  });
});
