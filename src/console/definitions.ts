import { queryOptions } from '@tanstack/react-query';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { call } from './api.ts';

/** The built-in fields of a target type. Administrators can change only those of users. */
export async function readBuiltin(targetType: TargetType): Promise<Field[]> {
  if (targetType === 'USER') return call('getUserBaseFields', {});
  // A lazy import, because pages about users don't need it.
  const { builtinAsField, builtinFields } = await import('#contract/builtin');
  return builtinFields[targetType].map((builtin) => builtinAsField(builtin, targetType));
}

/** The fields of a target type. All slices share this cache. */
export const definitionQueries = {
  custom: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType], queryFn: () => call('getCustomFields', { targetType }) }),
  builtin: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType, 'built-in'], queryFn: () => readBuiltin(targetType) }),
};
