import type { TFunction } from 'i18next';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, labelOf } from '#contract/field';
import { type ListFilter, operandsOf } from '#contract/list';
import { dots } from '#contract/mask';
import { value as valueShape } from '#contract/value';
import type { Language } from '#contract/wire/language';
import { useLanguage } from '../ui/language.ts';
import { PopoverHome } from '../ui/Popover.tsx';
import { sayValue } from '../ui/ValueText.tsx';
import { findField, isSecret, type ListFields, secretOf, withFilters } from './list.ts';
import { sentenceOf } from './listTypes.ts';
import './FilterChips.css';

/** The filters as text. A click edits one, in `editor`. */
export function FilterChips({
  fields,
  filters,
  edited,
  editor,
  onEdit,
}: {
  fields: ListFields;
  filters: ListFilter[];
  /** The index of the one that is being edited. */
  edited: number | undefined;
  editor: ReactNode;
  onEdit: (index: number) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [, setParams] = useSearchParams();
  const put = (next: ListFilter[]) => setParams((now) => withFilters(now, next));
  return (
    <ul className="filter-chips" aria-label={t('lists.filters')}>
      {filters.map((filter, index) => {
        const said = sayFilter(filter, findField(fields, filter.field), language, t);
        return (
          <li key={`${filter.field} ${filters.slice(0, index).filter(({ field }) => field === filter.field).length}`}>
            <PopoverHome>
              <div className="filter-chip">
                <button
                  type="button"
                  aria-haspopup="dialog"
                  aria-expanded={edited === index}
                  onClick={() => onEdit(index)}
                >
                  {said}
                </button>
                <button
                  type="button"
                  className="chip-remove"
                  aria-label={t('lists.removeFilter', { filter: said })}
                  onClick={() => put(filters.filter((other) => other !== filter))}
                >
                  <X className="icon" aria-hidden />
                </button>
              </div>
              {edited === index && editor}
            </PopoverHome>
          </li>
        );
      })}
      {filters.length > 1 && (
        <li>
          <button type="button" className="link-button" onClick={() => put([])}>
            {t('lists.removeAll')}
          </button>
        </li>
      )}
    </ul>
  );
}

function sayFilter(
  { field: key, operator, value }: ListFilter,
  field: Field | undefined,
  language: Language,
  t: TFunction,
): string {
  const say = (operand: unknown): string => {
    if (isSecret(operand)) return secretOf(operand) === undefined ? t('lists.typeAgain') : dots;
    const read = valueShape.safeParse(operand);
    if (!read.success) return JSON.stringify(operand) ?? '';
    return field ? sayValue(read.data, field, language, t) : String(read.data);
  };
  const operands = operandsOf[operator] === 0 ? [] : [value].flat();
  const name = field ? labelOf(field, language) : key;
  const [first = '', second = ''] = operands.map(say);
  const list = new Intl.ListFormat(language, { type: 'disjunction' }).format(operands.map(say));
  return t(sentenceOf(operator, field), {
    field: name,
    value: operandsOf[operator] === 'many' ? list : first,
    to: second,
  });
}
