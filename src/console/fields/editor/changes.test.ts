import { describe, expect, it } from 'vitest';
import { blankField, type FieldDefinition } from '#contract/field';
import { changes } from '#contract/plan';
import { copyKey, keyFrom, patchOf, withDataType } from './changes.ts';

const stored: FieldDefinition = { ...blankField('STRING', 'USER', 'school'), label: 'School' };

describe('patchOf', () => {
  it('sends only the identity if nothing changed', () => {
    expect(patchOf(stored, stored, false, 3)).toEqual({ targetType: 'USER', key: 'school', create: false, version: 3 });
    expect(changes(stored, stored)).toEqual([]);
  });

  it('sends only what changed', () => {
    const after = { ...stored, description: 'Where?' };
    expect(patchOf(stored, after, false, 3)).toEqual({
      targetType: 'USER',
      key: 'school',
      create: false,
      version: 3,
      description: 'Where?',
    });
  });

  it('says that texts are cleared, because an empty i18n alone means unchanged', () => {
    const before = structuredClone(stored);
    before.i18n.label['en-US'] = { enabled: true, value: 'School' };
    expect(patchOf(before, stored, false, 3)).toMatchObject({ clearI18n: true, i18n: stored.i18n });
  });

  it('names the type of a new field', () => {
    expect(patchOf(blankField('STRING', 'USER'), stored, true, 0)).toEqual({
      targetType: 'USER',
      key: 'school',
      create: true,
      dataType: 'STRING',
      label: 'School',
    });
  });
});

describe('withDataType', () => {
  it('keeps the texts and drops the old type’s properties', () => {
    const choice: FieldDefinition = {
      ...blankField('ENUM', 'USER', 'k'),
      dataType: 'ENUM',
      isUnique: false,
      label: 'K',
      options: [{ value: 'a', label: 'A' }],
      retiredOptions: [],
    };
    const text = withDataType(choice, 'STRING');
    expect(text).toMatchObject({ dataType: 'STRING', key: 'k', label: 'K', isUnique: false });
    expect(text).not.toHaveProperty('options');
  });
});

describe('keyFrom', () => {
  it.each([
    ['Hire date', 'hire_date'],
    ['  Größe (cm) ', 'gro_e_cm'],
    ['École 2', 'ecole_2'],
    ['3rd floor', 'rd_floor'],
    ['学校', 'field_2'],
    ['School', 'school_2'],
  ])('%s gives %s', (label, key) => {
    expect(keyFrom(label, ['school', 'Field'])).toBe(key);
  });
});

describe('copyKey', () => {
  it('keeps a free key, and numbers a taken one, ignoring case', () => {
    expect(copyKey('school', [])).toBe('school');
    expect(copyKey('school', ['School', 'school_2'])).toBe('school_3');
  });
});
