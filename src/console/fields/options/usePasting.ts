import { useState } from 'react';
import type { Field } from '#contract/field';
import { isSingle, readBlock } from '../paste/block.ts';
import type { Column } from '../paste/columns.ts';
import { type Pasted, pasteOptions } from './pasteOptions.ts';
import type { Row } from './rows.ts';
import type { Place } from './useListActions.ts';
import type { RowActions } from './useOptionRows.ts';

/** A paste that one looks at, until it is kept or undone, or something else changes. */
interface Looked extends Pasted {
  /** The step that undoes it, whatever is chosen meanwhile. */
  name: string;
  before: Map<number, Row>;
  /** The cell in which it began. */
  from: { id: number; column: Column } | undefined;
  /** With or without the options that the block doesn't name. */
  result: Row[];
}

let count = 0;

/** Pasting of blocks into the rows, and the ways back and forth. */
export function usePasting({
  rows,
  shown,
  order,
  stored,
  actions,
  onFocus,
  onNew,
}: {
  rows: Row[];
  shown: Row[];
  order: Column[];
  stored: Extract<Field, { dataType: 'ENUM' }> | undefined;
  actions: RowActions;
  onFocus: (focus: { id: number; place: Place }) => void;
  /** There are new rows, which a search could hide. */
  onNew: () => void;
}) {
  const [looked, setLooked] = useState<Looked>();
  const now = looked?.result === rows ? looked : undefined;

  /** Back to the cell in which the paste began, or to what it brought. */
  function goBack(kept: Row[]) {
    const row = kept.find(({ id }) => id === now?.from?.id) ?? kept.find(({ id }) => !now?.before.has(id)) ?? kept[0];
    if (row) onFocus({ id: row.id, place: now?.from?.column ?? 'label' });
  }
  return {
    /** Whether it was a block. */
    paste(text: string, from?: Looked['from']): boolean {
      const block = readBlock(text, order, from?.column);
      if (from && isSingle(block)) return false;
      if (!block.rows.length) return true;
      const storedValues = new Set(stored?.options.map(({ value }) => value));
      const at = from ? shown.findIndex(({ id }) => id === from.id) : shown.length;
      const done = pasteOptions(rows, block, { shown, at, isStored: (value) => storedValues.has(value) });
      const name = `paste ${++count}`;
      if (done.rows !== rows) actions.put(done.rows, name);
      if (done.told.fresh) onNew();
      setLooked({ ...done, name, from, before: new Map(rows.map((row) => [row.id, row])), result: done.rows });
      return true;
    },
    keep() {
      goBack(rows);
      setLooked(undefined);
    },
    /** Whether there was a change to undo or to do again. */
    travel(way: 'undo' | 'redo'): boolean {
      if (!actions[way]()) return false;
      if (now) goBack([...now.before.values()]);
      setLooked(undefined);
      return true;
    },
    pasted: now && {
      ...now,
      absent: {
        count: now.absent.size,
        isRemoved: now.result !== now.rows,
        onToggle() {
          const result = now.result === now.rows ? now.rows.filter(({ id }) => !now.absent.has(id)) : now.rows;
          actions.put(result, now.name);
          setLooked({ ...now, result });
        },
      },
    },
  };
}
