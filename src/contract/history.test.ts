import { describe, expect, it } from 'vitest';
import { codedReason, readReason } from './history.ts';

describe('the reason of a restore', () => {
  it('is a code that gives the moment back', () => {
    for (const done of ['restored', 'undone'] as const)
      expect(readReason(codedReason(done, '2026-11-28T15:00:00.000Z'))).toEqual({
        done,
        at: '2026-11-28T15:00:00.000Z',
      });
  });

  it('is empty where the moment is unknown', () => {
    expect(codedReason('restored', undefined)).toBe('');
  });

  it.each(['A call', 'restored:', 'restored: the old phone', ''])('isn’t the typed reason “%s”', (reason) => {
    expect(readReason(reason)).toBeUndefined();
  });
});
