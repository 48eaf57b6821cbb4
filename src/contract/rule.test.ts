import { beforeAll, describe, expect, it } from 'vitest';
import { blankField, type Field, fieldDefinition, fieldPatch } from './field.ts';
import { type Rule, ruleTypes } from './rule.ts';
import { mergeTexts, stateOf } from './translation.ts';
import { fits, normalised, valueSchema } from './value.ts';
import { issuesOf, nameIssue } from './wire/issue.ts';
import { loadPatternEngine, patternOf } from './wire/pattern.ts';

beforeAll(loadPatternEngine);

const ruled = (dataType: 'STRING' | 'NUMBER' | 'DATETIME', ...rules: Partial<Rule>[]): Field =>
  ({
    ...blankField(dataType, 'USER', 'k'),
    label: 'K',
    validateRules: rules.map((rule) => ({ type: '', content: '', error: '', ...rule })),
    version: 1,
  }) as Field;
const issues = (field: Field, value: unknown) => {
  const parsed = valueSchema(field).safeParse(value, { error: nameIssue });
  return parsed.success ? [] : issuesOf(parsed.error).map(({ name, limit }) => (limit ? `${name} ${limit}` : name));
};

describe('validateRules', () => {
  it.each<[string, unknown, { type: string; content: string; error: string }[]]>([
    ['a list', [{ type: 'regExp', content: '^a', error: 'No' }], [{ type: 'regExp', content: '^a', error: 'No' }]],
    ['one object', { type: 'email', content: null }, [{ type: 'email', content: '', error: '' }]],
    ['JSON text', '[{"type":"ISNUMBER","content":""}]', [{ type: 'isNumber', content: '', error: '' }]],
    [
      'errorMessage for error',
      [{ type: 'phone', errorMessage: 'Bad' }],
      [{ type: 'phone', content: '', error: 'Bad' }],
    ],
    ['a type nobody knows', [{ type: 'luhn', content: '7' }], [{ type: 'luhn', content: '7', error: '' }]],
    ['none', [{ type: 'none' }], [{ type: 'None', content: '', error: '' }]],
  ])('reads %s', (_name, sent, expected) => {
    const parsed = fieldPatch.parse({ targetType: 'USER', key: 'k', validateRules: sent });
    expect(parsed.validateRules).toEqual(expected);
  });

  it.each<[Partial<Rule>, unknown, string[]]>([
    [{ type: 'regExp', content: '^\\d{3}$' }, '12', ['patternBroken ^\\d{3}$']],
    [{ type: 'regExp', content: '^\\d{3}$' }, '123', []],
    [{ type: 'regExp', content: '/^ab$/i' }, 'AB', []],
    [{ type: 'regExp', content: '^\\p{Han}+$' }, '學校', []],
    [{ type: 'length', content: '2..4' }, '校', ['tooShort 2']],
    [{ type: 'length', content: '..2' }, '𠮷𠮷', []],
    [{ type: 'length', content: '..2' }, 'abc', ['tooLong 2']],
    [{ type: 'email' }, 'a@b.co', []],
    [{ type: 'email' }, 'a b@c.d', ['notAnEmail']],
    [{ type: 'phone' }, '+86 138-0013-8000', []],
    [{ type: 'phone' }, 'call me', ['notAPhone']],
    [{ type: 'isNumber' }, '1.50', []],
    [{ type: 'isNumber' }, 'x', ['notANumber']],
    [{ type: 'luhn', content: 'x' }, 'anything', []],
    [{ type: 'UNIQUE' }, 'anything', []],
  ])('%o says of %o: %o', (rule, value, expected) => {
    expect(issues(ruled('STRING', rule), value)).toEqual(expected);
  });

  it('keeps numbers and dates within a range; the last day counts to its end', () => {
    const number = ruled('NUMBER', { type: 'range', content: '-1.5..10' });
    expect([issues(number, -2), issues(number, 10), issues(number, 11)]).toEqual([
      ['tooSmall -1.5'],
      [],
      ['tooBig 10'],
    ]);
    const date = ruled('DATETIME', { type: 'range', content: '2024-01-01..2024-12-31' });
    expect([issues(date, '2024-12-31T23:59:59Z'), issues(date, '2025-01-01T00:00:00Z')]).toEqual([
      [],
      ['tooBig 2024-12-31'],
    ]);
  });

  it.each<[Partial<Rule>, string]>([
    [{ type: 'regExp', content: '(?<=a)b' }, 'patternUnsupported'],
    [{ type: 'regExp', content: '(a)\\1' }, 'patternUnsupported'],
    [{ type: 'regExp', content: '(' }, 'patternInvalid'],
    [{ type: 'regExp', content: '\\pL{1,1000}' }, 'patternTooLarge'],
    [{ type: 'regExp', content: '' }, 'required'],
    [{ type: 'length', content: '5' }, 'boundsMalformed'],
    [{ type: 'length', content: '5..2' }, 'boundsReversed'],
    [{ type: 'range', content: 'a..b' }, 'boundsMalformed'],
  ])('refuses the rule %o at its content', (rule, name) => {
    const parsed = fieldDefinition.safeParse(ruled('STRING', rule), { error: nameIssue });
    expect(parsed.success ? [] : issuesOf(parsed.error)).toMatchObject([
      { path: ['validateRules', 0, 'content'], name },
    ]);
  });

  it('takes linear time for a pattern and an address that would block a backtracking engine', () => {
    const long = `${'a'.repeat(60_000)}!`;
    const start = performance.now();
    expect(issues(ruled('STRING', { type: 'regExp', content: '^(a+)+$' }), long)).toHaveLength(1);
    expect(issues(ruled('STRING', { type: 'email' }), `${'a@'.repeat(30_000)}!`)).toEqual(['notAnEmail']);
    // A backtracking engine would not finish within the time of the test.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  const costly = (count: number, most: number) =>
    Array.from({ length: count }, (_, at) => ({ type: 'regExp', content: `\\pL{1,${most}}\\pN{${at + 1}}` }));

  it('takes bounded time for the most costly patterns of a field, also from an older version', () => {
    const start = performance.now();
    for (const field of [ruled('STRING', ...costly(1, 490)), ruled('STRING', ...costly(20, 1_000))]) {
      const [first = ''] = issues(field, 'aB'.repeat(32_768));
      const [name, longest] = first.split(' ');
      expect(name).toBe('tooLongForPattern');
      expect(issues(field, 'a'.repeat(Number(longest)))).toEqual([expect.stringMatching(/^patternBroken/)]);
    }
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(issues(ruled('STRING', { type: 'regExp', content: '^[^<>]{1,10}' }), 'a'.repeat(65_536))).toEqual([]);
  });

  it('refuses patterns that are too large together, and refuses a huge one without compiling it', () => {
    const places = (...rules: Partial<Rule>[]) => {
      const parsed = fieldDefinition.safeParse(ruled('STRING', ...rules), { error: nameIssue });
      return parsed.success ? [] : issuesOf(parsed.error).map(({ path, name, limit }) => [path[1], name, limit]);
    };
    expect(places(...costly(3, 150))).toEqual([]);
    expect(places(...costly(5, 150))).toEqual([[3, 'patternTooLarge', '1000']]);
    const start = performance.now();
    const huge = Array.from({ length: 200 }, (_, at) => `(${'(\\pL{1,1000})?'.repeat(60)}){${at + 1}}`);
    for (const content of huge) expect(patternOf(content)).toBe('patternTooLarge 1000');
    // A huge pattern in an older database doesn't keep anybody from writing.
    expect(issues(ruled('STRING', ...huge.slice(0, 20).map((content) => ({ type: 'regExp', content }))), 'x')).toEqual(
      [],
    );
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('reports one broken pattern, and each other broken rule', () => {
    const field = ruled(
      'STRING',
      { type: 'length', content: '..2' },
      { type: 'regExp', content: '^a' },
      { type: 'regExp', content: '^b' },
      { type: 'email' },
    );
    expect(issues(field, 'xyz')).toEqual(['tooLong 2', 'patternBroken ^a', 'notAnEmail']);
  });

  it('accepts a type of at most 64 characters', () => {
    const sent = (type: string) => fieldPatch.safeParse({ targetType: 'USER', key: 'k', validateRules: [{ type }] });
    expect([sent('x'.repeat(64)).success, sent('x'.repeat(65)).success, sent('\u0000').success]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('has a check for every rule type, and reads the flags of a pattern', () => {
    for (const type of ruleTypes) expect(issues(ruled('STRING', { type, content: '1..2' }), '\u0001')).toBeDefined();
    expect(typeof patternOf('/x/s')).toBe('function');
  });

  it('distinguishes a broken rule from a wrong type', () => {
    expect(fits(ruled('STRING', { type: 'length', content: '2..' }), 'a')).toBe(true);
    expect(fits(ruled('NUMBER'), 'a')).toBe(false);
  });

  it('returns the message of the rule itself', () => {
    const field = ruled('STRING', { type: 'length', content: '2..', error: 'Longer, please' });
    const parsed = valueSchema(field).safeParse('a', { error: nameIssue });
    expect(parsed.success ? [] : issuesOf(parsed.error)).toMatchObject([{ says: { error: 'Longer, please' } }]);
  });
});

describe('normalised', () => {
  it.each<[Field, string | number | boolean, unknown]>([
    [ruled('NUMBER'), '18', 18],
    [ruled('NUMBER'), '１８.5 ', 18.5],
    [ruled('NUMBER'), 'eighteen', undefined],
    [ruled('NUMBER'), '9007199254740993', undefined],
    [ruled('NUMBER'), 18, undefined],
    [ruled('DATETIME'), '2024/4/1', '2024-04-01T00:00:00.000Z'],
    [ruled('DATETIME'), '20240401', undefined],
    [ruled('STRING'), 18, '18'],
  ])('%o holding %o means %o', (field, stored, means) => {
    expect(normalised(field, stored)).toEqual(means);
  });
});

describe('translations', () => {
  it('are outdated after the default changed, and current again after an edit or a confirmation', () => {
    const first = mergeTexts(undefined, { 'ja-JP': { enabled: true, value: '学校' } }, 'School');
    expect(stateOf('School', first['ja-JP'])).toBe('done');
    expect(stateOf('College', first['ja-JP'])).toBe('outdated');
    const touched = mergeTexts(first, { 'ja-JP': { enabled: true, value: '大学', source: 'School' } }, 'College');
    expect(stateOf('College', touched['ja-JP'])).toBe('done');
    const confirmed = mergeTexts(first, { 'ja-JP': { ...first['ja-JP'], source: 'College' } }, 'College');
    expect(stateOf('College', confirmed['ja-JP'])).toBe('done');
    expect(stateOf('School', { enabled: false, value: 'x' })).toBe('draft');
    expect(stateOf('School', { enabled: true, value: 'School' })).toBe('same');
  });
});
