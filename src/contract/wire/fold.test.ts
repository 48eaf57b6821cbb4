import { describe, expect, it } from 'vitest';
import { findFolded, fold, normalise } from './fold.ts';
import { storable } from './scalars.ts';

// Normalising takes a time quadratic in the length of a run of marks: seconds for a text that a field may hold.

const many = `a${'\u0301'.repeat(32_000)}${'\u0316'.repeat(32_000)}`;
const halfwidth = `ｶ${'\uFF9E\u0316'.repeat(32_000)}`;

describe('a text with many marks in a row', () => {
  it.each([many, halfwidth])('is refused, and takes no time where one is stored or asked for', (text) => {
    const start = performance.now();
    expect(storable.safeParse(text).success).toBe(false);
    expect(normalise(text, 'NFC')).toBe(text);
    expect(fold(text)).toBe(text.toLowerCase());
    expect(performance.now() - start).toBeLessThan(200);
    expect(storable.safeParse(text.slice(0, 20)).success).toBe(true);
  });
});

describe('the words of a search in a text', () => {
  it.each([
    ['Cost CC-111 x', 'cc-111', ['Cost ', 'CC-111', ' x']],
    ['ＡＢＣ', 'b', ['Ａ', 'Ｂ', 'Ｃ']],
    ['冷たいｶﾞﾗｽ cup', 'ガラス', ['冷たい', 'ｶﾞﾗｽ', ' cup']],
    ['ﬃx', 'f', ['', 'ﬃ', 'x']],
    ['e\u0301a', 'éa', ['', 'e\u0301a', '']],
    ['nothing', 'else', undefined],
    ['all', '', undefined],
  ])('%j has %j where people see them', (text, words, parts) => {
    expect(findFolded(text, words)).toEqual(parts);
  });
});
