import { describe, expect, it } from 'vitest';
import { blankField, type FieldDefinition } from '#contract/field';
import { mergeDefinitions, takeSide } from '#contract/merge';
import { nameOf } from './conflict.ts';

/** A definition with these texts in English. */
function worded(label: string, description: string, group: string): FieldDefinition {
  const blank = blankField('STRING', 'USER', 'k');
  const { i18n } = blank;
  const put = (part: 'label' | 'description' | 'group', value: string) => ({
    ...i18n[part],
    'en-US': { enabled: true, value },
  });
  return {
    ...blank,
    label: 'K',
    i18n: { label: put('label', label), description: put('description', description), group: put('group', group) },
  };
}

describe('a choice at a conflict', () => {
  const mine = worded('label', 'my description', 'my group');
  const theirs = worded('their label', 'their description', 'their group');
  const { merged, conflicts } = mergeDefinitions(worded('label', 'description', 'group'), mine, theirs);

  it('doesn’t change the other texts of that language', () => {
    const [description] = conflicts;
    if (!description) throw new Error('There is no conflict.');
    expect(takeSide(merged, mine, description)).toEqual(worded('their label', 'my description', 'their group'));
  });

  it('has a unique name', () => {
    expect(conflicts).toHaveLength(2);
    expect(new Set(conflicts.map(nameOf)).size).toBe(2);
  });

  it('can be undone completely', () => {
    for (const conflict of conflicts) {
      expect(takeSide(takeSide(merged, mine, conflict), theirs, conflict)).toEqual(merged);
    }
  });
});
