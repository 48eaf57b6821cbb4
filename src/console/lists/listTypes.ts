import { type DataType, type Field, isProtected } from '#contract/field';
import { isAskable, type ListOperator, operatorsOf } from '#contract/list';
import { fits, type Value } from '#contract/value';
import { readNumber } from '../inputs/numbers.ts';

interface ListType {
  /** Of its cells. */
  className: string;
  /** A plain line is asked for in place of the field's own control. */
  isLine?: true;
  /** Comparisons of moments have words of their own. */
  isMoment?: true;
  /** What a filter doesn't offer, though the wire knows it. */
  without?: ListOperator[];
  /** Reads one of many that are typed in a row. */
  read: (text: string) => Value | null;
  /** Whether a filter may compare with it; of a choice, also with what is no option any more. */
  accepts: (field: Field, value: Value) => boolean;
}

/** What differs between the data types in a list: complete by compiler. */
const listTypes: Record<DataType, ListType> = {
  STRING: { className: 'own', isLine: true, read: (text) => text, accepts: () => true },
  NUMBER: { className: 'own nowrap', read: readNumber, accepts: fits },
  DATETIME: { className: 'own nowrap', isMoment: true, without: ['IN'], read: (text) => text, accepts: fits },
  BOOLEAN: { className: 'own nowrap', read: (text) => text, accepts: fits },
  ENUM: { className: 'own', read: (text) => text, accepts: () => true },
};
export const listTypeOf = (field: Field): ListType => listTypes[field.dataType];

/** What a builder offers: nothing that would tell a protected value. */
export function operatorsIn(field: Field, isCustom: boolean): ListOperator[] {
  const all = operatorsOf(field.dataType, isCustom).filter((one) => !listTypeOf(field).without?.includes(one));
  return all.filter((one) => !isCustom || isAskable(field, isProtected(field), one));
}

const ofMoments = ['GREATER', 'LESSER', 'EQUAL'] as const;

/** The name of the sentence that a filter is said in. */
export function sentenceOf(operator: ListOperator, field: Field | undefined) {
  const own = field && listTypeOf(field).isMoment && ofMoments.find((one) => one === operator);
  return own ? (`lists.dateFilter.${own}` as const) : (`lists.says.${operator}` as const);
}

/** The name of an operator's word in a list of them. */
export function wordOf(operator: ListOperator, field: Field) {
  const own = listTypeOf(field).isMoment && ofMoments.find((one) => one === operator);
  return own ? (`lists.dateOperators.${own}` as const) : (`lists.operators.${operator}` as const);
}
