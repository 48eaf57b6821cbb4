import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { stateOf } from '#contract/translation';
import { type Language, languages } from '#contract/wire/language';
import { currentLanguage, languageNames } from '../../i18n/index.ts';
import { type Text, typed, type Unit } from './texts.ts';

interface Cell {
  row: number;
  column: number;
}

/** A grid of texts against languages that works like a spreadsheet: arrows move, typing or Enter writes, Escape takes back. */
export function TranslationsBoard({
  texts,
  language,
  isEdited,
  readOnly,
  onEdit,
}: {
  texts: Text[];
  /** The only language to be shown. */
  language: Language | undefined;
  isEdited: (text: Text, language: Language) => boolean;
  readOnly: boolean;
  onEdit: (text: Text, language: Language, unit: Unit) => void;
}) {
  const { t } = useTranslation();
  const isNarrow = useNarrow();
  const shown: Language[] = language ? [language] : isNarrow ? [currentLanguage()] : [...languages];
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const [draft, setDraft] = useState<string>();
  const frame = useRef<HTMLDivElement>(null);
  const isFocused = useRef(false);
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
  useEffect(() => {
    // The cell that is chosen has the focus, once it is there.
    const input = frame.current?.querySelector<HTMLInputElement>('.board-input');
    if (!isFocused.current || !input || draft !== undefined) return;
    input.focus({ preventScroll: true });
    // All of it is chosen, so that whatever is typed, by an input method too, stands in its place.
    input.select();
  });
  if (!text || !here) return null;

  const go = (rows: number, columns: number) => {
    const next = {
      row: Math.min(Math.max(row + rows, 0), texts.length - 1),
      column: Math.min(Math.max(column + columns, 0), shown.length - 1),
    };
    list.scrollToIndex(next.row, { align: 'auto' });
    setAt(next);
  };
  const put = (unit: Unit) => !readOnly && onEdit(text, here, unit);
  const commit = () => {
    if (draft === undefined) return;
    setDraft(undefined);
    if (draft !== text.units[here].value) put(typed(text.units[here], draft.slice(0, text.max)));
  };
  const unit = text.units[here];

  /** While one looks around: what a key does to the chosen cell, or where it leads. */
  function onLookKey(event: KeyboardEvent) {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-12, 0],
      PageDown: [12, 0],
      Home: [0, -shown.length],
      End: [0, shown.length],
    };
    const step = steps[event.key];
    if (step) go(event.ctrlKey ? step[0] * texts.length : step[0], step[1]);
    else if (event.key === 'Enter' || event.key === 'F2') setDraft(readOnly ? undefined : unit.value);
    else if (event.key === 'Delete' || event.key === 'Backspace') put({ enabled: false, value: '' });
    else if (event.key === ' ') toggle();
    else return;
    event.preventDefault();
  }
  /** While one writes. */
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
  const state = stateOf(text.text, unit);

  return (
    <>
      <div className="board-bar" aria-live="polite">
        <span className="board-what">
          <b>{text.text}</b> <span lang={here}>{languageNames[here]}</span>{' '}
          <span className={`state ${state}`}>{t(`fields.board.states.${state}`)}</span>
          {state === 'outdated' && <small className="quiet"> {t('fields.board.was', { source: unit.source })}</small>}
        </span>
        {!readOnly && (
          <span className="board-actions">
            <Button size="small" disabled={!unit.value} onClick={toggle}>
              {unit.enabled ? t('fields.board.keepDraft') : t('fields.board.switchOn')} <kbd aria-hidden>Space</kbd>
            </Button>
            {state === 'outdated' && (
              <Button size="small" onClick={() => put({ ...unit, source: text.text })}>
                {t('fields.board.stillRight')}
              </Button>
            )}
          </span>
        )}
      </div>
      <div
        className="board"
        role="grid"
        aria-label={t('fields.section.translations')}
        aria-rowcount={texts.length + 1}
        aria-colcount={shown.length + 1}
        aria-readonly={readOnly}
        style={{ '--columns': shown.length } as React.CSSProperties}
        ref={frame}
        onFocus={() => {
          isFocused.current = true;
        }}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) isFocused.current = false;
        }}
      >
        <div className="board-row board-head" role="row" aria-rowindex={1}>
          <div role="columnheader">{t('fields.board.text')}</div>
          {shown.map((each) => (
            <div key={each} role="columnheader" lang={each}>
              {languageNames[each]}
            </div>
          ))}
        </div>
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
                <div role="rowheader">
                  <span>{one.text}</span>
                  <small className="quiet">
                    <span className="mono">{one.key}</span>
                    {one.kind !== 'label' && ` · ${t(`fields.board.kinds.${one.kind}`)}`}
                  </small>
                </div>
                {shown.map((each, place) => {
                  const isHere = index === row && place === column;
                  const own = one.units[each];
                  const how = stateOf(one.text, own);
                  const says = `${one.text}, ${languageNames[each]}: ${own.value || t('fields.board.states.missing')}`;
                  return (
                    <div
                      key={each}
                      role="gridcell"
                      lang={each}
                      aria-selected={isHere}
                      className={`board-cell ${how}${isEdited(one, each) ? ' edited' : ''}`}
                      onPointerDown={(event) => {
                        isFocused.current = true;
                        // A second press in the chosen cell writes in it; the first one chooses it.
                        if (!isHere) event.preventDefault();
                        if (isHere) return setDraft(draft ?? (readOnly ? undefined : own.value));
                        commit();
                        setAt({ row: index, column: place });
                      }}
                    >
                      {isHere ? (
                        <input
                          className="board-input"
                          aria-label={says}
                          maxLength={one.max}
                          readOnly={readOnly}
                          value={draft ?? own.value}
                          onChange={(event) => setDraft(event.target.value)}
                          onBlur={commit}
                          onKeyDown={(event) => {
                            // An input method has its own use for these keys.
                            if (event.nativeEvent.isComposing) return;
                            if (draft === undefined) onLookKey(event);
                            else onWriteKey(event);
                          }}
                        />
                      ) : (
                        own.value && <span>{own.value}</span>
                      )}
                      {how !== 'done' && !(isHere && draft !== undefined) && (
                        <small className={`state ${how}`}>{t(`fields.board.states.${how}`)}</small>
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      <p className="field-help">{t('fields.board.help')}</p>
    </>
  );
}

const narrow = window.matchMedia('(max-width: 900px)');

/** Whether there is room for one language only. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
