import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

export interface Column<R> {
  key: string;
  title: ReactNode;
  /** Said before the value where the table is drawn as cards. */
  card?: string;
  className?: string;
  render: (row: R) => ReactNode;
}

/** Rows to compare; skeletons while they load, cards on a narrow screen. */
export function DataTable<R>({
  label,
  columns,
  rows,
  rowKey,
  Row = PlainRow,
}: {
  label: string;
  columns: Column<R>[];
  /** Undefined while loading. */
  rows: R[] | undefined;
  rowKey: (row: R) => string;
  /** What draws a row, where that is more than a row. */
  Row?: ComponentType<{ id: string; children: ReactNode }>;
}) {
  return (
    <div className="table-frame">
      <table className="table" aria-label={label} aria-busy={!rows}>
        <thead>
          <tr>
            {columns.map(({ key, title, className }) => (
              <th key={key} scope="col" className={className}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row) => (
                <Row key={rowKey(row)} id={rowKey(row)}>
                  {columns.map(({ key, card, className, render }) => (
                    <td key={key} className={className} data-title={card}>
                      {render(row)}
                    </td>
                  ))}
                </Row>
              ))
            : skeletons.map((width) => (
                <tr key={width}>
                  {columns.map(({ key, className }, index) => (
                    <td key={key} className={className}>
                      <span
                        className="skeleton"
                        style={{ width: index ? `${width - 20}%` : `${width}%`, margin: '11px 0' }}
                      />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

function PlainRow({ children }: { children: ReactNode }) {
  return <tr>{children}</tr>;
}

const skeletons = [78, 64, 82, 58, 70, 62, 76, 68];

/** Which rows of how many, and the way to the others; the page stands in the URL. */
export function Pager({ page, size, total }: { page: number; size: number; total: number }) {
  const { t, i18n } = useTranslation();
  const [, setParams] = useSearchParams();
  const number = (value: number) => value.toLocaleString(i18n.language);
  const last = Math.max(1, Math.ceil(total / size));
  const go = (to: number) =>
    setParams((params) => {
      if (to === 1) params.delete('page');
      else params.set('page', String(to));
      return params;
    });
  return (
    <nav className="pager" aria-label={t('app.paging')}>
      <span>
        {t('app.range', {
          from: number((page - 1) * size + 1),
          to: number(Math.min(page * size, total)),
          total: number(total),
        })}
      </span>
      <div>
        <button
          type="button"
          className="icon-button"
          aria-label={t('app.previous')}
          disabled={page <= 1}
          onClick={() => go(page - 1)}
        >
          <ChevronLeft className="icon" aria-hidden />
        </button>
        <span>{t('app.pageOf', { page: number(page), last: number(last) })}</span>
        <button
          type="button"
          className="icon-button"
          aria-label={t('app.next')}
          disabled={page >= last}
          onClick={() => go(page + 1)}
        >
          <ChevronRight className="icon" aria-hidden />
        </button>
      </div>
    </nav>
  );
}
