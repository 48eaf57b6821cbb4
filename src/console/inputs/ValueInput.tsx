import { Input, Select } from 'antd';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DataType, labelOf } from '#contract/field';
import { patiently } from '../reach.ts';
import { Choice } from './Choice.tsx';
import { searchChoices } from './choices.tsx';
import type { ValueInputProps } from './FormField.tsx';
import { GrowingText } from './GrowingText.tsx';
import { readNumber } from './numbers.ts';

const DateInput = lazy(() => patiently(() => import('./DateInput.tsx')).then((m) => ({ default: m.DateInput })));

const inputs: { [T in DataType]: ComponentType<ValueInputProps<T>> } = {
  STRING: TextInput,
  NUMBER: NumberInput,
  DATETIME: LazyDateInput,
  BOOLEAN: BooleanInput,
  ENUM: OptionInput,
};

/** The control for a field's type. */
export function ValueInput(props: ValueInputProps) {
  // The table has every type. TypeScript can't narrow the union of its components, so this cast does.
  const Suited = inputs[props.field.dataType] as ComponentType<ValueInputProps>;
  return <Suited {...props} />;
}

function TextInput({ value, onChange, control, disabled, language, placeholder }: ValueInputProps<'STRING'>) {
  const { t } = useTranslation();
  return (
    <GrowingText
      {...control}
      lang={language}
      value={value === null ? '' : String(value)}
      placeholder={placeholder ?? t('values.notSet')}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}

/** Grouped in the viewer's language, plain digits while typing. It never rounds a digit away. */
function NumberInput({ value, onChange, control, disabled, language, placeholder }: ValueInputProps<'NUMBER'>) {
  const { t } = useTranslation();
  const [typing, setTyping] = useState<string>();
  const shown =
    typeof value === 'number' ? value.toLocaleString(language, { maximumFractionDigits: 20 }) : (value ?? '');
  return (
    <Input
      {...control}
      inputMode="decimal"
      value={typing ?? String(shown)}
      placeholder={placeholder ?? t('values.notSet')}
      disabled={disabled}
      onFocus={() => setTyping(value === null ? '' : String(value))}
      onBlur={() => setTyping(undefined)}
      onChange={(event) => {
        const text = event.target.value;
        setTyping(text);
        onChange(readNumber(text));
      }}
    />
  );
}

function LazyDateInput(props: ValueInputProps<'DATETIME'>) {
  return (
    <Suspense fallback={<Input disabled aria-label={props.label} />}>
      <DateInput {...props} />
    </Suspense>
  );
}

type Answer = 'true' | 'false' | 'unset';

function BooleanInput({ value, onChange, control, disabled, label }: ValueInputProps<'BOOLEAN'>) {
  const { t } = useTranslation();
  const answers: { value: Answer; label: string }[] = [
    { value: 'true', label: t('values.yes') },
    { value: 'false', label: t('values.no') },
    { value: 'unset', label: t('values.notSet') },
  ];
  // A stored text such as "true" is none of the three, so none is selected.
  const answer = typeof value === 'string' ? undefined : value === null ? 'unset' : value ? 'true' : 'false';
  return (
    <Choice
      label={label}
      control={control}
      value={answer}
      options={answers}
      disabled={disabled ?? false}
      onChange={(next) => onChange(next === 'unset' ? null : next === 'true')}
    />
  );
}

function OptionInput({
  field,
  value,
  onChange,
  control,
  disabled,
  clearable = true,
  language,
  label,
  placeholder,
}: ValueInputProps<'ENUM'>) {
  const { t } = useTranslation();
  const living = field.options.map((option) => ({ value: option.value, label: labelOf(option, language) }));
  const retired = field.retiredOptions.find((option) => option.value === value);
  const known = value === null || living.some((option) => option.value === value);
  const stray = known ? [] : [{ value: String(value), label: retired ? labelOf(retired, language) : String(value) }];
  return (
    <Select
      {...control}
      aria-label={label}
      value={value === null ? null : String(value)}
      options={[...living, ...stray]}
      placeholder={placeholder ?? t('values.notSet')}
      allowClear={clearable}
      disabled={disabled}
      showSearch={searchChoices}
      style={{ width: '100%' }}
      onChange={(next) => onChange(next ?? null)}
    />
  );
}
