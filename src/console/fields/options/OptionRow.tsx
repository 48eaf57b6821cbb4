import { Trash2 } from 'lucide-react';
import { memo, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldOption } from '#contract/field';
import type { TargetType } from '#contract/target';
import { noTranslations } from '#contract/translation';
import type { Language } from '#contract/wire/language';
import { languageName } from '../../i18n/index.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { PositionInput } from '../../inputs/PositionInput.tsx';
import { useSession } from '../../session.ts';
import { Grip, SortableRow } from '../../ui/Sortable.tsx';
import { loadSheets } from '../files/sheets.ts';
import { usedBy } from '../UsedBy.tsx';
import { readRows, valueFrom } from './bulk.ts';
import { type Row, type RowActions, withTranslation } from './useOptionRows.ts';
import './OptionRow.css';

/** What of a row can get the focus. */
export type Column = 'label' | 'value' | 'translation' | 'remove';

export interface ListActions extends RowActions {
  /** The focus has moved to the row. */
  focused: () => void;
  /** Moves down in the column; the last row gets one below it. */
  next: (id: number, column: Column) => void;
  moveTo: (id: number, position: number) => void;
}

/** One option: grip, position, texts and use count. Enter moves down. Memoized. */
export const OptionRow = memo(function OptionRow({
  row,
  index,
  at,
  measure,
  total,
  language,
  isStored,
  holders,
  targetType,
  focusOn,
  labelError,
  valueError,
  movable,
  actions,
}: {
  row: Row;
  index: number;
  /** Its index among the visible rows. */
  at: number;
  measure: (element: Element | null) => void;
  total: number;
  language: Language | undefined;
  isStored: boolean;
  /** Undefined while unknown, and for a field that isn't stored yet. */
  holders: number | undefined;
  targetType: TargetType;
  /** What is to get the focus. */
  focusOn: Column | undefined;
  labelError: string | undefined;
  valueError: string | undefined;
  movable: boolean;
  actions: ListActions;
}) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const mayDefine = can('define');
  const wanted = useRef<HTMLInputElement & HTMLButtonElement>(null);
  const refOf = (column: Column) => (column === focusOn ? wanted : null);
  // Before the next keystroke, which would otherwise go to the clicked button.
  useLayoutEffect(() => {
    if (!focusOn) return;
    wanted.current?.focus();
    actions.focused();
  });
  const position = { position: index + 1 };
  const named = row.label || position.position;
  const paste = async (text: string) => {
    const read = readRows(await loadSheets(), text);
    const options = read.map(({ label: name, value, translation }) => {
      const option: FieldOption = { label: name, value: value || valueFrom(name) };
      return translation && language ? { ...option, ...withTranslation(option, language, translation) } : option;
    });
    actions.paste(row.id, options);
  };
  const cell = (column: Column) => ({
    ref: refOf(column),
    onNext: () => actions.next(row.id, column),
    onPaste: paste,
  });
  return (
    <SortableRow
      as="li"
      id={row.id}
      index={at}
      measure={measure}
      className={language ? 'option-row translated' : 'option-row'}
    >
      <Grip label={t('fields.options.move', { label: named })} disabled={!mayDefine || !movable} />
      <PositionInput
        position={index + 1}
        last={total}
        label={t('fields.options.positionOf', { label: named })}
        disabled={!mayDefine}
        onMove={(to) => actions.moveTo(row.id, to)}
      />
      <Cell
        {...cell('label')}
        value={row.label}
        label={t('fields.options.labelOf', position)}
        error={labelError}
        onType={(text) => actions.change(row.id, { label: text }, true)}
      />
      <Cell
        {...cell('value')}
        value={row.value}
        label={t('fields.options.valueOf', position)}
        error={valueError}
        isKey
        locked={isStored ? t('fields.options.valueLocked') : undefined}
        onType={(text) => actions.change(row.id, { value: text }, true)}
      />
      {language && (
        <Cell
          {...cell('translation')}
          value={(row.i18n?.label ?? noTranslations())[language].value}
          placeholder={row.label}
          lang={language}
          label={t('fields.options.labelIn', { ...position, language: languageName(language) })}
          onType={(text) => actions.change(row.id, withTranslation(row, language, text), true)}
        />
      )}
      <span className="holders" title={holders === undefined ? undefined : usedBy(t, targetType, holders)}>
        {holders?.toLocaleString(i18n.language)}
      </span>
      <button
        ref={refOf('remove')}
        type="button"
        className="icon-button"
        disabled={!mayDefine}
        aria-label={t('fields.options.remove', { label: named })}
        onClick={() => actions.remove(row.id)}
      >
        <Trash2 className="icon" aria-hidden />
      </button>
    </SortableRow>
  );
});

/**
 * One text of an option with its error below. A native input, because a list mounts many while it scrolls. Pasted lines
 * or columns become rows.
 */
function Cell({
  ref,
  value,
  label,
  placeholder,
  lang,
  error,
  isKey,
  locked,
  onType,
  onNext,
  onPaste,
}: {
  ref?: React.Ref<HTMLInputElement>;
  value: string;
  label: string;
  placeholder?: string;
  lang?: string;
  error?: string | undefined;
  isKey?: boolean;
  /** Why it is locked, if it is. */
  locked?: string | undefined;
  onType: (text: string) => void;
  onNext: () => void;
  onPaste: (text: string) => void;
}) {
  return (
    <div>
      <input
        ref={ref}
        className={isKey ? 'plain-input mono' : 'plain-input'}
        spellCheck={!isKey}
        value={value}
        placeholder={placeholder}
        lang={lang}
        disabled={locked !== undefined}
        title={locked}
        aria-label={label}
        aria-invalid={error !== undefined}
        onChange={(event) => onType(event.target.value)}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (!/[\n\t]/.test(text.trim())) return;
          event.preventDefault();
          onPaste(text);
        }}
        onKeyDown={(event) => {
          // Enter also confirms the text of an input method.
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onNext();
        }}
      />
      {error && (
        <p className="field-error" role="alert">
          <IssueText message={error} />
        </p>
      )}
    </div>
  );
}
