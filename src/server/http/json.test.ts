import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InexactNumber } from '#contract/wire/number';
import { membersOf, parseExactly } from './json.ts';

describe('parseExactly', () => {
  it('agrees with JSON.parse on everything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        // A long number makes it use the slow path.
        const text = JSON.stringify({ value, long: '1234567890123456789' });
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps the text of a number that would be rounded', () => {
    const parsed = parseExactly('{"list":[{"value": 9007199254740993 }, {"value": 1.5}]}') as {
      list: { value: unknown }[];
    };
    expect(parsed.list[0]?.value).toEqual(new InexactNumber('9007199254740993'));
    expect(parsed.list[1]?.value).toBe(1.5);
  });

  it('lets __proto__ change no prototype', () => {
    const parsed = parseExactly('{"__proto__":{"admin":true},"n":12345678901234567890}') as { admin?: boolean };
    expect(parsed.admin).toBeUndefined();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['{', '{"a":}', '[1,]', '{"a":1}}', 'nul', '"\u0001"'])('throws on %j', (text) => {
    expect(() => parseExactly(text)).toThrow(SyntaxError);
  });
});

describe('membersOf', () => {
  it('returns the exact text of each member', () => {
    const text = '{"list":[{"key":"a,}\\"]","value":1.50}], "n": 1e21 ,"s":"x:\\n","o":{"a":{}},"e":[]}';
    expect(Object.fromEntries(membersOf(text))).toEqual({
      list: '[{"key":"a,}\\"]","value":1.50}]',
      n: '1e21',
      s: '"x:\\n"',
      o: '{"a":{}}',
      e: '[]',
    });
  });
});
