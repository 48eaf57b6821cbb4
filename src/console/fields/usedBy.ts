import type { TFunction } from 'i18next';
import type { TargetType } from '#contract/target';

/** How many users, roles, groups or departments have a value. */
export const usedBy = (t: TFunction, targetType: TargetType, count: number): string =>
  t('fields.options.usedBy', { targets: t(`app.counted.${targetType}`, { count }) });
