import { describe, expect, it } from 'vitest';
import { blankField, type DataType, type Field } from './field.ts';
import { fits, type Value, valueSchema } from './value.ts';
import { nameIssue, readIssue } from './wire/issue.ts';
import { exactNumber, InexactNumber } from './wire/number.ts';

const of = (dataType: DataType, more: object = {}): Field =>
  ({ ...blankField(dataType, 'USER', 'k'), version: 1, ...more }) as Field;
const day = of('DATETIME', { precision: 'day' });
const school = of('ENUM', {
  options: [
    { value: 'pku', label: 'Peking' },
    { value: 'a', label: 'Twin' },
    { value: 'b', label: 'Twin' },
  ],
  retiredOptions: [{ value: 'nju', label: 'Nanjing' }],
});

function read(field: Field, sent: unknown): Value | string {
  const parsed = valueSchema(field).safeParse(sent, { error: nameIssue });
  return parsed.success ? parsed.data : `refused: ${readIssue(parsed.error.issues[0]?.message ?? '').name}`;
}

describe('values that are accepted', () => {
  it.each<[string, Field, unknown, Value]>([
    ['text exactly as sent', of('STRING'), ' ﾔﾏﾀﾞ　 ', ' ﾔﾏﾀﾞ　 '],
    ['empty text', of('STRING'), '', ''],
    ['a family emoji', of('STRING'), '👩‍💻', '👩‍💻'],
    ['a number', of('NUMBER'), 18.5, 18.5],
    ['the text of a number', of('NUMBER'), '-1.50', -1.5],
    ['a large exact number', of('NUMBER'), '9007199254740992', 9_007_199_254_740_992],
    ['a power of ten', of('NUMBER'), '1e21', 1e21],
    ['minus zero as zero', of('NUMBER'), '-0', 0],
    ['a boolean word', of('BOOLEAN'), 'TRUE', true],
    ['a date', of('DATETIME'), '2024-04-01', '2024-04-01T00:00:00.000Z'],
    ['a date with slashes', of('DATETIME'), '2024/4/1', '2024-04-01T00:00:00.000Z'],
    ['an offset', of('DATETIME'), '2024-04-01T08:00:00+08:00', '2024-04-01T00:00:00.000Z'],
    ['an offset without a colon', of('DATETIME'), '2024-04-01T08:00+0800', '2024-04-01T00:00:00.000Z'],
    ['epoch milliseconds', of('DATETIME'), 1_711_929_600_000, '2024-04-01T00:00:00.000Z'],
    ['epoch milliseconds as digits', of('DATETIME'), '1711929600000', '2024-04-01T00:00:00.000Z'],
    ['a whole day', day, '2024-04-01', '2024-04-01T00:00:00.000Z'],
    ['an option by value', school, 'pku', 'pku'],
    ['an option by its only label', school, 'Peking', 'pku'],
  ])('%s', (_name, field, sent, stored) => {
    expect(read(field, sent)).toBe(stored);
  });
});

describe('values that are refused', () => {
  it.each<[string, Field, unknown, string]>([
    ['a number for text', of('STRING'), 7, 'wrongType'],
    ['text that is too long', of('STRING'), 'x'.repeat(65_537), 'tooLong'],
    ['U+0000', of('STRING'), 'a\u0000b', 'nulCharacter'],
    ['half a surrogate pair', of('STRING'), 'a\ud83d', 'loneSurrogate'],
    ['words for a number', of('NUMBER'), '1x2', 'notANumber'],
    ['a padded number', of('NUMBER'), ' 7', 'notANumber'],
    ['a number no double holds', of('NUMBER'), '9007199254740993', 'notExact'],
    ['a fraction no double holds', of('NUMBER'), '0.1234567890123456789', 'notExact'],
    ['a number beyond all doubles', of('NUMBER'), '1e400', 'notExact'],
    ['an inexact token of the body', of('NUMBER'), new InexactNumber('1e-400'), 'notExact'],
    ['empty text for a number', of('NUMBER'), '', 'emptyNotAllowed'],
    ['NaN', of('NUMBER'), Number.NaN, 'notANumber'],
    ['a yes', of('BOOLEAN'), 'yes', 'notABoolean'],
    ['one for true', of('BOOLEAN'), 1, 'notABoolean'],
    ['eight digits', of('DATETIME'), '20240401', 'dateAmbiguous'],
    ['a time without an offset', of('DATETIME'), '2024-04-01T08:00:00', 'dateWithoutOffset'],
    ['31 February', of('DATETIME'), '2024-02-31', 'notADate'],
    ['microseconds', of('DATETIME'), '2024-04-01T00:00:00.123456Z', 'notExact'],
    ['an hour for a whole day', day, '2024-03-31T15:00:00.000Z', 'dayWithTime'],
    ['an unknown option', school, 'nju', 'notAnOption'],
    ['a label that two options bear', school, 'Twin', 'optionAmbiguous'],
    ['an object', of('ENUM'), { value: 'pku' }, 'wrongType'],
  ])('%s', (_name, field, sent, reason) => {
    expect(read(field, sent)).toBe(`refused: ${reason}`);
  });
});

describe('fits', () => {
  it.each<[string, Field, Value, boolean]>([
    ['a stored text number does not fit a number field', of('NUMBER'), '7', false],
    ['a stored number fits', of('NUMBER'), 7, true],
    ['a retired option does not fit', school, 'nju', false],
    ['a stored label does not fit', school, 'Peking', false],
    ['epoch milliseconds do not fit', of('DATETIME'), 1_711_929_600_000, false],
    ['a stored instant fits', of('DATETIME'), '2024-04-01T00:00:00.000Z', true],
  ])('%s', (_name, field, stored, fitting) => {
    expect(fits(field, stored)).toBe(fitting);
  });
});

describe('exactNumber', () => {
  it.each(['0', '-0', '1.50', '15e-1', '1e5', '123456789012345', '0.1', '5e-324', '1.7976931348623157e308'])(
    'holds %s',
    (text) => {
      expect(exactNumber(text)).toBe(Number(text));
    },
  );
  it.each(['12345678901234567', '0.30000000000000000001', '1e309', '1e-330'])('refuses to round %s', (text) => {
    expect(exactNumber(text)).toBeInstanceOf(InexactNumber);
  });
  it.each(['', '01', '1.', '.5', '+1', '1,5', 'NaN', '0x10', '１'])('doesn’t read %j as a number', (text) => {
    expect(exactNumber(text)).toBeUndefined();
  });
});
