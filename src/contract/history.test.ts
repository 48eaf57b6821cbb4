import { describe, expect, it } from 'vitest';
import { restoredReason, restoredTo } from './history.ts';

describe('the reason of a restore', () => {
  it('is a code that gives the moment back', () => {
    expect(restoredTo(restoredReason('2026-11-28T15:00:00.000Z'))).toBe('2026-11-28T15:00:00.000Z');
  });

  it('is empty where the moment is unknown', () => {
    expect(restoredReason(undefined)).toBe('');
  });

  it.each(['A call', 'restored:', 'restored: the old phone', ''])('isn’t the typed reason “%s”', (reason) => {
    expect(restoredTo(reason)).toBeUndefined();
  });
});
