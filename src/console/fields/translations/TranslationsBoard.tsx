import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, languages } from '#contract/wire/language';
import { currentLanguage } from '../../i18n/index.ts';
import { type Block, isSingle, readBlock } from '../paste/block.ts';
import { narrow, useMedia } from '../useMedia.ts';
import { BoardBar, BoardCell, BoardFrame, BoardRowHead } from './BoardCell.tsx';
import { type Text, typed, type Unit } from './texts.ts';
import './TranslationsBoard.css';

interface Cell {
  row: number;
  column: number;
}

const all = languages.length;
/** How many rows and columns each key moves. */
const steps = new Map<string, [number, number]>([
  ['ArrowUp', [-1, 0]],
  ['ArrowDown', [1, 0]],
  ['ArrowLeft', [0, -1]],
  ['ArrowRight', [0, 1]],
  ['PageUp', [-12, 0]],
  ['PageDown', [12, 0]],
  ['Home', [0, -all]],
  ['End', [0, all]],
]);

/** A grid of texts by language, like a spreadsheet: arrows move, typing or Enter edits, Escape cancels. */
export function TranslationsBoard({
  texts,
  language,
  isEdited,
  readOnly,
  onEdit,
  onPaste,
}: {
  texts: Text[];
  /** The only visible language. */
  language: Language | undefined;
  isEdited: (text: Text, language: Language) => boolean;
  readOnly: boolean;
  onEdit: (text: Text, language: Language, unit: Unit) => void;
  /** A block was pasted, to be spread from the selected row. */
  onPaste: (block: Block, row: number) => void;
}) {
  const { t } = useTranslation();
  const isNarrow = useMedia(narrow);
  const shown: Language[] = language ? [language] : isNarrow ? [currentLanguage()] : [...languages];
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const [draft, setDraft] = useState<string>();
  const frame = useRef<HTMLDivElement>(null);
  const isFocused = useFocusOfChosen(frame, draft !== undefined);
  const list = useVirtualizer({
    count: texts.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 53,
    overscan: 12,
    initialRect: { width: 900, height: 600 },
    getItemKey: (index) => texts[index]?.id ?? index,
  });
  const row = Math.min(at.row, texts.length - 1);
  const column = Math.min(at.column, shown.length - 1);
  const text = texts[row];
  const here = shown[column];
  if (!text || !here) return null;

  const go = (rows: number, columns: number) => {
    const next = { row: within(row + rows, texts.length), column: within(column + columns, shown.length) };
    list.scrollToIndex(next.row, { align: 'auto' });
    setAt(next);
  };
  const put = (unit: Unit) => !readOnly && onEdit(text, here, unit);
  const commit = () => {
    if (draft === undefined) return;
    setDraft(undefined);
    if (draft !== text.units[here].value) put(typed(draft.slice(0, text.max)));
  };
  const unit = text.units[here];

  /** A key during navigation: acts on the selected cell, or moves. */
  function onLookKey(event: KeyboardEvent) {
    const step = steps.get(event.key);
    if (step) go(event.ctrlKey ? step[0] * texts.length : step[0], step[1]);
    else if (event.key === 'Enter' || event.key === 'F2') setDraft(readOnly ? undefined : unit.value);
    else if (event.key === 'Delete' || event.key === 'Backspace') put({ enabled: false, value: '' });
    else if (event.key === ' ') toggle();
    else return;
    event.preventDefault();
  }
  /** A key while editing. */
  function onWriteKey(event: KeyboardEvent) {
    if (event.key === 'Escape') setDraft(undefined);
    else if (event.key === 'Enter') {
      commit();
      go(event.shiftKey ? -1 : 1, 0);
    } else if (event.key === 'Tab') {
      commit();
      go(0, event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const toggle = () => unit.value && put({ ...unit, enabled: !unit.enabled });
  /** The first click selects the cell; the second one edits it. */
  function press(cell: Cell) {
    isFocused.current = true;
    if (cell.row === row && cell.column === column) return setDraft(draft ?? (readOnly ? undefined : unit.value));
    commit();
    setAt(cell);
  }
  function paste(pasted: string): boolean {
    const block = readBlock(pasted, shown, here);
    if (readOnly || isSingle(block)) return false;
    commit();
    onPaste(block, row);
    return true;
  }

  return (
    <>
      <BoardBar text={text} language={here} readOnly={readOnly} onPut={put} onToggle={toggle} />
      <BoardFrame
        frame={frame}
        rows={texts.length}
        shown={shown}
        readOnly={readOnly}
        onFocus={(is) => {
          isFocused.current = is;
        }}
        onPaste={paste}
      >
        <div
          role="presentation"
          style={{
            paddingTop: list.getVirtualItems()[0]?.start ?? 0,
            paddingBottom: list.getTotalSize() - (list.getVirtualItems().at(-1)?.end ?? 0),
          }}
        >
          {list.getVirtualItems().map(({ index, key }) => {
            const one = texts[index];
            if (!one) return null;
            return (
              <div
                key={key}
                className="board-row"
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                ref={list.measureElement}
              >
                <BoardRowHead text={one} />
                {shown.map((each, place) => {
                  const isHere = index === row && place === column;
                  return (
                    <BoardCell
                      key={each}
                      text={one}
                      language={each}
                      isHere={isHere}
                      isEdited={isEdited(one, each)}
                      draft={isHere ? draft : undefined}
                      readOnly={readOnly}
                      onPress={() => press({ row: index, column: place })}
                      onWrite={setDraft}
                      onLeave={commit}
                      onKey={draft === undefined ? onLookKey : onWriteKey}
                    />
                  );
                })}
              </div>
            );
          })}
        </div>
      </BoardFrame>
      <p className="field-help">{t('fields.board.help')}</p>
    </>
  );
}

const within = (index: number, count: number) => Math.min(Math.max(index, 0), count - 1);

/** Focuses the selected cell when it is there, if the board has the focus and nobody is editing. */
function useFocusOfChosen(frame: RefObject<HTMLDivElement | null>, isWriting: boolean): RefObject<boolean> {
  const isFocused = useRef(false);
  useEffect(() => {
    const input = frame.current?.querySelector<HTMLInputElement>('.board-input');
    if (!isFocused.current || !input || isWriting) return;
    input.focus({ preventScroll: true });
    // Selects the whole text, so that typing replaces it, also with an input method.
    input.select();
  });
  return isFocused;
}
