import { expect, it } from 'vitest';
import { readBlock } from '../paste/block.ts';
import { type Column, columns } from '../paste/columns.ts';
import { pasteOptions } from './pasteOptions.ts';
import { optionOf, rowOf, withText } from './rows.ts';

const on = (value: string) => ({ enabled: true, value });
const rows = [
  withText(rowOf({ value: 'pku', label: 'Peking' }), 'ja-JP', '北京'),
  rowOf({ value: 'hust', label: 'Huazhong' }),
];
const blank = rowOf({ value: '', label: '' });

function paste(text: string, at: number, column?: Column, now = rows) {
  const block = readBlock(text, columns, column);
  const done = pasteOptions(now, block, { shown: now, at, isStored: (value) => value === 'pku' });
  const { fresh, changed, kept, complaints } = done.told;
  return {
    options: done.rows.map(optionOf),
    counts: [fresh, changed, kept],
    complaints,
    absent: now.filter(({ id }) => done.absent.has(id)).map(({ value }) => value),
  };
}
const [pku, hust] = rows.map(optionOf);

it('a block with a header changes the options that it names, adds the others, and removes none', () => {
  const text = 'Japanese\tLabel\tValue\n\tPeking U\tpku\n復旦\tFudan\t\n';
  expect(paste(text, 1)).toEqual({
    options: [
      { ...pku, label: 'Peking U' },
      hust,
      { value: 'fudan', label: 'Fudan', i18n: { label: expect.objectContaining({ 'ja-JP': on('復旦') }) } },
    ],
    counts: [1, 1, 0],
    complaints: [],
    absent: ['hust'],
  });
});

it('an option without a value is known by its label, ignoring case and width', () => {
  const { options, counts } = paste('label\tzh-TW\nＰＥＫＩＮＧ\t北京大學\nHuazhong', 0);
  expect(options).toMatchObject([{ value: 'pku', label: 'ＰＥＫＩＮＧ' }, hust]);
  expect(counts).toEqual([0, 1, 1]);
});

it('a block without a header covers the rows from where it is pasted, and adds rows at the end', () => {
  const { options, counts, absent } = paste('Beida\t北大\nHuake\nFudan', 0, 'label');
  expect(options).toMatchObject([
    { value: 'pku', label: 'Beida', i18n: { label: { 'zh-CN': on('北大'), 'ja-JP': on('北京') } } },
    { value: 'hust', label: 'Huake' },
    { value: 'fudan', label: 'Fudan' },
  ]);
  expect([counts, absent]).toEqual([[1, 2, 0], []]);
});

it('what is pasted into a blank row takes its place, and a label that is there already adds nothing', () => {
  const now = [...rows.slice(0, 1), blank, ...rows.slice(1)];
  const { options, counts } = paste('Fudan\n', 1, 'label', now);
  expect(options.map(({ value }) => value)).toEqual(['pku', 'fudan', 'hust']);
  expect(counts).toEqual([1, 0, 0]);
  expect(paste('huazhong\nFudan', 2, 'label', [...rows, blank])).toMatchObject({ counts: [1, 1, 0] });
});

it('says of each row that is left out why it is', () => {
  const long = 'x'.repeat(129);
  const text = `value\tlabel\tja-JP\na\tA\t\na\tAgain\t\n\t\t東京\n${long}\tLong\t\nb\t\t`;
  const { options, complaints } = paste(text, 2);
  expect(complaints).toEqual([
    { line: 3, reason: 'repeated', other: 2 },
    { line: 4, reason: 'nameless' },
    { line: 5, message: 'tooLong 128' },
  ]);
  expect(options.slice(2)).toEqual([
    { value: 'a', label: 'A' },
    { value: 'b', label: 'b' },
  ]);
  expect(paste('x\ny', 0, 'value').complaints).toEqual([{ line: 1, reason: 'locked' }]);
  expect(paste('東京\n京都\n大阪', 0, 'ja-JP').complaints).toEqual([{ line: 3, reason: 'noRow' }]);
});

it('two labels that make the same value get different ones', () => {
  expect(paste('東京 A\n大阪 A', 2, 'label').options.slice(2)).toEqual([
    { value: 'a', label: '東京 A' },
    { value: 'a_2', label: '大阪 A' },
  ]);
});

it('adds no more than a field can have', () => {
  const many = Array.from({ length: 20_001 }, (_, index) => `v${index}\tLabel ${index}`).join('\n');
  const { counts, complaints } = paste(many, 2);
  expect([counts, complaints.length, complaints[0]]).toEqual([
    [19_998, 0, 0],
    3,
    { line: 19_999, message: 'tooMany 20000' },
  ]);
});
