import { builtinFieldsOf } from '#contract/builtin';
import type { TargetType } from '#contract/target';
import type { Column, Kind } from './kind.ts';

/** The built-in fields of a type, each in the column of its name. */
export const ownColumns = (targetType: TargetType, table: Kind['table']): [string, Column][] =>
  builtinFieldsOf(targetType).map(({ key, dataType }) => [key, { column: `${table}.${key}`, dataType }]);
