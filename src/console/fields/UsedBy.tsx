import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { listPath } from '../paths.ts';

/** How many users, roles, groups or departments have a value. */
export const usedBy = (t: TFunction, targetType: TargetType, count: number): string =>
  t('fields.options.usedBy', { targets: t(`app.counted.${targetType}`, { count }) });

/** The same as a link to those who have it. It opens beside work that isn't saved. */
export function UsedBy({
  field: { targetType, key },
  value,
  count,
}: {
  field: { targetType: TargetType; key: string };
  value: Value;
  count: number;
}) {
  const { t } = useTranslation();
  const text = usedBy(t, targetType, count);
  if (!count) return text;
  return (
    <Link to={listPath(targetType, { field: key, operator: 'EQUAL', value })} target="_blank">
      {text}
    </Link>
  );
}
