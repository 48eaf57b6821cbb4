import { queryOptions } from '@tanstack/react-query';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { call } from './api.ts';
import { kinds } from './kinds.ts';

/** The built-in fields of a target type, as administrators changed them where they can. */
export async function readBuiltin(targetType: TargetType): Promise<Field[]> {
  const { settableFields } = kinds[targetType];
  if (settableFields) return settableFields();
  // Whoever looks at users alone is spared their weight.
  const { builtinAsField, builtinFieldsOf } = await import('#contract/builtin');
  return builtinFieldsOf(targetType).map((builtin) => builtinAsField(builtin, targetType));
}

/** The fields of a target type. All slices share this cache. */
export const definitionQueries = {
  custom: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType], queryFn: () => call('getCustomFields', { targetType }) }),
  /** How many targets there are, and how many of them have a value of each field. */
  counts: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType, 'counts'], queryFn: () => call('countValues', { targetType }) }),
  builtin: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType, 'built-in'], queryFn: () => readBuiltin(targetType) }),
};
