import { type DataType, type Field, isProtected } from '#contract/field';
import { isAskable, type ListOperator, operatorsOf } from '#contract/list';
import { fits, type Value } from '#contract/value';
import { readNumber } from '../inputs/numbers.ts';

interface ListType {
  /** The class of its cells. */
  className: string;
  /** The filter uses a plain text input instead of the field's control. */
  isLine?: true;
  /** Comparisons of dates have their own words. */
  isMoment?: true;
  /** Operators that the API knows but the filter dialog doesn't offer. */
  without?: ListOperator[];
  /** Reads one of several typed values. */
  read: (text: string) => Value | null;
  /** Whether a filter can compare with the value. A single select also accepts removed options. */
  accepts: (field: Field, value: Value) => boolean;
}

/** The differences between data types in a list. The compiler requires every type. */
const listTypes: Record<DataType, ListType> = {
  STRING: { className: 'own', isLine: true, read: (text) => text, accepts: () => true },
  NUMBER: { className: 'own nowrap number', read: readNumber, accepts: fits },
  DATETIME: { className: 'own nowrap', isMoment: true, without: ['IN'], read: (text) => text, accepts: fits },
  BOOLEAN: { className: 'own nowrap', read: (text) => text, accepts: fits },
  ENUM: { className: 'own', read: (text) => text, accepts: () => true },
};
export const listTypeOf = (field: Field): ListType => listTypes[field.dataType];

/** The operators that the filter dialog offers: none that would disclose a protected value. */
export function operatorsIn(field: Field, isCustom: boolean): ListOperator[] {
  const all = operatorsOf(field.dataType, isCustom).filter((one) => !listTypeOf(field).without?.includes(one));
  return all.filter((one) => !isCustom || isAskable(field, isProtected(field), one));
}

const ofMoments = ['GREATER', 'LESSER', 'EQUAL'] as const;

/** The i18n key of the sentence of a filter. */
export function sentenceOf(operator: ListOperator, field: Field | undefined) {
  const own = field && listTypeOf(field).isMoment && ofMoments.find((one) => one === operator);
  return own ? (`lists.dateFilter.${own}` as const) : (`lists.says.${operator}` as const);
}

/** The i18n key of the operator's name in a list. */
export function wordOf(operator: ListOperator, field: Field) {
  const own = listTypeOf(field).isMoment && ofMoments.find((one) => one === operator);
  return own ? (`lists.dateOperators.${own}` as const) : (`lists.operators.${operator}` as const);
}
