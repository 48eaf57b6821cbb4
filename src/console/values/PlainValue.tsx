import { Fingerprint } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import type { Value } from '#contract/value';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import './PlainValue.css';

/** The name of a field with its marks. */
export function FieldName({ field, isHidden }: { field: Field; isHidden: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      {labelOf(field, language)}
      {field.isUnique && (
        <span title={t('fields.mark.unique')}>
          <Fingerprint className="icon" aria-label={t('fields.mark.unique')} />
        </span>
      )}
      {isHidden && <span className="badge">{t('values.hidden')}</span>}
    </>
  );
}

/** A field that the viewer can't edit: its value as text, and why, where the section doesn't say it. */
export function PlainValue({
  field,
  value,
  isHidden,
  why,
  aside,
  children,
}: {
  field: Field;
  value: Value | null;
  isHidden: boolean;
  why: string | undefined;
  aside: ReactNode;
  /** Stands in the place of the value. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const help = [textOf(field.description, field.i18n.description, language), why].filter(Boolean);
  return (
    <div className="field">
      <div className="field-head">
        <span className="plain-name" lang={language}>
          <FieldName field={field} isHidden={isHidden} />
        </span>
        {aside}
      </div>
      {children ??
        (value === null ? (
          <p className="plain-value quiet">{t('values.notSet')}</p>
        ) : (
          <p className="plain-value">{sayValue(value, field, language, t)}</p>
        ))}
      {help.map((text) => (
        <p key={text} className="field-help">
          {text}
        </p>
      ))}
    </div>
  );
}
