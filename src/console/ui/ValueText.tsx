import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { type DataType, type Field, labelOf } from '#contract/field';
import { fits, type Value } from '#contract/value';
import type { Language } from '#contract/wire/language';
import { useLanguage } from './language.ts';
import { moment, wholeDay } from './when.ts';

type FieldOf<T extends DataType> = Extract<Field, { dataType: T }>;
type Say<T extends DataType> = (value: Value, field: FieldOf<T>, language: Language, t: TFunction) => string;

const words: { [T in DataType]: Say<T> } = {
  STRING: (value) => String(value),
  NUMBER: (value, _field, language) => Number(value).toLocaleString(language, { maximumFractionDigits: 20 }),
  DATETIME: (value, field, language) => (field.precision === 'day' ? wholeDay : moment)(String(value), language),
  BOOLEAN: (value, _field, _language, t) => t(value ? 'values.yes' : 'values.no'),
  ENUM: (value, field, language) => optionLabel(field, value, language) ?? String(value),
};

/** A stored value as text for the viewer. A value that doesn't fit its type is shown as stored. */
export function sayValue(value: Value, field: Field, language: Language, t: TFunction): string {
  const retired = 'retiredOptions' in field && optionLabel(field, value, language);
  if (!retired && !fits(field, value)) return String(value);
  // The table has every type. TypeScript can't narrow the union of its functions, so this cast does.
  return (words[field.dataType] as Say<DataType>)(value, field as never, language, t);
}

function optionLabel(field: FieldOf<'ENUM'>, value: Value, language: Language): string | undefined {
  const option = [...field.options, ...field.retiredOptions].find((candidate) => candidate.value === value);
  return option && labelOf(option, language);
}

export function ValueText({ value, field }: { value: Value | undefined; field: Field }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return value === undefined ? null : sayValue(value, field, language, t);
}
