import { Select } from 'antd';
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { fromStart } from '../sort.ts';
import { pageOf, pageSizeOf, pageSizes, withPageSize } from './list.ts';
import './Pager.css';

/** The range of rows, the total, and links to other pages. A cursor leads to a neighbour page, however far it is. */
export function Pager({
  shown,
  next,
  previous,
  total,
}: {
  shown: number;
  next: string | null;
  previous: string | null;
  /** Undefined while it is being counted. */
  total: number | undefined;
}) {
  const { t, i18n } = useTranslation();
  const [params, setParams] = useSearchParams();
  const page = pageOf(params);
  const pageSize = pageSizeOf(params);
  const last = total === undefined ? undefined : Math.max(1, Math.ceil(total / pageSize));
  const number = (value: number | undefined) => (value === undefined ? '…' : value.toLocaleString(i18n.language));
  const from = (page - 1) * pageSize + 1;
  const go = (to: number, cursor: string | null) =>
    setParams((now) => {
      fromStart(now);
      if (to > 1) now.set('page', String(to));
      if (to > 1 && cursor) now.set('cursor', cursor);
      return now;
    });
  const step = (label: string, Icon: typeof ChevronLeft, to: number | undefined, cursor: string | null) => (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && go(to, cursor)}
    >
      <Icon className="icon" aria-hidden />
    </button>
  );
  return (
    <nav className="pager" aria-label={t('app.paging')}>
      <span>
        {shown > 0 && t('app.range', { from: number(from), to: number(from + shown - 1), total: number(total) })}
      </span>
      <Select
        size="small"
        aria-label={t('lists.pageSize')}
        value={pageSize}
        options={pageSizes.map((value) => ({ value, label: t('lists.perPage', { count: value }) }))}
        onChange={(size: number) => setParams((now) => withPageSize(now, size))}
      />
      <div>
        {step(t('lists.first'), ChevronFirst, page > 1 ? 1 : undefined, null)}
        {step(t('app.previous'), ChevronLeft, page > 1 ? page - 1 : undefined, previous)}
        <span>{t('app.pageOf', { page: number(page), last: number(last) })}</span>
        {step(t('app.next'), ChevronRight, next ? page + 1 : undefined, next)}
        {step(t('lists.last'), ChevronLast, next && last ? last : undefined, 'end')}
      </div>
    </nav>
  );
}
