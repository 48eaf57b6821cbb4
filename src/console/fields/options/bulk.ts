import type Papa from 'papaparse';
import type { FieldOption } from '#contract/field';
import { fold } from '#contract/wire/fold';
import { keyFrom } from '../editor/changes.ts';

// Spreadsheet text: one line per option, with its label and, after a tab, its value.

export function writeBulk(sheets: typeof Papa, options: FieldOption[]): string {
  return sheets.unparse(
    options.map(({ label, value }) => (valueFrom(label) === value ? [label] : [label, value])),
    { delimiter: '\t', newline: '\n' },
  );
}

/**
 * The options of a text. A line without a value is a known option if the label matches (ignoring case): it keeps its
 * value and translations. Otherwise the value follows from the label. Empty and repeated lines are dropped.
 */
export function readBulk(sheets: typeof Papa, text: string, known: FieldOption[]): FieldOption[] {
  const byValue = new Map(known.map((option) => [option.value, option]));
  const byLabel = new Map(known.toReversed().map((option) => [option.label, option]));
  const byFolded = new Map(known.toReversed().map((option) => [fold(option.label.trim()), option]));
  const read = new Map<string, FieldOption>();
  for (const { label, value } of readRows(sheets, text)) {
    const followed = byLabel.get(label) ?? byFolded.get(fold(label.trim()));
    const found = value ? byValue.get(value) : followed;
    const option = found ? { ...found, label } : { label, value: value || valueFrom(label) };
    if (!read.has(option.value)) read.set(option.value, option);
  }
  return [...read.values()];
}

/** Rows of one, two or three columns: label, value, translation. */
export function readRows(sheets: typeof Papa, text: string): { label: string; value: string; translation: string }[] {
  const { data } = sheets.parse<string[]>(text.replace(/\r\n?/g, '\n'), {
    delimiter: '\t',
    newline: '\n',
    skipEmptyLines: 'greedy',
  });
  return data.flatMap(([label = '', value = '', translation = '']) => {
    const named = label.trim() || value.trim();
    return named ? [{ label: named, value: value.trim(), translation: translation.trim() }] : [];
  });
}

/** A value made from a label. A label without Latin letters is its own value. */
export function valueFrom(label: string): string {
  const key = keyFrom(label, []);
  return /[a-z]/i.test(label.normalize('NFKD')) ? key : label.trim();
}
