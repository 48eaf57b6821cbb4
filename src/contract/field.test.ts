import { describe, expect, it } from 'vitest';
import { isReservedKey } from './builtin.ts';
import { blankField, type FieldDefinition, fieldDefinition, fieldPatch, groupsOf, labelOf } from './field.ts';
import { noTranslations } from './translation.ts';
import { issuesOf, nameIssue } from './wire/issue.ts';

const valid = { ...blankField('STRING', 'USER', 'school'), label: 'School' };
const names = (value: unknown) => {
  const parsed = fieldDefinition.safeParse(value, { error: nameIssue });
  return parsed.success ? [] : issuesOf(parsed.error).map(({ path, name }) => `${path.join('.')} ${name}`);
};
const german = { ...noTranslations(), 'en-US': { enabled: true, value: '  ' } };

describe('fieldDefinition', () => {
  it.each<[string, unknown, string[]]>([
    ['accepts a plain field', valid, []],
    ['refuses an empty label', { ...valid, label: '' }, ['label tooShort']],
    ['refuses a key with a dot', { ...valid, key: 'a.b' }, ['key keyFormat']],
    ['refuses a key that starts with a digit', { ...valid, key: '1st' }, ['key keyFormat']],
    [
      'refuses a language that is on but empty',
      { ...valid, i18n: { label: german, description: noTranslations(), group: noTranslations() } },
      ['i18n.label.en-US.value enabledWithoutText'],
    ],
    [
      'refuses a unique choice',
      { ...blankField('ENUM', 'USER', 'k'), label: 'K', isUnique: true },
      ['isUnique notOneOf'],
    ],
    [
      'names each bad option at its row',
      {
        ...blankField('ENUM', 'USER', 'k'),
        label: 'K',
        options: [
          { value: 'a', label: 'A' },
          { value: 'a', label: 'Again' },
          { value: '', label: '' },
        ],
      },
      [
        'options.2.value optionValueRequired',
        'options.2.label optionLabelRequired',
        'options.1.value optionValueTaken',
      ],
    ],
  ])('%s', (_name, value, expected) => {
    expect(names(value).sort()).toEqual([...expected].sort());
  });

  it('removes properties of other variants', () => {
    const parsed = fieldDefinition.parse({ ...valid, options: [], precision: 'day' });
    expect(parsed).not.toHaveProperty('options');
    expect(parsed).not.toHaveProperty('precision');
  });

  it('has no options on a text field, by type', () => {
    const field: FieldDefinition = valid as FieldDefinition;
    // @ts-expect-error only a single select has options
    expect(field.options).toBeUndefined();
  });
});

describe('fieldPatch', () => {
  it('reads options and rules that arrive as JSON text', () => {
    const patch = fieldPatch.parse({
      targetType: 'USER',
      key: 'school',
      dataType: 'SELECT',
      options: '[{"value":"pku","label":"Peking"}]',
      validateRules: '{"type":"regExp","content":"^a$","errorMessage":"no"}',
    });
    expect(patch.dataType).toBe('ENUM');
    expect(patch.options).toEqual([{ value: 'pku', label: 'Peking' }]);
    expect(patch.validateRules).toEqual([{ type: 'regExp', content: '^a$', error: 'no' }]);
  });

  it('fills nothing in: absent means unchanged', () => {
    expect(fieldPatch.parse({ targetType: 'USER', key: 'school' })).toEqual({ targetType: 'USER', key: 'school' });
  });
});

describe('isReservedKey', () => {
  it.each(['username', 'customData', 'USERNAME', '__proto__', 'constructor'])('keeps %s', (key) => {
    expect(isReservedKey('USER', key)).toBe(true);
  });
  it('lets other target types use a name that only users have', () => {
    expect(isReservedKey('ROLE', 'username')).toBe(false);
  });
});

describe('labelOf', () => {
  const texts = {
    ...noTranslations(),
    'ja-JP': { enabled: true, value: '学校' },
    'zh-TW': { enabled: false, value: '學校' },
  };
  it.each([
    ['ja-JP', '学校'],
    ['zh-TW', 'School'],
    ['en-US', 'School'],
  ] as const)('in %s is %s', (language, text) => {
    expect(labelOf({ label: 'School', i18n: { label: texts } }, language)).toBe(text);
  });
});

describe('groupsOf', () => {
  const made = (key: string, group: string, english = '') => ({
    ...blankField('STRING', 'USER', key),
    group,
    i18n: {
      ...blankField('STRING', 'USER').i18n,
      group: { ...noTranslations(), 'en-US': { enabled: true, value: english } },
    },
  });
  it('puts fields without a section first, sections in the order of their first fields, and takes the first text', () => {
    const groups = groupsOf([made('a', 'B'), made('b', 'A', 'The A'), made('c', ''), made('d', 'B', 'The B')]);
    expect(groups.map(({ name, fields }) => [name, fields.map(({ key }) => key)])).toEqual([
      ['', ['c']],
      ['B', ['a', 'd']],
      ['A', ['b']],
    ]);
    expect(groups.map(({ texts }) => texts['en-US'].value)).toEqual(['', 'The B', 'The A']);
  });
});
