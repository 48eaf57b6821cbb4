import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankField, type FieldDefinition } from './field.ts';
import { fileOf, planOfFile } from './file.ts';
import { mergeDefinitions } from './merge.ts';

type Choice = Extract<FieldDefinition, { dataType: 'ENUM' }>;
const choice = (more: Partial<Choice> = {}): Choice => ({
  ...(blankField('ENUM', 'USER', 'k') as Choice),
  label: 'K',
  ...more,
});
const options = (...values: string[]) => values.map((value) => ({ value, label: value.toUpperCase() }));
const valuesOf = (field: FieldDefinition) => ('options' in field ? field.options.map(({ value }) => value) : []);

describe('mergeDefinitions', () => {
  it('takes from each side what only that side changed', () => {
    const base = choice({ options: options('a', 'b') });
    const mine = { ...base, label: 'Mine', options: options('a', 'b', 'c') };
    const theirs = { ...base, description: 'Theirs', options: options('z', 'a', 'b') };
    const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
    expect(merged).toMatchObject({ label: 'Mine', description: 'Theirs' });
    expect(valuesOf(merged)).toEqual(['z', 'a', 'b', 'c']);
    expect(conflicts).toEqual([]);
  });

  it('names what both sides changed, and keeps theirs', () => {
    const base = choice({ options: options('a') });
    const mine = { ...base, label: 'Mine', options: [{ value: 'a', label: 'My A' }] };
    const theirs = { ...base, label: 'Theirs', options: [{ value: 'a', label: 'Their A' }] };
    const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
    expect(conflicts).toEqual([{ property: 'label' }, { property: 'options', part: 'a' }]);
    expect(merged).toEqual(theirs);
  });

  it('names the text and language that both sides changed', () => {
    const text = (value: string) => ({ enabled: true, value });
    const withTexts = (label: string, description: string, group: string) => {
      const { i18n } = choice();
      const put = (part: 'label' | 'description' | 'group', value: string) => ({
        ...i18n[part],
        'ja-JP': text(value),
      });
      return choice({
        i18n: { label: put('label', label), description: put('description', description), group: put('group', group) },
      });
    };
    const { merged, conflicts } = mergeDefinitions(
      withTexts('a', 'b', 'c'),
      withTexts('a', 'mine', 'my group'),
      withTexts('their label', 'theirs', 'their group'),
    );
    expect(conflicts).toEqual([
      { property: 'i18n', part: 'ja-JP', text: 'description' },
      { property: 'i18n', part: 'ja-JP', text: 'group' },
    ]);
    expect(merged).toEqual(withTexts('their label', 'theirs', 'their group'));
  });

  it('gives mine if theirs didn’t change, and theirs if mine didn’t', () => {
    const field = fc
      .record({ label: fc.string(), values: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')) })
      .map(({ label, values }) => choice({ label, options: options(...values) }));
    fc.assert(
      fc.property(field, field, (base, other) => {
        expect(mergeDefinitions(base, other, base)).toEqual({ merged: other, conflicts: [] });
        expect(mergeDefinitions(base, base, other)).toEqual({ merged: other, conflicts: [] });
      }),
    );
  });
});

describe('a file of fields', () => {
  it('is the same for the same fields, and plans nothing if nothing differs', () => {
    const fields = [choice({ options: options('a', 'b') }), { ...blankField('STRING', 'USER', 's'), label: 'S' }];
    const file = fileOf('USER', fields);
    expect(JSON.stringify(fileOf('USER', structuredClone(fields)))).toBe(JSON.stringify(file));
    expect(JSON.stringify(file)).not.toMatch(/createdAt|version/);
    const { unnamed, request } = planOfFile({ ...file, fields: file.fields.slice(1) }, fields, false);
    expect([unnamed, request.deletions]).toEqual([['k'], []]);
    expect(planOfFile({ ...file, fields: file.fields.slice(1) }, fields, true).request.deletions).toEqual([
      { targetType: 'USER', key: 'k' },
    ]);
  });
});
