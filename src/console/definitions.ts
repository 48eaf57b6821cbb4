import { queryOptions } from '@tanstack/react-query';
import { builtinFields } from '#contract/builtin';
import { builtinAsField, type Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { call } from './api.ts';

/** The built-in fields of a target type; administrators change those of users alone. */
export const readBuiltin = async (targetType: TargetType): Promise<Field[]> =>
  targetType === 'USER'
    ? call('getUserBaseFields', {})
    : builtinFields[targetType].map((builtin) => builtinAsField(builtin, targetType));

/** The fields of a target type, as every slice reads them: one cache for all. */
export const definitionQueries = {
  custom: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType], queryFn: () => call('getCustomFields', { targetType }) }),
  builtin: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType, 'built-in'], queryFn: () => readBuiltin(targetType) }),
};
