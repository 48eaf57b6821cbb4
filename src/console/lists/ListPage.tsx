import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Columns3, ListFilter as FilterIcon, Trash2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { isProtected, labelOf } from '#contract/field';
import { filtersOf, type ListRow } from '#contract/list';
import type { TargetType } from '#contract/target';
import { definitionQueries } from '../definitions.ts';
import { SearchBox } from '../inputs/SearchBox.tsx';
import { holderPath } from '../paths.ts';
import { patiently } from '../reach.ts';
import { useRemembered } from '../returning.ts';
import { useSession } from '../session.ts';
import { siblingState } from '../shell/Siblings.tsx';
import { useSort } from '../sort.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { PopoverHome } from '../ui/Popover.tsx';
import { Cell, Name } from './cells.tsx';
import { FilterChips } from './FilterChips.tsx';
import { FoundIn } from './FoundIn.tsx';
import { columnsOf, findField, isIncomplete, type ListFields, pageOf, pageSizeOf, selectionOf } from './list.ts';
import { listTypeOf } from './listTypes.ts';
import { Pager } from './Pager.tsx';
import { listQueries } from './queries.ts';
import { RestoreTarget } from './RestoreTarget.tsx';
import { Total } from './Total.tsx';
import { Views } from './Views.tsx';
import { useWidths } from './widths.tsx';
import './ListPage.css';

const FilterPopover = lazy(() =>
  patiently(() => import('./FilterPopover.tsx')).then((m) => ({ default: m.FilterPopover })),
);
const ColumnsDialog = lazy(() =>
  patiently(() => import('./ColumnsDialog.tsx')).then((m) => ({ default: m.ColumnsDialog })),
);

/** More columns don't fit side by side. */
const most = 8;

/** A list of targets: search, filters, columns, saved views, pages. The URL has its whole state. */
export function ListPage({
  targetType,
  controls,
  actions,
  tree,
}: {
  targetType: TargetType;
  controls?: ReactNode;
  actions?: ReactNode;
  /** Replaces the rows while there is no search or filter. */
  tree?: ReactNode;
}) {
  const { t } = useTranslation();
  const { can, accessTo } = useSession();
  const [params] = useSearchParams();
  useRemembered();
  const [hasColumns, setColumns] = useState(false);
  /** The index of the filter that is being edited; the one after the last is a new one. */
  const [edited, setEdited] = useState<number>();
  const builtin = useQuery(definitionQueries.builtin(targetType));
  const custom = useQuery(definitionQueries.custom(targetType));
  const seen = custom.data?.filter((field) => accessTo(field) !== 'hidden');
  const fields = builtin.data && seen && { builtin: builtin.data, custom: seen };
  const failed = [builtin, custom].find(({ error }) => error);
  const title = t(`app.targets.${targetType}`);
  const filters = filtersOf(params);
  const edit = (index: number) => setEdited(edited === index ? undefined : index);
  const editor = fields && edited !== undefined && (
    <Suspense fallback={null}>
      <FilterPopover fields={fields} index={edited} onClose={() => setEdited(undefined)} />
    </Suspense>
  );
  const isAsked = ['q', 'filter', 'columns', 'sort', 'view', 'as', 'trash'].some((name) => params.has(name));
  return (
    <>
      <PageTitle name={title} />
      <header className="page-head">
        <div>
          <div className="list-title">
            <h1>{params.has('trash') ? t('lists.trash.of', { targets: title }) : title}</h1>
            <Total targetType={targetType} />
          </div>
          <p className="quiet">
            {params.has('trash') ? t('lists.trash.subtitle') : t(`directory.subtitle.${targetType}`)}
          </p>
        </div>
        {params.has('trash') ? (
          <Link className="back-link" to={{ search: '' }}>
            {t('lists.trash.back')}
          </Link>
        ) : (
          <div className="page-actions">
            {can('directory') && (
              <Link className="trash-link" to={{ search: '?trash' }}>
                <Trash2 className="icon" aria-hidden />
                {t('lists.trash.title')}
              </Link>
            )}
            {actions}
          </div>
        )}
      </header>
      <search className="filters">
        <SearchBox label={t(`directory.search.${targetType}`)} />
        {controls}
        <PopoverHome>
          <Button
            icon={<FilterIcon className="icon" aria-hidden />}
            disabled={!fields}
            aria-haspopup="dialog"
            aria-expanded={edited === filters.length}
            onClick={() => edit(filters.length)}
          >
            {t('lists.filter')}
          </Button>
          {edited === filters.length && editor}
        </PopoverHome>
        <Button icon={<Columns3 className="icon" aria-hidden />} disabled={!fields} onClick={() => setColumns(true)}>
          {t('lists.columns')}
        </Button>
        <Views targetType={targetType} />
      </search>
      {fields && filters.length > 0 && (
        <FilterChips fields={fields} filters={filters} edited={edited} editor={editor} onEdit={edit} />
      )}
      {tree && isAsked && (
        <p className="as-tree">
          <Link to={{ search: '' }}>{t('lists.tree')}</Link>
        </p>
      )}
      {tree && !isAsked ? (
        tree
      ) : failed?.error ? (
        <ErrorPage error={failed.error} onRetry={() => failed.refetch()} />
      ) : (
        <Rows key={targetType} targetType={targetType} fields={fields} title={title} />
      )}
      <Suspense fallback={null}>
        {fields && hasColumns && (
          <ColumnsDialog targetType={targetType} fields={fields} onClose={() => setColumns(false)} />
        )}
      </Suspense>
    </>
  );
}

