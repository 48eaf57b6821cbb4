import { useEffect, useRef, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import type { FieldDefinition, FieldOption } from '#contract/field';
import { noTranslations } from '#contract/translation';
import type { Language } from '#contract/wire/language';
import { typed } from '../translations/texts.ts';
import { valueFrom } from './bulk.ts';

/** An option with an id that stays when its texts change, and whether its value still follows its label. */
export interface Row extends FieldOption {
  id: number;
  follows: boolean;
}

let last = 0;
const rowOf = (option: FieldOption): Row => ({ ...option, id: ++last, follows: option.value === '' });
const optionOf = ({ value, label, i18n }: Row): FieldOption => ({ value, label, ...(i18n && { i18n }) });

export const isBlank = ({ label, value, i18n }: FieldOption): boolean =>
  !label && !value && !Object.values(i18n?.label ?? {}).some((text) => text.value);

/** The rows without blank ones at the end, which are there to be typed into. */
export function withoutBlankEnd(rows: Row[]): Row[] {
  const last = rows.findLastIndex((row) => !isBlank(row));
  return last === rows.length - 1 ? rows : rows.slice(0, last + 1);
}

/** Long enough that validation of thousands of rows doesn't slow down typing. */
const pause = 300;
const few = 300;

/**
 * The rows of the options editor. They aren't in the form, because its field arrays copy and compare all rows on every
 * keystroke. The form learns typed text after a pause or when the focus leaves, and other changes at once.
 */
export function useOptionRows() {
  const { setValue, getValues, formState } = useFormContext<FieldDefinition>();
  const [rows, setRows] = useState<Row[]>(() => (getValues('options') ?? []).map(rowOf));
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; rows: Row[] }>(undefined);
  const shouldValidate = formState.isSubmitted;

  function tell(next: Row[]) {
    clearTimeout(waiting.current?.timer);
    waiting.current = undefined;
    setValue('options', withoutBlankEnd(next).map(optionOf), { shouldDirty: true, shouldValidate });
  }
  function put(next: Row[], typing = false) {
    setRows(next);
    clearTimeout(waiting.current?.timer);
    if (typing && next.length > few) {
      waiting.current = { rows: next, timer: setTimeout(() => tell(next), pause) };
    } else tell(next);
  }
  useEffect(() => {
    // When the focus leaves an input, or on a save by keyboard, the form learns the text before anything else happens.
    const flush = () => waiting.current && tell(waiting.current.rows);
    document.addEventListener('focusout', flush);
    return () => document.removeEventListener('focusout', flush);
  });

  const latest = useRef(rows);
  latest.current = rows;
  const write = useRef(put);
  write.current = put;
  // One stable object for the life of the list, so that only changed rows render again.
  const [actions] = useState(() =>
    actionsOn(
      () => latest.current,
      (next, typing) => write.current(next, typing),
    ),
  );
  return { rows, actions };
}

export type RowActions = ReturnType<typeof actionsOn>;

function actionsOn(now: () => Row[], put: (next: Row[], typing?: boolean) => void) {
  const place = (id: number) => now().findIndex((row) => row.id === id);
  return {
    place,
    change(id: number, next: Partial<FieldOption>, typing: boolean) {
      put(
        now().map((row) => {
          if (row.id !== id) return row;
          const follows = row.follows && next.value === undefined;
          const value = follows && next.label !== undefined ? { value: valueFrom(next.label) } : {};
          return { ...row, ...value, ...next, follows };
        }),
        typing,
      );
    },
    insert(at: number, options: FieldOption[]): Row[] {
      const fresh = options.map(rowOf);
      put(now().toSpliced(at, 0, ...fresh));
      return fresh;
    },
    remove: (id: number) => put(now().filter((row) => row.id !== id)),
    /** Moves a row to a position (from 1). */
    move(id: number, position: number) {
      const row = now().find((one) => one.id === id);
      if (row)
        put(
          now()
            .filter((one) => one !== row)
            .toSpliced(position - 1, 0, row),
        );
    },
    /** Lines pasted into a row: the first one fills it if it is empty, the others become rows below. */
    paste(id: number, options: FieldOption[]) {
      const index = place(id);
      const here = now()[index];
      const into = here && !here.label && !here.value ? 1 : 0;
      const known = new Set(now().map(({ value }) => value));
      const fresh = options.filter(({ value }) => !known.has(value)).map(rowOf);
      put(now().toSpliced(into ? index : index + 1, into, ...fresh));
    },
    replace(options: FieldOption[]) {
      const ids = new Map(now().map((row) => [row.value, row.id]));
      put(
        options.map((option) => ({
          ...rowOf(option),
          ...(ids.has(option.value) && { id: ids.get(option.value) ?? 0 }),
        })),
      );
    },
  };
}

/** An option with a new text in a language. */
export function withTranslation(option: FieldOption, language: Language, value: string) {
  const texts = option.i18n?.label ?? noTranslations();
  return { i18n: { label: { ...texts, [language]: typed(texts[language], value) } } };
}
