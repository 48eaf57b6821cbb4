import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import { filtersOf, type ListOperator, operandsOf } from '#contract/list';
import type { Value } from '#contract/value';
import type { Language } from '#contract/wire/language';
import { searchChoices } from '../inputs/choices.ts';
import { FormField } from '../inputs/FormField.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { keepSecret, type ListFields, secretOf, withFilters } from './list.ts';
import { listTypeOf, operatorsIn, wordOf } from './listTypes.ts';

/** Edits a filter: field, operator and operand. */
export function FilterDialog({
  fields: { builtin, custom },
  index,
  onClose,
}: {
  fields: ListFields;
  /** The index of the URL's filter. The index after the last one adds a filter. */
  index: number;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  const filters = filtersOf(params);
  const given = filters[index];
  const all = [...builtin, ...custom];
  const [key, setKey] = useState(given?.field);
  const field = all.find((one) => one.key === key);
  const isCustom = custom.some((one) => one.key === key);
  const possible = field ? operatorsIn(field, isCustom) : [];
  const [chosen, setChosen] = useState<ListOperator | undefined>(given?.operator);
  const operator = possible.find((one) => one === chosen) ?? possible[0];
  const [operands, setOperands] = useState<(Value | null)[]>(
    () => [secretOf(given?.value) ?? null].flat() as (Value | null)[],
  );
  const [error, setError] = useState<string>();
  const wanted = operator && operandsOf[operator];

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!field || !operator) return setError('required');
    const held = operands.filter((one) => one !== null && one !== '') as Value[];
    const isComplete = wanted === 'many' ? held.length > 0 : held.length >= (wanted ?? 0);
    if (!isComplete) return setError('required');
    if (wanted && !held.every((one) => listTypeOf(field).accepts(field, one))) return setError('wrongType');
    const [first] = held;
    const filter = {
      field: field.key,
      operator,
      ...(wanted === 1 && { value: isProtected(field) && first !== undefined ? keepSecret(first) : first }),
      ...((wanted === 2 || wanted === 'many') && { value: wanted === 2 ? held.slice(0, 2) : held }),
    };
    setParams((now) => withFilters(now, filters.toSpliced(index, given ? 1 : 0, filter)));
    onClose();
  }

  const optionOf = (one: Field) => ({ value: one.key, label: labelOf(one, language) });
  const visible = custom.filter((one) => one.visibleInAdminConsole || one.key === key);
  return (
    <Dialog title={t(given ? 'lists.editFilter' : 'lists.addFilter')} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <FormField label={t('lists.field')} error={field ? undefined : error}>
          {(props) => (
            <Select
              {...props}
              autoFocus
              value={key ?? null}
              placeholder={t('lists.chooseField')}
              options={[
                ...(visible.length ? [{ label: t('values.custom'), options: visible.map(optionOf) }] : []),
                { label: t('values.builtin'), options: builtin.map(optionOf) },
              ]}
              showSearch={searchChoices}
              onChange={(next: string) => {
                setKey(next);
                setOperands([]);
                setError(undefined);
              }}
            />
          )}
        </FormField>
        {field && operator && (
          <FormField label={t('lists.operator')}>
            {(props) => (
              <Select
                {...props}
                value={operator}
                showSearch={searchChoices}
                options={possible.map((one) => ({ value: one, label: t(wordOf(one, field)) }))}
                onChange={(next: ListOperator) => {
                  if (operandsOf[next] !== operandsOf[operator]) setOperands([]);
                  setChosen(next);
                  setError(undefined);
                }}
              />
            )}
          </FormField>
        )}
        {field && operator && wanted !== 0 && (
          <Operands
            key={`${field.key} ${operator}`}
            field={field}
            operator={operator}
            language={language}
            operands={operands}
            error={error}
            onChange={setOperands}
          />
        )}
        {field && isProtected(field) && <p className="field-help">{t('lists.protected')}</p>}
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit">
            {t('lists.apply')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Operands({
  field,
  operator,
  language,
  operands,
  error,
  onChange,
}: {
  field: Field;
  operator: ListOperator;
  language: Language;
  operands: (Value | null)[];
  error: string | undefined;
  onChange: (operands: (Value | null)[]) => void;
}) {
  const { t } = useTranslation();
  const wanted = operandsOf[operator];
  const isPart = operator === 'CONTAINS' || operator === 'NOT_CONTAINS';
  if (wanted === 'many') {
    const options =
      'options' in field ? [...field.options, ...('retiredOptions' in field ? field.retiredOptions : [])] : [];
    return (
      <FormField label={t('lists.values')} error={error} help={options.length ? undefined : t('lists.manyHelp')}>
        {(props) => (
          <Select
            {...props}
            mode={options.length ? 'multiple' : 'tags'}
            tokenSeparators={[',', '\n', '、', '，']}
            value={operands.filter((one) => one !== null).map(String)}
            options={options.map((option) => ({ value: option.value, label: labelOf(option, language) }))}
            showSearch={searchChoices}
            {...(!options.length && { open: false })}
            onChange={(next: string[]) => onChange(next.map(listTypeOf(field).read))}
          />
        )}
      </FormField>
    );
  }
  const labels = wanted === 2 ? [t('lists.from'), t('lists.to')] : [t('lists.value')];
  return labels.map((label, at) => (
    <FormField key={label} label={label} error={at === labels.length - 1 ? error : undefined}>
      {(control) =>
        isPart || listTypeOf(field).isLine ? (
          <Input
            {...control}
            value={operands[at] === null || operands[at] === undefined ? '' : String(operands[at])}
            onChange={(event) => onChange(put(operands, at, event.target.value))}
          />
        ) : (
          <ValueInput
            field={field}
            value={operands[at] ?? null}
            language={language}
            label={label}
            control={control}
            onChange={(next) => onChange(put(operands, at, next))}
          />
        )
      }
    </FormField>
  ));
}

function put(operands: (Value | null)[], at: number, next: Value | null): (Value | null)[] {
  const changed = [...operands];
  changed[at] = next;
  return Array.from(changed, (one) => one ?? null);
}
