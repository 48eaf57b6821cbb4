import { useEffect, useRef, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import type { FieldDefinition, FieldOption } from '#contract/field';
import type { Column } from '../paste/columns.ts';
import { optionOf, type Row, rowOf, withoutBlankEnd, withText } from './rows.ts';

/** Long enough that validation of thousands of rows doesn't slow down typing. */
const pause = 300;
const few = 300;
/** How many changes can be undone. */
const most = 50;

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
  function put(next: Row[], isTyping: boolean) {
    setRows(next);
    clearTimeout(waiting.current?.timer);
    if (isTyping && next.length > few) {
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
      (next, isTyping) => write.current(next, isTyping),
    ),
  );
  return { rows, actions };
}

export type RowActions = ReturnType<typeof actionsOn>;

function actionsOn(now: () => Row[], show: (next: Row[], isTyping: boolean) => void) {
  const past: Row[][] = [];
  let future: Row[][] = [];
  let lastStep: string | undefined;
  /** Changes with the same name, one after the other, are undone together. */
  function put(next: Row[], step?: string, isTyping = false) {
    if (!step || step !== lastStep) past.push(now());
    if (past.length > most) past.shift();
    lastStep = step;
    future = [];
    show(next, isTyping);
  }
  /** Whether there was anything to take. */
  function step(from: Row[][], to: Row[][]): boolean {
    const taken = from.pop();
    if (!taken) return false;
    to.push(now());
    lastStep = undefined;
    show(taken, false);
    return true;
  }
  return {
    put,
    undo: () => step(past, future),
    redo: () => step(future, past),
    type: (id: number, column: Column, text: string) =>
      put(
        now().map((row) => (row.id === id ? withText(row, column, text) : row)),
        `${id} ${column}`,
        true,
      ),
    insert(at: number, options: FieldOption[]): Row[] {
      const fresh = options.map(rowOf);
      put(now().toSpliced(at, 0, ...fresh));
      return fresh;
    },
    remove: (id: number) => put(now().filter((row) => row.id !== id)),
    /** Moves a row to a position (from 1). */
    move(id: number, position: number) {
      const row = now().find((one) => one.id === id);
      if (!row) return;
      const others = now().filter((one) => one !== row);
      put(others.toSpliced(position - 1, 0, row));
    },
  };
}
