import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import type { Value } from '#contract/value';
import { useLanguage } from '../../ui/language.ts';
import { sayValue } from '../../ui/ValueText.tsx';
import { short } from '../ValueNotes.tsx';

/** An old value, in the words of the field's current definition. */
export function Said({ value, field, removed }: { value: Value | null; field: Field | undefined; removed?: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (value === null) return <span className="quiet">{t('values.notSet')}</span>;
  const text = field ? sayValue(value, field, language, t) : String(value);
  return removed ? <del title={text}>{short(text)}</del> : <span title={text}>{short(text)}</span>;
}
