import { Input } from 'antd';
import { RotateCcw } from 'lucide-react';
import { type FocusEvent, lazy, memo, type ReactNode, Suspense, useState } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type Field, isProtected, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import { fits, type Value } from '#contract/value';
import { FormField } from '../inputs/FormField.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import type { Reference } from '../kinds.ts';
import { patiently } from '../reach.ts';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import type { Clash, FormValues, Part } from './form.ts';
import { LastChange } from './history/LastChange.tsx';
import type { Undoable } from './history/useUndoChange.ts';
import { FieldName, PlainValue } from './PlainValue.tsx';
import type { Lock } from './useLocks.ts';
import { ClashNote, Misfit, short } from './ValueNotes.tsx';
import './ValueField.css';

const ProtectedValue = lazy(() =>
  patiently(() => import('./ProtectedValue.tsx')).then((m) => ({ default: m.ProtectedValue })),
);

/** What a form's fields have in common. */
export interface FieldsProps {
  reference: Reference;
  before: FormValues;
  /** Called before a masked value is replaced. */
  onReplace: (key: string) => void;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
  /** Of the state that is shown. */
  etag: string | null;
  /** Takes back the last change of a field. */
  onUndo: (change: Undoable) => void;
}

/** One field of the form: label, old value, control and problems. Memoized. */
export const ValueField = memo(function ValueField({
  part,
  field,
  before,
  why,
  isPaused,
  isWhySaid,
  clash,
  reference,
  onReplace,
  onSettle,
  etag,
  onUndo,
}: FieldsProps &
  Lock & {
    part: Part;
    field: Field;
    /** The section says why. */
    isWhySaid: boolean;
    clash: Clash | undefined;
  }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { control } = useFormContext<FormValues>();
  const label = labelOf(field, language);
  const stored = before[part][field.key] ?? null;
  const [isReplaced, setReplaced] = useState(false);
  const isMasked = part === 'custom' && stored !== null && isProtected(field);
  const isHidden = part === 'custom' && !field.visibleInAdminConsole;
  const {
    field: { value: current, onChange },
    fieldState,
  } = useController({ control, name: `${part}.${field.key}` });
  const value = current ?? null;
  const isChanged = value !== stored;
  const path = `${part}.${field.key}`;
  const isMisfit = part === 'custom' && !isMasked && !isChanged && stored !== null && !fits(field, stored);
  const { isNear, near } = useNear();
  const lastChange = isNear && !isChanged && (
    <LastChange
      reference={reference}
      etag={etag}
      part={part}
      field={field}
      onUndo={why !== undefined || isPaused ? undefined : onUndo}
    />
  );
  /** A masked value in what `show` makes of its text, with what may be done with it. */
  const masked = (show: (text: string) => ReactNode, change?: { onReplace: () => void; onClear: () => void }) => (
    <Suspense
      fallback={
        <>
          {show(String(stored))}
          <div className="protected" />
        </>
      }
    >
      <ProtectedValue
        field={field}
        mask={String(stored)}
        label={label}
        reference={reference}
        show={show}
        onReplace={change?.onReplace}
        onClear={change?.onClear}
      />
    </Suspense>
  );
  if (why !== undefined) {
    return (
      <div className="value plain" data-path={path} {...near}>
        <PlainValue
          field={field}
          value={stored}
          isHidden={isHidden}
          why={isWhySaid ? undefined : why}
          aside={lastChange}
        >
          {isMasked ? masked((text) => <p className="plain-value">{text}</p>) : undefined}
        </PlainValue>
      </div>
    );
  }
  return (
    <div className={isChanged ? 'value changed' : 'value'} data-path={path} {...near}>
      <FormField
        lang={language}
        label={<FieldName field={field} isHidden={isHidden} />}
        aside={
          <>
            {isMasked && isReplaced && !isChanged && (
              <button type="button" className="link-button" onClick={() => setReplaced(false)}>
                {t('values.protected.keep')}
              </button>
            )}
            {lastChange}
            {isChanged && <Was field={field} stored={stored} onRevert={() => onChange(stored)} />}
          </>
        }
        help={textOf(field.description, field.i18n.description, language) || undefined}
        error={fieldState.error?.message}
        note={
          clash ? (
            <ClashNote field={field} clash={clash} onSettle={onSettle} />
          ) : (
            isMisfit && <Misfit field={field} stored={stored} onNormalise={isPaused ? undefined : onChange} />
          )
        }
      >
        {(props) =>
          isMasked && !isReplaced && !isChanged ? (
            masked(
              (text) => <Input {...props} readOnly value={text} className="masked" />,
              isPaused
                ? undefined
                : {
                    onReplace: () => {
                      setReplaced(true);
                      onReplace(field.key);
                    },
                    onClear: () => {
                      onReplace(field.key);
                      onChange(null);
                    },
                  },
            )
          ) : (
            <ValueInput
              field={field}
              // A replacement of a masked value starts empty, and without input nothing changes.
              value={isMasked && !isChanged ? null : value}
              // A stored empty text isn't the same as no value.
              onChange={(next) =>
                onChange(isMasked && isReplaced && next === null ? stored : next === null && stored === '' ? '' : next)
              }
              language={language}
              label={label}
              control={props}
              disabled={isPaused}
              clearable={part === 'custom'}
            />
          )
        }
      </FormField>
    </div>
  );
});

/** Whether the pointer or the focus is at a field. */
function useNear() {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  return {
    isNear: isPointed || isFocused,
    near: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      // Where the work goes on by itself, nobody looks at the field yet.
      onFocus: ({ currentTarget }: FocusEvent) => setFocused(!currentTarget.closest('[data-goes-on]')),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setFocused(currentTarget.contains(relatedTarget)),
    },
  };
}

/** The value before the edit, and the way back to it. */
function Was({ field, stored, onRevert }: { field: Field; stored: Value | null; onRevert: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const said = stored === null ? t('values.notSet') : short(sayValue(stored, field, language, t));
  return (
    <span className="field-was">
      <span title={said}>{t('values.was', { value: said })}</span>
      <button
        type="button"
        className="small-button"
        title={t('values.revert', { value: said })}
        aria-label={t('values.revert', { value: said })}
        onClick={(event) => {
          const field = event.currentTarget.closest('.value');
          onRevert();
          field?.querySelector<HTMLElement>('input, textarea')?.focus();
        }}
      >
        <RotateCcw className="icon" aria-hidden />
      </button>
    </span>
  );
}

/** A placeholder for a field that isn't rendered yet: a form may have a thousand. Its name can be found. */
export function LaterField({ field }: { field: Field }) {
  const language = useLanguage();
  return (
    <div className="value later" lang={language}>
      {labelOf(field, language)}
    </div>
  );
}
