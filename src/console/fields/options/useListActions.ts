import { useRef, useState } from 'react';
import type { Column } from '../paste/columns.ts';
import { isBlank, type Row } from './rows.ts';
import type { RowActions } from './useOptionRows.ts';

/** What of a row can get the focus. */
export type Place = Column | 'remove';

export interface ListActions extends Pick<RowActions, 'type' | 'remove'> {
  /** The focus has moved to the row. */
  focused: () => void;
  /** Moves along the column; the last row may get one below it. */
  go: (id: number, column: Column, step: 1 | -1, adds: boolean) => void;
  /** Moves the row itself. */
  shift: (id: number, column: Column, step: 1 | -1) => void;
  moveTo: (id: number, position: number) => void;
  /** Whether it was a block, which is spread from here. */
  paste: (id: number, column: Column, text: string) => boolean;
}

/** What the list shows, and what it tells. */
export interface Listed {
  rows: Row[];
  actions: RowActions;
  /** The rows that match the search. */
  shown: Row[];
  isSearch: boolean;
  onFocus: (focus: { id: number; place: Place } | undefined) => void;
  onPaste: ListActions['paste'];
}

/** What keys and buttons of a row do. One stable object, so that only changed rows render again. */
export function useListActions(given: Listed, scroll: (index: number) => void) {
  const addButton = useRef<HTMLButtonElement>(null);
  const [moved, setMoved] = useState<{ from: number; to: number; total: number }>();
  const show = (row: Row, place: Place, index: number) => {
    given.onFocus({ id: row.id, place });
    scroll(index);
  };
  const add = (column: Column) => {
    const [fresh] = given.actions.insert(given.rows.length, [{ value: '', label: '' }]);
    if (fresh) show(fresh, column, given.rows.length);
  };
  const latest = useRef({ ...given, scroll, show, add });
  latest.current = { ...given, scroll, show, add };
  const [own] = useState<ListActions>(() => {
    const now = () => latest.current;
    const placeOf = (id: number) => now().shown.findIndex((row) => row.id === id);
    return {
      type: given.actions.type,
      focused: () => now().onFocus(undefined),
      paste: (...args) => now().onPaste(...args),
      go(id, column, step, adds) {
        const { shown, isSearch } = now();
        const at = placeOf(id);
        const [here, next] = [shown[at], shown[at + step]];
        if (next) now().show(next, column, at + step);
        else if (adds && step > 0 && here && !isBlank(here) && !isSearch) now().add(column);
      },
      shift(id, column, step) {
        const { rows, isSearch, actions } = now();
        const [from, to] = [placeOf(id) + 1, placeOf(id) + 1 + step];
        const row = rows[from - 1];
        if (isSearch || !row || to < 1 || to > rows.length) return;
        actions.move(id, to);
        now().show(row, column, to - 1);
        setMoved({ from, to, total: rows.length });
      },
      remove(id) {
        const { shown, actions } = now();
        const at = placeOf(id);
        const near = shown[at + 1] ?? shown[at - 1];
        actions.remove(id);
        if (near) now().show(near, 'remove', at);
        else addButton.current?.focus();
      },
      moveTo(id, position) {
        now().actions.move(id, position);
        now().scroll(position - 1);
      },
    };
  });
  return { own, add, addButton, moved };
}
