import { describe, expect, it } from 'vitest';
import { blankField, type Field } from '#contract/field';
import { draftOf, restoredOf, withRestored } from './draft.ts';
import type { TargetData } from './targets.ts';

const field = (key: string, more: Partial<Field> = {}) =>
  ({ ...blankField('STRING', 'USER', key), version: 1, ...more }) as Field;
const team = field('team');
const badge = field('badge', { desensitization: true });
const nickname = field('nickname');
const data: TargetData = {
  entity: {},
  builtin: [nickname],
  custom: [team, badge],
  customData: {},
  memberships: [],
  etag: '',
};
const before = { builtin: { nickname: 'Al' }, custom: { team: 'Red', badge: null } };

describe('a draft', () => {
  it('has the input and the stored value of changed fields, and nothing else', () => {
    const changed = [{ part: 'custom' as const, field: team }];
    const typed = { builtin: { nickname: 'Al' }, custom: { team: 'Blue', badge: null } };
    expect(draftOf(changed, before, typed)).toEqual({
      builtin: {},
      custom: { team: { base: 'Red', mine: 'Blue' } },
    });
  });

  it('records that a value was emptied', () => {
    const changed = [{ part: 'builtin' as const, field: nickname }];
    expect(draftOf(changed, before, { builtin: {}, custom: {} })?.builtin).toEqual({
      nickname: { base: 'Al', mine: null },
    });
  });

  it('has no input for a protected field', () => {
    const changed = [{ part: 'custom' as const, field: badge }];
    expect(draftOf(changed, before, { builtin: {}, custom: { badge: '123' } })?.custom).toEqual({});
  });

  it('is null if nothing changed', () => {
    expect(draftOf([], before, before)).toBeNull();
  });
});

describe('a restored draft', () => {
  it('has the current stored value beside the input', () => {
    const draft = { builtin: {}, custom: { team: { base: 'Green', mine: 'Blue' } } };
    const restored = restoredOf(draft, data, before);
    expect(restored).toEqual([
      { path: 'custom.team', part: 'custom', key: 'team', base: 'Green', theirs: 'Red', mine: 'Blue' },
    ]);
    expect(withRestored(before, restored)).toEqual({
      builtin: { nickname: 'Al' },
      custom: { team: 'Blue', badge: null },
    });
    expect(before.custom.team).toBe('Red');
  });

  it('leaves out what was saved meanwhile, and deleted fields', () => {
    const draft = {
      builtin: { nickname: { base: 'Bo', mine: 'Al' } },
      custom: { gone: { base: null, mine: 'x' } },
    };
    expect(restoredOf(draft, data, before)).toEqual([]);
  });
});
