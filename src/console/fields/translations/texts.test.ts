import sheets from 'papaparse';
import { describe, expect, it } from 'vitest';
import { blankField, type Field, type FieldOption } from '#contract/field';
import { noTranslations } from '#contract/translation';
import { editKey, readTexts, textsOf, withEdits, writeTexts } from './texts.ts';

const known: FieldOption[] = [
  {
    value: 'pku',
    label: 'Peking',
    i18n: { label: { ...noTranslations(), 'ja-JP': { enabled: true, value: '北京' } } },
  },
  { value: 'hust', label: 'Huazhong' },
];

describe('translations as a file', () => {
  const field = {
    ...blankField('ENUM', 'USER', 'school'),
    label: '=School',
    options: known,
    validateRules: [{ type: 'luhn', content: '', error: 'Wrong, "really"' }],
    version: 1,
  } as Field;
  const texts = textsOf([field]);

  it('changes nothing without an edit', () => {
    const { edits, lines } = readTexts(sheets, writeTexts(sheets, texts), texts);
    expect([edits.size, lines.map(({ state }) => state)]).toEqual([
      0,
      ['unchanged', 'unchanged', 'unchanged', 'unchanged'],
    ]);
  });

  it('applies changes line by line, and says why it refused a line', () => {
    const csv = [
      'field,kind,part,default,ja-JP',
      "school,label,,'=School,学校",
      'school,option,hust,Was another,華中',
      'school,option,gone,Gone,x',
      `school,label,,x,${'x'.repeat(200)}`,
      ',,,,',
    ].join('\r\n');
    const { edits, lines } = readTexts(sheets, csv, texts);
    expect(lines).toEqual([
      { line: 2, state: 'changed', name: 'school label' },
      { line: 3, state: 'outdated', name: 'school option hust' },
      { line: 4, state: 'refused', reason: 'unknownText', name: 'school option gone' },
      { line: 5, state: 'refused', reason: 'tooLong', name: 'school label' },
    ]);
    const [label] = texts;
    expect(label && edits.get(editKey(label, 'ja-JP'))).toEqual({ enabled: true, value: '学校' });
    const [{ after } = { after: field }] = withEdits([field], edits);
    expect('options' in after && after.options[1]?.i18n?.label['ja-JP']).toEqual({
      enabled: true,
      value: '華中',
      source: 'Was another',
    });
    expect(field.i18n.label['ja-JP'].value).toBe('');
  });
});
