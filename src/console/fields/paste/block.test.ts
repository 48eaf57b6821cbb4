import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSingle, readBlock, writeTable } from './block.ts';
import { type Column, columnNamed, columns } from './columns.ts';

const read = (text: string, at?: Column) => readBlock(text, columns, at);
const cells = (text: string, at?: Column) => read(text, at).rows.map((row) => row.cells);

describe('a pasted block', () => {
  it('is read as it was written, whatever its cells contain', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', ' ', '校', '🦊', ',', ';', '"', "'", '='), minLength: 1 })
      .map((text) => text.trim() || 'x');
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, (rows) => {
        expect(cells(writeTable(rows))).toEqual(rows);
      }),
    );
  });

  it('has cells in quotes with breaks, tabs and quotes, and quotes that are none, with the line ends of any system', () => {
    expect(cells('"two\r\nlines"\t"a\ttab"\r\n"say ""hi"""\t"half" open\n5" disk\t"never closed\r\n')).toEqual([
      ['two lines', 'a tab'],
      ['say "hi"', '"half" open'],
      ['5" disk', '"never closed'],
    ]);
  });

  it('keeps the numbers of its rows, without the blank ones', () => {
    expect(read('Value\tLabel\n\na\tA\n\t\nb\tB\n\n').rows).toEqual([
      { line: 3, cells: ['a', 'A'] },
      { line: 5, cells: ['b', 'B'] },
    ]);
  });

  it('fills the columns from where it is pasted, and what is beyond has no column', () => {
    expect(read('a\tb\tc', 'zh-TW').columns).toEqual(['zh-TW', 'ja-JP', undefined]);
    expect(read('a\tb').columns).toEqual(['value', 'label']);
    expect(read('a\nb').columns).toEqual(['label']);
  });

  it.each([
    ['Value\tLabel\tJapanese\tNotes', ['value', 'label', 'ja-JP', undefined]],
    ['ＶＡＬＵＥ\t日文\tSimplified Chinese', ['value', 'ja-JP', 'zh-CN']],
    ['日本語\t繁體中文\t简体中文\tEnglish\t名称\t值', ['ja-JP', 'zh-TW', 'zh-CN', 'en-US', 'label', 'value']],
    ['値\t表示名\t中国語（簡体字）\t英語\tja_jp', ['value', 'label', 'zh-CN', 'en-US', 'ja-JP']],
    ['選項值\t預設文字\tzh-Hant\tEN', ['value', 'label', 'zh-TW', 'en-US']],
    ['label', ['label']],
  ])('knows the header row %j', (head, expected) => {
    expect(read(`${head}\nx\ty`)).toMatchObject({ isHeaded: true, columns: expected });
  });

  it.each([
    ['English\nJapanese', 'options that are languages'],
    ['English\t英语\nJapanese\t日语', 'the same with translations'],
    ['Tokyo\t東京\nKyoto\t京都', 'no header at all'],
  ])('takes %j for rows: %s', (text) => {
    expect(read(text, 'label')).toMatchObject({ isHeaded: false, rows: { length: 2 } });
  });

  it('may have commas or semicolons if a header row says so', () => {
    expect(cells('value;label\na;"A; or B"')).toEqual([['a', 'A; or B']]);
    expect(cells('value,label\na,A')).toEqual([['a', 'A']]);
    expect(cells('Cash, card\nNone')).toEqual([['Cash, card'], ['None']]);
  });

  it('is an ordinary paste if it is one cell', () => {
    expect(['Tokyo', 'Tokyo\r\n', 'a, b'].map((text) => isSingle(read(text, 'label')))).toEqual([true, true, true]);
    expect(['A\tB', 'A\nB', '\nB'].map((text) => isSingle(read(text, 'label')))).toEqual([false, false, false]);
  });
});

it('a column is known by what each language calls it, however it is written', () => {
  const named = ['Chinese (Simplified)', '簡體中文', '繁体字中国語', 'Traditional_Chinese', 'ja-JP', '日语', 'Price'];
  expect(named.map(columnNamed)).toEqual(['zh-CN', 'zh-CN', 'zh-TW', 'zh-TW', 'ja-JP', 'ja-JP', undefined]);
});
