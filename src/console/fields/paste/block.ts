import type { Language } from '#contract/wire/language';
import { type Column, columnNamed } from './columns.ts';

/** Cells as they come from a spreadsheet, with what their columns hold. */
export interface Block {
  isHeaded: boolean;
  /** By place. Undefined: nobody knows what the column holds. */
  columns: (Column | undefined)[];
  /** The heads of unknown columns that have one. */
  unknown: string[];
  /** The rows with a text, each with its number in the block (from 1). */
  rows: { line: number; cells: string[] }[];
}

/** A row of a block, by what its columns hold. An empty cell says nothing. */
export type Cells = Partial<Record<Column, string>>;

/**
 * Reads what was pasted into a column. Without a header row it fills this column and those after it. Pasted nowhere,
 * one column has labels, and several begin with the value.
 */
export function readBlock(text: string, order: readonly Column[], at?: Column): Block {
  const data = tableOf(text);
  const width = data.reduce((most, row) => Math.max(most, row.length), 0);
  const first = at ?? (width > 1 ? 'value' : 'label');
  const head = data[0] && headOf(data[0], first);
  const start = order.indexOf(first);
  const columns = head ?? Array.from({ length: width }, (_, place) => order[start + place]);
  return {
    isHeaded: head !== undefined,
    columns,
    unknown: head ? (data[0] ?? []).filter((cell, place) => cell && !columns[place]) : [],
    rows: data.flatMap((cells, index) =>
      (head && index === 0) || cells.every((cell) => !cell) ? [] : [{ line: index + 1, cells }],
    ),
  };
}

/** Whether it is one cell, whose paste is an ordinary one. */
export const isSingle = ({ isHeaded, columns, rows }: Block): boolean =>
  !isHeaded && columns.length < 2 && rows.length < 2 && (rows[0]?.line ?? 1) === 1;

/** The texts of a row. */
export function cellsOf({ columns }: Block, cells: string[]): Cells {
  const found: Cells = {};
  for (const [place, column] of columns.entries()) {
    const cell = cells[place];
    if (column && cell) found[column] = cell;
  }
  return found;
}

export const languagesOf = ({ columns }: Block): Language[] =>
  columns.filter((column): column is Language => column !== undefined && column !== 'value' && column !== 'label');

/** The columns that a row names, if it is a header row: most of its cells name one, and none is named twice. */
function headOf(cells: string[], at: Column): (Column | undefined)[] | undefined {
  const columns = cells.map((cell) => (cell ? columnNamed(cell) : undefined));
  const named = columns.filter((column) => column !== undefined);
  const filled = cells.filter(Boolean).length;
  const isTwice = new Set(named).size < named.length;
  if (isTwice || named.length * 2 < filled) return undefined;
  // A single column may be a list of languages, which are options themselves.
  if (named.length < 2 && !named.some((column) => column === at || column === 'value' || column === 'label')) return;
  return columns;
}

/** What keeps a spreadsheet from running a cell as a formula. */
const guard = /^'(?='*[=+\-@])/;

/** Rows of trimmed cells. A break or a tab inside a cell becomes a space, as all these texts are of one line. */
function tableOf(text: string): string[][] {
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const rows = split(lines, delimiterOf(lines)).map((row) =>
    row.map((cell) =>
      cell
        .replace(/\s*[\n\t]\s*/g, ' ')
        .trim()
        .replace(guard, ''),
    ),
  );
  while (rows.at(-1)?.every((cell) => !cell)) rows.pop();
  return rows;
}

/** A tab, or what else clearly divides a header row. */
function delimiterOf(text: string): string {
  if (text.includes('\t')) return '\t';
  const [first = ''] = text.split('\n', 1);
  const isDivider = (sign: string) => {
    const named = split(first, sign)[0]?.map((cell) => columnNamed(cell)) ?? [];
    return named.length > 1 && !named.includes(undefined) && new Set(named).size === named.length;
  };
  return [',', ';'].find(isDivider) ?? '\t';
}

/** A cell in quotes may hold anything; a quote that isn't closed before the cell ends is a sign like another. */
function split(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  const endFrom = (from: number) => {
    let end = from;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1;
    return end;
  };
  for (;;) {
    const quoted = text[at] === '"' ? quotedFrom(text, at, delimiter) : undefined;
    const end = quoted?.end ?? endFrom(at);
    rows.at(-1)?.push(quoted?.cell ?? text.slice(at, end));
    if (end >= text.length) return rows;
    if (text[end] === '\n') rows.push([]);
    at = end + 1;
  }
}

function quotedFrom(text: string, start: number, delimiter: string): { cell: string; end: number } | undefined {
  let close = text.indexOf('"', start + 1);
  while (close > 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return undefined;
  const after = text[close + 1];
  if (after !== undefined && after !== delimiter && after !== '\n') return undefined;
  return { cell: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 };
}

/** A table to be pasted into a spreadsheet, and back. */
export function writeTable(rows: string[][]): string {
  const cell = (given: string) => {
    const text = /^'*[=+\-@]/.test(given) ? `'${given}` : given;
    return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}
