import { Input, type InputRef } from 'antd';
import { Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldOption } from '#contract/field';
import { type Language, noTranslations } from '#contract/target';
import { languageNames } from '../i18n/index.ts';
import { useSession } from '../session.ts';
import { IssueText } from '../ui/FormField.tsx';
import { PositionInput } from '../ui/PositionInput.tsx';
import { Grip, SortableRow } from '../ui/Sortable.tsx';
import { loadSheets, readRows, valueFrom } from './bulk.ts';
import type { RowErrors } from './OptionsEditor.tsx';
import { type Row, withTranslation } from './useOptionRows.ts';

/** One option: its grip and place, its texts, and who holds it. Enter goes on to the next. */
export function OptionRow({
  row,
  index,
  at,
  measure,
  total,
  language,
  isStored,
  holders,
  isFocused,
  errors,
  movable,
  onFocused,
  onChange,
  onNext,
  onPaste,
  onMove,
  onRemove,
}: {
  row: Row;
  index: number;
  /** Its place among the rows that are shown. */
  at: number;
  measure: (element: Element | null) => void;
  total: number;
  language: Language | undefined;
  isStored: boolean;
  /** Undefined while it isn't known, and for a field that isn't stored yet. */
  holders: number | undefined;
  isFocused: boolean;
  errors: RowErrors | undefined;
  movable: boolean;
  onFocused: () => void;
  onChange: (next: Partial<FieldOption>, typing: boolean) => void;
  onNext: () => void;
  onPaste: (options: FieldOption[]) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const mayDefine = can('define');
  const label = useRef<InputRef>(null);
  useEffect(() => {
    if (!isFocused) return;
    label.current?.focus();
    onFocused();
  });
  const position = { position: index + 1 };
  const named = row.label || position.position;
  const paste = async (text: string) => {
    const read = readRows(await loadSheets(), text);
    const options = read.map(({ label: name, value, translation }) => {
      const option: FieldOption = { label: name, value: value || valueFrom(name) };
      return translation && language ? { ...option, ...withTranslation(option, language, translation) } : option;
    });
    onPaste(options);
  };
  const shared = { onNext, onPaste: paste };
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
        onMove={onMove}
      />
      <Cell
        {...shared}
        ref={label}
        value={row.label}
        label={t('fields.options.labelOf', position)}
        error={errors?.label}
        onType={(text) => onChange({ label: text }, true)}
      />
      <Cell
        {...shared}
        value={row.value}
        label={t('fields.options.valueOf', position)}
        error={errors?.value}
        isKey
        locked={isStored ? t('fields.options.valueLocked') : undefined}
        onType={(text) => onChange({ value: text }, true)}
      />
      {language && (
        <Cell
          {...shared}
          value={(row.i18n?.label ?? noTranslations())[language].value}
          placeholder={row.label}
          lang={language}
          label={t('fields.options.labelIn', { ...position, language: languageNames[language] })}
          onType={(text) => onChange(withTranslation(row, language, text), true)}
        />
      )}
      <span
        className="holders"
        title={holders === undefined ? undefined : t('fields.options.heldBy', { count: holders })}
      >
        {holders?.toLocaleString(i18n.language)}
      </span>
      <button
        type="button"
        className="icon-button"
        disabled={!mayDefine}
        aria-label={t('fields.options.remove', { label: named })}
        onClick={onRemove}
      >
        <Trash2 className="icon" aria-hidden />
      </button>
    </SortableRow>
  );
}

/** One text of an option, with its complaint beneath. Lines or columns that are pasted become rows. */
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
  ref?: React.Ref<InputRef>;
  value: string;
  label: string;
  placeholder?: string;
  lang?: string;
  error?: string | undefined;
  isKey?: boolean;
  /** Why it can't be changed, if it can't. */
  locked?: string | undefined;
  onType: (text: string) => void;
  onNext: () => void;
  onPaste: (text: string) => void;
}) {
  return (
    <div>
      <Input
        {...(ref && { ref })}
        value={value}
        {...(placeholder !== undefined && { placeholder })}
        {...(lang && { lang })}
        {...(isKey && { className: 'mono', spellCheck: false })}
        {...(locked && { disabled: true, title: locked })}
        aria-label={label}
        aria-invalid={Boolean(error)}
        status={error ? 'error' : ''}
        onChange={(event) => onType(event.target.value)}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (!/[\n\t]/.test(text.trim())) return;
          event.preventDefault();
          onPaste(text);
        }}
        onKeyDown={(event) => {
          // Enter also confirms what an input method offers.
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
