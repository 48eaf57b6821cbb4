import type { FieldOption } from '#contract/field';
import { noTranslations } from '#contract/translation';
import { keyFrom } from '../editor/changes.ts';
import type { Column } from '../paste/columns.ts';
import { typed } from '../translations/texts.ts';

/** An option with an id that stays when its texts change, and whether its value still follows its label. */
export interface Row extends FieldOption {
  id: number;
  follows: boolean;
}

let last = 0;
export const rowOf = (option: FieldOption): Row => ({ ...option, id: ++last, follows: option.value === '' });
export const optionOf = ({ value, label, i18n }: Row): FieldOption => ({ value, label, ...(i18n && { i18n }) });

export const isBlank = ({ label, value, i18n }: FieldOption): boolean =>
  !label && !value && !Object.values(i18n?.label ?? {}).some((text) => text.value);

/** The rows without blank ones at the end, which are there to be typed into. */
export function withoutBlankEnd(rows: Row[]): Row[] {
  const last = rows.findLastIndex((row) => !isBlank(row));
  return last === rows.length - 1 ? rows : rows.slice(0, last + 1);
}

export function textIn(option: FieldOption, column: Column): string {
  return column === 'value' || column === 'label' ? option[column] : (option.i18n?.label[column].value ?? '');
}

/** The row with another text in a column. Its value follows its label until somebody writes one. */
export function withText(row: Row, column: Column, text: string): Row {
  if (column === 'value') return { ...row, value: text, follows: false };
  if (column === 'label') return { ...row, label: text, ...(row.follows && { value: valueFrom(text) }) };
  const texts = row.i18n?.label ?? noTranslations();
  return { ...row, i18n: { label: { ...texts, [column]: typed(text) } } };
}

/** A value made from a label. A label without Latin letters is its own value. */
export function valueFrom(label: string): string {
  const key = keyFrom(label, []);
  return /[a-z]/i.test(label.normalize('NFKD')) ? key : label.trim();
}
