import { limits, sentOption } from '#contract/field';
import { fold } from '#contract/wire/fold';
import { issue, nameIssue } from '#contract/wire/issue';
import { type Block, type Cells, cellsOf, languagesOf } from '../paste/block.ts';
import { columns } from '../paste/columns.ts';
import type { Complaint, Told, Why } from '../paste/told.ts';
import { isBlank, optionOf, type Row, rowOf, textIn, valueFrom, withoutBlankEnd, withText } from './rows.ts';

/** What a block makes of the rows. */
export interface Pasted {
  rows: Row[];
  told: Told;
  /** The rows that a block of whole options doesn't name. */
  absent: Set<number>;
}

interface Place {
  /** The rows that one sees, in order. */
  shown: Row[];
  /** The index among them of the row in which the block begins. */
  at: number;
  /** A saved value can't change. */
  isStored: (value: string) => boolean;
}

/**
 * Puts a block into the rows. If it tells options by their value, or has a header row with labels, it changes those that
 * are there, wherever they are; otherwise it covers the rows from its place on. What is new comes at the end. An empty
 * cell changes nothing, and nothing is ever removed.
 */
export function pasteOptions(now: Row[], block: Block, { shown, at, isStored }: Place): Pasted {
  const told = new Set(block.columns);
  const isWhole = block.isHeaded
    ? told.has('value') || told.has('label')
    : told.has('value') && block.columns.length > 1;
  const find = finder(now);
  const changed = new Map<number, Row>();
  const fresh: Row[] = [];
  const complaints: Complaint[] = [];
  const met = new Map<number, number>();
  const nextValue = numbered(now);
  let [changes, kept] = [0, 0];

  for (const { line, cells } of block.rows) {
    const texts = cellsOf(block, cells);
    const covered = isWhole ? undefined : shown[at + line - (block.isHeaded ? 2 : 1)];
    const target = covered && !isBlank(covered) ? covered : find(texts);
    const complain = (why: Why) => complaints.push({ line, ...why });
    const before = target && met.get(target.id);
    if (before !== undefined) complain({ reason: 'repeated', other: before });
    else if (!target && !texts.value && !texts.label)
      complain({ reason: isWhole || told.has('label') ? 'nameless' : 'noRow' });
    else if (!target && now.length + fresh.length >= limits.options)
      complain({ message: issue('tooMany', limits.options) });
    else {
      const row = withCells(target ?? rowOf({ value: '', label: '' }), texts, block, nextValue);
      const fault = faultOf(row);
      const isLocked = target && row.value !== target.value && isStored(target.value);
      if (isLocked) complain({ reason: 'locked' });
      else if (fault) complain({ message: fault });
      else {
        met.set(row.id, line);
        if (!target) {
          fresh.push(row);
          find.add(row);
        } else if (row === target) kept += 1;
        else {
          changes += 1;
          changed.set(row.id, row);
        }
      }
    }
  }
  const rows = inserted(
    now.map((row) => changed.get(row.id) ?? row),
    fresh,
    shown[at],
  );
  return {
    rows,
    told: { block, fresh: fresh.length, changed: changes, kept, complaints },
    absent: new Set(isWhole ? now.filter((row) => !met.has(row.id) && !isBlank(row)).map(({ id }) => id) : []),
  };
}

/** Finds the option that a row of a block tells: by its value, or else by its label, ignoring case and width. */
function finder(rows: Row[]) {
  const byValue = new Map<string, Row>();
  const byLabel = new Map<string, Row>();
  const add = (row: Row) => {
    if (row.value) byValue.set(row.value, row);
    const [label, folded] = [`= ${row.label}`, `~ ${fold(row.label.trim())}`];
    if (!byLabel.has(label)) byLabel.set(label, row);
    if (!byLabel.has(folded)) byLabel.set(folded, row);
  };
  for (const row of rows) if (!isBlank(row)) add(row);
  const find = ({ value, label }: Cells) => {
    if (value) return byValue.get(value);
    return label ? (byLabel.get(`= ${label}`) ?? byLabel.get(`~ ${fold(label)}`)) : undefined;
  };
  return Object.assign(find, { add });
}

/** A value for a label that no other row has: two labels can make the same. */
function numbered(rows: Row[]) {
  const taken = new Set(rows.map(({ value }) => value));
  const counts = new Map<string, number>();
  return (label: string): string => {
    const base = valueFrom(label);
    let value = base;
    for (let count = counts.get(base) ?? 2; taken.has(value); count += 1) {
      value = `${base}_${count}`;
      counts.set(base, count + 1);
    }
    taken.add(value);
    return value;
  };
}

/** The row with the texts of a block. A new one gets a value and a label from what there is. */
function withCells(row: Row, texts: Cells, block: Block, nextValue: (label: string) => string): Row {
  const isNew = !row.value && !row.label;
  const [first] = languagesOf(block).flatMap((language) => texts[language] ?? []);
  const label = texts.label ?? first ?? texts.value ?? '';
  const start = isNew ? { ...row, label, value: texts.value ?? nextValue(label), follows: false } : row;
  let next = start;
  for (const column of columns) {
    const text = texts[column];
    if (text !== undefined && textIn(next, column) !== text) next = withText(next, column, text);
  }
  return next;
}

/** What the contract says against an option. */
function faultOf(row: Row): string | undefined {
  const parsed = sentOption.safeParse(optionOf(row), { error: nameIssue });
  return parsed.error?.issues[0]?.message;
}

/** New rows come where the block began if that row is blank, else at the end. */
function inserted(rows: Row[], fresh: Row[], begun: Row | undefined): Row[] {
  if (!fresh.length) return rows;
  const blank = begun && isBlank(begun) ? rows.findIndex(({ id }) => id === begun.id) : -1;
  return blank < 0 ? [...withoutBlankEnd(rows), ...fresh] : rows.toSpliced(blank, 1, ...fresh);
}
