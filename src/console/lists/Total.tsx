import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { TargetType } from '#contract/target';
import { isIncomplete, selectionOf } from './list.ts';
import { listQueries } from './queries.ts';

/** How many targets the list has, and of how many. */
export function Total({ targetType }: { targetType: TargetType }) {
  const { t, i18n } = useTranslation();
  const [params] = useSearchParams();
  const selection = selectionOf(params, targetType);
  const { trash } = selection;
  const found = useQuery({ ...listQueries.count(selection), enabled: !isIncomplete(params) });
  const all = useQuery(listQueries.count({ targetType, ...(trash && { trash }) }));
  const isNarrowed = Object.keys(selection).length > (trash ? 2 : 1);
  const [count, whole] = [found, all].map(({ data }) => data?.toLocaleString(i18n.language));
  return (
    <span className="list-total" role="status">
      {isNarrowed && count && whole ? t('lists.totalOf', { count, whole }) : !isNarrowed && whole}
    </span>
  );
}