function Rows({
  targetType,
  fields,
  title,
}: {
  targetType: TargetType;
  /** Undefined while loading. */
  fields: ListFields | undefined;
  title: string;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params] = useSearchParams();
  const { sort, sortBy } = useSort();
  const widthOf = useWidths(targetType);
  const pageSize = pageSizeOf(params);
  const selection = selectionOf(params, targetType);
  const words = selection.keywords?.trim();
  const keys = fields ? columnsOf(params, targetType, fields) : [];
  const page = pageOf(params);
  const cursor = params.get('cursor');
  const ordered = { ...selection, columns: keys, ...(sort && { sort }), limit: pageSize };
  const count = useQuery({ ...listQueries.count(selection), enabled: !isIncomplete(params) });
  // The last page is read from the end, and has the rows that remain after the full pages.
  const isEnd = cursor === 'end';
  const input = {
    ...ordered,
    ...(cursor ? { cursor } : page > 1 && { page }),
    ...(isEnd && { limit: (count.data ?? 0) % pageSize || pageSize }),
  };
  const { data, error, refetch } = useQuery({
    ...listQueries.list(input),
    enabled: fields !== undefined && !isIncomplete(params) && (!isEnd || count.data !== undefined),
  });
  if (isIncomplete(params)) {
    return (
      <p className="note caution" role="alert">
        {t('lists.typeAgain')}
      </p>
    );
  }
  if (error && !data) return <ErrorPage error={error} onRetry={() => refetch()} />;
  if (data?.list.length === 0 && !data.previous) {
    const { targetType: _, trash, ...search } = selection;
    if (Object.keys(search).length) return <Empty title={t('app.nothing.title')} text={t('app.nothing.text')} />;
    if (trash) return <Empty title={t('lists.trash.empty.title')} text={t('lists.trash.empty.text')} />;
    return <Empty title={t(`directory.empty.title.${targetType}`)} text={t('directory.empty.text')} />;
  }
  const pathOf = (row: ListRow) => holderPath(targetType, { ...row, identifier: row.targetIdentifier });
  const before = (page - 1) * pageSize;
  const state = siblingState(
    data && { paths: data.list.map(pathOf), input: ordered, before, total: count.data, ...data },
  );
  const named = fields && findField(fields, 'name');
  const nameLabel = named ? labelOf(named, language) : t('directory.name');
  const columns: Column<ListRow>[] = [
    {
      key: 'name',
      title: nameLabel,
      sort: sortBy('name'),
      ...widthOf('name'),
      render: (row) => (
        <>
          <Name row={row} words={words} to={pathOf(row)} state={state} />
          {row.found && fields && !keys.includes(row.found.key) && (
            <FoundIn found={row.found} fields={fields} words={words} />
          )}
        </>
      ),
    },
    ...keys.flatMap((key): Column<ListRow>[] => {
      const field = fields && findField(fields, key);
      if (!field) return [];
      const label = labelOf(field, language);
      return [
        {
          key,
          title: (
            <span className="own-title" lang={language}>
              {label}
            </span>
          ),
          card: label,
          className: listTypeOf(field).className,
          ...widthOf(key),
          ...(!isProtected(field) && { sort: sortBy(key) }),
          render: (row) => <Cell field={field} row={row} words={words} />,
        },
      ];
    }),
  ];
  if (params.has('trash')) {
    columns.push({
      key: 'restore',
      title: t('lists.trash.deletedAt'),
      className: 'nowrap',
      render: (row) => <RestoreTarget targetType={targetType} fields={fields} row={row} />,
    });
  }
  return (
    <>
      <DataTable
        label={title}
        columns={columns}
        isWide={columns.length > most}
        rows={data?.list}
        rowKey={(row) => `${pathOf(row)} ${row.deletedAt ?? ''}`}
      />
      {data && <Pager shown={data.list.length} next={data.next} previous={data.previous} total={count.data} />}
    </>
  );
}
