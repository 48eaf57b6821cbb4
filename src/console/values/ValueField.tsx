import { Button, Input } from 'antd';
import { Fingerprint, Lock } from 'lucide-react';
import { lazy, memo, Suspense, useState } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type Field, isProtected, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import { fits, normalised, type Value } from '#contract/value';
import { FormField } from '../inputs/FormField.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import type { Reference } from '../kinds.ts';
import { patiently } from '../reach.ts';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import type { FormValues, Part } from './form.ts';
import './ValueField.css';

const ProtectedValue = lazy(() =>
  patiently(() => import('./ProtectedValue.tsx')).then((m) => ({ default: m.ProtectedValue })),
);

/** A field that somebody else changed during the edit. */
export interface Clash {
  path: string;
  base: Value | null;
  theirs: Value | null;
}

/** A shortened value. The control has the whole one. */
export const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** One field of the form: label, old value, control and problems. Memoized. */
export const ValueField = memo(function ValueField({
  part,
  field,
  before,
  locked,
  clash,
  reference,
  onReplace,
  onSettle,
}: {
  part: Part;
  field: Field;
  before: FormValues;
  /** Why it is locked, if it is. */
  locked: string | undefined;
  clash: Clash | undefined;
  reference: Reference;
  /** Called before a masked value is replaced. */
  onReplace: (key: string) => void;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { control } = useFormContext<FormValues>();
  const label = labelOf(field, language);
  const stored = before[part][field.key] ?? null;
  const [asksWhy, setAsksWhy] = useState(false);
  const [isReplaced, setReplaced] = useState(false);
  const isMasked = part === 'custom' && stored !== null && isProtected(field);
  const {
    field: { value: current, onChange },
    fieldState,
  } = useController({ control, name: `${part}.${field.key}` });
  const value = current ?? null;
  const isChanged = value !== stored;
  return (
    <div className={isChanged ? 'value changed' : 'value'} data-path={`${part}.${field.key}`}>
      <FormField
        lang={language}
        label={
          <>
            {label}
            {field.isUnique && (
              <span title={t('fields.mark.unique')}>
                <Fingerprint className="icon" aria-label={t('fields.mark.unique')} />
              </span>
            )}
            {part === 'custom' && !field.visibleInAdminConsole && <span className="badge">{t('values.hidden')}</span>}
          </>
        }
        aside={
          <>
            {isMasked && isReplaced && !isChanged && (
              <button type="button" className="link-button" onClick={() => setReplaced(false)}>
                {t('values.protected.keep')}
              </button>
            )}
            {locked && (
              <button
                type="button"
                className="why"
                title={locked}
                aria-label={t('values.why', { label })}
                aria-expanded={asksWhy}
                onClick={() => setAsksWhy(!asksWhy)}
              >
                <Lock className="icon" aria-hidden />
              </button>
            )}
            {isChanged && (
              <span className="field-was">
                {t('values.was', {
                  value: stored === null ? t('values.notSet') : short(sayValue(stored, field, language, t)),
                })}
              </span>
            )}
          </>
        }
        help={(asksWhy && locked) || textOf(field.description, field.i18n.description, language) || undefined}
        error={fieldState.error?.message}
        note={
          clash ? (
            <ClashNote field={field} clash={clash} onSettle={onSettle} />
          ) : (
            !isChanged &&
            part === 'custom' &&
            !isMasked &&
            stored !== null && <Misfit field={field} stored={stored} onNormalise={locked ? undefined : onChange} />
          )
        }
      >
        {(props) =>
          isMasked && !isReplaced && !isChanged ? (
            <Suspense fallback={<Input {...props} readOnly value={String(stored)} />}>
              <ProtectedValue
                field={field}
                mask={String(stored)}
                label={label}
                control={props}
                reference={reference}
                onReplace={
                  locked
                    ? undefined
                    : () => {
                        setReplaced(true);
                        onReplace(field.key);
                      }
                }
                onClear={
                  locked
                    ? undefined
                    : () => {
                        onReplace(field.key);
                        onChange(null);
                      }
                }
              />
            </Suspense>
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
              disabled={Boolean(locked)}
              clearable={part === 'custom'}
            />
          )
        }
      </FormField>
    </div>
  );
});

/** A placeholder for a field that isn't rendered yet: a form may have a thousand. Its name can be found. */
export function LaterField({ field }: { field: Field }) {
  const language = useLanguage();
  return (
    <div className="value later" lang={language}>
      {labelOf(field, language)}
    </div>
  );
}

/** The old value and the other person's value. The control has the typed one. */
function ClashNote({
  field,
  clash,
  onSettle,
}: {
  field: Field;
  clash: Clash;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = (value: Value | null) =>
    value === null ? t('values.notSet') : short(sayValue(value, field, language, t));
  return (
    <div className="note caution clash" role="alert">
      <p>{t('values.conflict.text', { base: say(clash.base), theirs: say(clash.theirs) })}</p>
      <Button size="small" onClick={() => onSettle(clash, 'theirs')}>
        {t('values.conflict.theirs')}
      </Button>{' '}
      <Button size="small" onClick={() => onSettle(clash, 'mine')}>
        {t('values.conflict.mine')}
      </Button>
    </div>
  );
}

/** Shows a stored value that doesn't fit its type. It is never hidden or changed. */
function Misfit({
  field,
  stored,
  onNormalise,
}: {
  field: Field;
  stored: Value;
  onNormalise: ((value: Value) => void) | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (fits(field, stored)) return null;
  const isDay = 'precision' in field && field.precision === 'day';
  const isRetired = 'retiredOptions' in field && field.retiredOptions.some(({ value }) => value === stored);
  const meant = isRetired ? undefined : normalised(field, stored);
  return (
    <div className="note caution misfit">
      <p>
        {isRetired
          ? t('values.retired', { value: sayValue(stored, field, language, t) })
          : t('values.misfit', {
              value: short(JSON.stringify(stored)),
              type: isDay ? t('fields.precision.day') : t(`fields.dataType.${field.dataType}`),
            })}
      </p>
      {meant !== undefined && onNormalise && (
        <Button size="small" onClick={() => onNormalise(meant)}>
          {t('values.normalise', { value: short(sayValue(meant, field, language, t)) })}
        </Button>
      )}
    </div>
  );
}
