import { Button } from 'antd';
import type { CSSProperties, KeyboardEvent, ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { stateOf } from '#contract/translation';
import type { Language } from '#contract/wire/language';
import { languageName } from '../../i18n/index.ts';
import type { Text, Unit } from './texts.ts';
import './BoardCell.css';

/** The selected cell: its text, its state, and actions on it. */
export function BoardBar({
  text,
  language,
  readOnly,
  onPut,
  onToggle,
}: {
  text: Text;
  language: Language;
  readOnly: boolean;
  onPut: (unit: Unit) => void;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const unit = text.units[language];
  const state = stateOf(text.text, unit);
  return (
    <div className="board-bar" aria-live="polite">
      <span>
        <b>{text.text}</b> <span>{languageName(language)}</span>{' '}
        <span className={`state ${state}`}>{t(`fields.board.states.${state}`)}</span>
        {state === 'outdated' && <small className="quiet"> {t('fields.board.was', { source: unit.source })}</small>}
      </span>
      {!readOnly && (
        <span className="board-actions">
          <Button size="small" disabled={!unit.value} onClick={onToggle}>
            {unit.enabled ? t('fields.board.keepDraft') : t('fields.board.switchOn')} <kbd aria-hidden>Space</kbd>
          </Button>
          {state === 'outdated' && (
            <Button size="small" onClick={() => onPut({ ...unit, source: text.text })}>
              {t('fields.board.stillRight')}
            </Button>
          )}
        </span>
      )}
    </div>
  );
}

/** The grid, which knows whether the focus is in it and whether a block is pasted into it. */
export function BoardFrame({
  frame,
  rows,
  shown,
  readOnly,
  onFocus,
  onPaste,
  children,
}: {
  frame: Ref<HTMLDivElement>;
  rows: number;
  shown: Language[];
  readOnly: boolean;
  onFocus: (isInside: boolean) => void;
  /** Whether it took what was pasted. */
  onPaste: (pasted: string) => boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div
      className="board"
      role="grid"
      aria-label={t('fields.section.translations')}
      aria-rowcount={rows + 1}
      aria-colcount={shown.length + 1}
      aria-readonly={readOnly}
      style={{ '--columns': shown.length } as CSSProperties}
      ref={frame}
      onFocus={() => onFocus(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onFocus(false);
      }}
      onPaste={(event) => {
        if (onPaste(event.clipboardData.getData('text/plain'))) event.preventDefault();
      }}
    >
      <BoardHead shown={shown} />
      {children}
    </div>
  );
}

function BoardHead({ shown }: { shown: Language[] }) {
  const { t } = useTranslation();
  return (
    <div className="board-row board-head" role="row" aria-rowindex={1}>
      <div role="columnheader">{t('fields.board.text')}</div>
      {shown.map((each) => (
        <div key={each} role="columnheader">
          {languageName(each)}
        </div>
      ))}
    </div>
  );
}

export function BoardRowHead({ text }: { text: Text }) {
  const { t } = useTranslation();
  return (
    <div className="board-name" role="rowheader">
      <span>{text.text}</span>
      <small className="quiet">
        <span className="mono">{text.key}</span>
        {text.kind !== 'label' && ` · ${t(`fields.board.kinds.${text.kind}`)}`}
      </small>
    </div>
  );
}

/** One text in one language. The selected cell is an input for navigation and typing. */
export function BoardCell({
  text,
  language,
  isHere,
  isEdited,
  draft,
  readOnly,
  onPress,
  onWrite,
  onLeave,
  onKey,
}: {
  text: Text;
  language: Language;
  isHere: boolean;
  isEdited: boolean;
  /** The typed text. Undefined during navigation. */
  draft: string | undefined;
  readOnly: boolean;
  onPress: () => void;
  onWrite: (draft: string) => void;
  onLeave: () => void;
  onKey: (event: KeyboardEvent) => void;
}) {
  const { t } = useTranslation();
  const { value } = text.units[language];
  const how = stateOf(text.text, text.units[language]);
  return (
    <div
      role="gridcell"
      lang={language}
      aria-selected={isHere}
      className={`board-cell ${how}${isEdited ? ' edited' : ''}`}
      onPointerDown={(event) => {
        if (!isHere) event.preventDefault();
        onPress();
      }}
    >
      {isHere ? (
        <input
          className="board-input"
          aria-label={t('app.named', {
            what: `${text.text} (${languageName(language)})`,
            name: value || t('fields.board.states.missing'),
          })}
          maxLength={text.max}
          readOnly={readOnly}
          value={draft ?? value}
          onChange={(event) => onWrite(event.target.value)}
          onBlur={onLeave}
          // An input method uses these keys itself.
          onKeyDown={(event) => !event.nativeEvent.isComposing && onKey(event)}
        />
      ) : (
        value && <span>{value}</span>
      )}
      {how !== 'done' && !(isHere && draft !== undefined) && (
        <small className={`state ${how}`}>{t(`fields.board.states.${how}`)}</small>
      )}
    </div>
  );
}
