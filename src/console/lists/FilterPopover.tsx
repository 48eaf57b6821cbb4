import { Input, Select } from 'antd';
import { type Resolver, useController, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import { filtersOf, type ListFilter, type ListOperator, listFilter, operandsOf } from '#contract/list';
import type { Value } from '#contract/value';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import type { Language } from '#contract/wire/language';
import { BoundField } from '../inputs/BoundField.tsx';
import { searchChoices } from '../inputs/choices.tsx';
import { FormField } from '../inputs/FormField.tsx';
import { PanelForm } from '../inputs/PanelForm.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import { useLanguage } from '../ui/language.ts';
import { Popover } from '../ui/Popover.tsx';
import { keepSecret, type ListFields, secretOf, withFilters } from './list.ts';
import { listTypeOf, operatorsIn, wordOf } from './listTypes.ts';
import './FilterPopover.css';

/** A filter while it is edited. */
interface Draft {
  field: string | null;
  operator: ListOperator | null;
  operands: (Value | null)[];
}

/** Edits a filter at the button that opens it: field, operator and operand. */
export function FilterPopover({
  fields,
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
  const form = useForm<Draft, unknown, ListFilter>({
    resolver: judgeOf(fields),
    defaultValues: {
      field: given?.field ?? null,
      operator: given?.operator ?? null,
      operands: [secretOf(given?.value) ?? null].flat() as (Value | null)[],
    },
  });
  const { control } = form;
  const [key, chosen] = useWatch({ control, name: ['field', 'operator'] });
  const { field: operands, fieldState } = useController({ control, name: 'operands' });
  const asked = askedOf(fields, key, chosen);
  const startOver = () => form.resetField('operands', { defaultValue: [] });
  const optionOf = (one: Field) => ({ value: one.key, label: labelOf(one, language) });
  const visible = fields.custom.filter((one) => one.visibleInAdminConsole || one.key === key);

  async function apply({ value, ...filter }: ListFilter) {
    const held = asked && isProtected(asked.field) && value !== undefined ? keepSecret(value as Value) : value;
    const built = { ...filter, ...(held !== undefined && { value: held }) };
    setParams((now) => withFilters(now, filters.toSpliced(index, given ? 1 : 0, built)));
    onClose();
  }
  return (
    <Popover title={t(given ? 'lists.editFilter' : 'lists.addFilter')} onClose={onClose}>
      <PanelForm form={form} submitLabel={t('lists.apply')} onSubmit={apply} onClose={onClose}>
        <BoundField control={control} name="field" label={t('lists.field')}>
          {({ onChange, ...props }) => (
            <Select
              {...props}
              autoFocus
              placeholder={t('lists.chooseField')}
              options={[...visible, ...fields.builtin].map(optionOf)}
              optionRender={({ label, value }) => (
                <span className="filter-field">
                  {label} {fields.builtin.some((one) => one.key === value) && <small>{t('values.builtin')}</small>}
                </span>
              )}
              showSearch={searchChoices}
              onChange={(next: string) => {
                onChange(next);
                startOver();
              }}
            />
          )}
        </BoundField>
        {asked && (
          <>
            <BoundField control={control} name="operator" label={t('lists.operator')}>
              {({ onChange, ...props }) => (
                <Select
                  {...props}
                  value={asked.operator}
                  showSearch={searchChoices}
                  options={asked.possible.map((one) => ({ value: one, label: t(wordOf(one, asked.field)) }))}
                  onChange={(next: ListOperator) => {
                    onChange(next);
                    if (operandsOf[next] === asked.wanted) form.clearErrors();
                    else startOver();
                  }}
                />
              )}
            </BoundField>
            {asked.wanted !== 0 && (
              <Operands
                key={`${asked.field.key} ${asked.operator}`}
                {...asked}
                language={language}
                operands={operands.value}
                error={fieldState.error?.message}
                onChange={operands.onChange}
              />
            )}
            {isProtected(asked.field) && <p className="field-help">{t('lists.protected')}</p>}
          </>
        )}
      </PanelForm>
    </Popover>
  );
}

/** The chosen field, its operators, and the chosen operator, by default the first one. */
function askedOf({ builtin, custom }: ListFields, key: string | null, chosen: ListOperator | null) {
  const field = [...builtin, ...custom].find((one) => one.key === key);
  const possible = field ? operatorsIn(field, custom.includes(field)) : [];
  const operator = possible.find((one) => one === chosen) ?? possible[0];
  return field && operator && { field, possible, operator, wanted: operandsOf[operator] };
}

/** Validates a filter by its field, then by the contract. */
const judgeOf =
  (fields: ListFields): Resolver<Draft, unknown, ListFilter> =>
  (draft) => {
    const refuse = (at: keyof Draft, message: string) => ({
      values: {},
      errors: { [at]: { type: 'filter', message } },
    });
    const asked = askedOf(fields, draft.field, draft.operator);
    if (!asked) return refuse('field', issue('required'));
    const { field, operator, wanted } = asked;
    const held = draft.operands.filter((one) => one !== null).filter((one) => one !== '');
    if (wanted === 'many' ? !held.length : held.length < wanted) return refuse('operands', issue('required'));
    if (wanted && !held.every((one) => listTypeOf(field).accepts(field, one)))
      return refuse('operands', issue('wrongType'));
    const value = { 0: undefined, 1: held[0], 2: held.slice(0, 2), many: held }[wanted];
    const parsed = listFilter.safeParse({ field: field.key, operator, value }, { error: nameIssue });
    if (parsed.success) return { values: parsed.data, errors: {} };
    const [first] = issuesOf(parsed.error);
    return refuse('operands', issue(first?.name ?? 'malformed', first?.limit));
  };

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
            placeholder=""
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
