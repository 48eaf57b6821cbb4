import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { TargetType } from '#contract/target';
import { type Column, DataTable, Pager } from '../ui/DataTable.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { PageTitle } from '../ui/PageTitle.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { pageOf, pageSize } from './queries.ts';

/** A list of targets: search, filters, rows, pages. */
export function ListPage<R>({
  targetType,
  query,
  columns,
  rowKey,
  filters,
  actions,
}: {
  targetType: TargetType;
  query: UseQueryResult<{ totalCount: number; list: R[] }>;
  columns: Column<R>[];
  rowKey: (row: R) => string;
  filters?: ReactNode;
  actions?: ReactNode;
}) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const { data, error, refetch } = query;
  const title = t(`app.targets.${targetType}`);
  const searching = [...params.keys()].some((key) => key !== 'page' && key !== 'create');
  return (
    <>
      <PageTitle name={title} />
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="quiet">{t(`directory.subtitle.${targetType}`)}</p>
        </div>
        {actions}
      </header>
      <search className="filters">
        <SearchBox label={t(`directory.search.${targetType}`)} />
        {filters}
      </search>
      {error && !data ? (
        <ErrorPage error={error} onRetry={() => refetch()} />
      ) : data?.totalCount === 0 ? (
        searching ? (
          <Empty title={t('app.nothing.title')} text={t('app.nothing.text')} />
        ) : (
          <Empty title={t('directory.empty.title', { target: title })} text={t('directory.empty.text')} />
        )
      ) : (
        <>
          <DataTable label={title} columns={columns} rows={data?.list} rowKey={rowKey} />
          {data && <Pager page={pageOf(params)} size={pageSize} total={data.totalCount} />}
        </>
      )}
    </>
  );
}
