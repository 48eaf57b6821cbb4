import { useInfiniteQuery, useMutation, useQueries } from '@tanstack/react-query';
import { Button } from 'antd';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { type ActivityEntry, activityKinds } from '#contract/history';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { call } from '../api.ts';
import { definitionQueries } from '../definitions.ts';
import { Filter } from '../inputs/Filter.tsx';
import { SearchBox } from '../inputs/SearchBox.tsx';
import { holderPath } from '../paths.ts';
import { useSession } from '../session.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayReason } from '../ui/reason.ts';
import { saveFile } from '../ui/save-file.ts';
import { toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { Day } from './Day.tsx';
import { activityQueries, wantedOf } from './queries.ts';
import { What } from './What.tsx';
import './ActivityPage.css';

/** The audit log of the whole pool: who did what to which target, when, through what and why. */
export function ActivityPage() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params] = useSearchParams();
  const wanted = wantedOf(params);
  const { can } = useSession();
  const activity = useInfiniteQuery({ ...activityQueries.list(wanted), enabled: can('activity') });
  const download = useMutation({
    mutationFn: async () => {
      const { csv, entries, hasMore, checkpoint } = await call('exportActivity', wanted);
      saveFile('activity.csv', `\uFEFF${csv}`, 'text/csv');
      // The checkpoint proves later that no entry is missing, so it belongs with the export.
      if (checkpoint)
        saveFile('activity-checkpoint.json', `${JSON.stringify(checkpoint, null, 2)}\n`, 'application/json');
      return { entries, hasMore };
    },
    onSuccess: ({ entries: count, hasMore }) =>
      toast.say(t(hasMore ? 'activity.exportedPart' : 'activity.exported', { count })),
  });
  // Existing fields provide labels. Values of deleted fields appear as stored.
  const fields = useQueries({ queries: targetTypes.map(definitionQueries.custom) });
  const known = ({ field, targetType }: ActivityEntry) =>
    targetType ? fields[targetTypes.indexOf(targetType)]?.data?.find(({ key }) => key === field?.key) : undefined;
  const rows = activity.data?.pages.flatMap(({ list }) => list);
  const profiles = useQueries({
    queries: targetTypes.map((type) => ({
      ...definitionQueries.builtin(type),
      enabled: Boolean(rows?.some(({ target, targetType }) => target?.changes.length && targetType === type)),
    })),
  });
  const profileOf = (type: TargetType | null) => (type && profiles[targetTypes.indexOf(type)]?.data) ?? [];
  const namesakes = sharedNames(rows ?? []);
  const columns: Column<ActivityEntry>[] = [
    {
      key: 'when',
      title: t('activity.when'),
      className: 'nowrap',
      render: ({ at }) => (
        <time dateTime={at} title={moment(at, language)}>
          {ago(at, language)}
        </time>
      ),
    },
    {
      key: 'who',
      title: t('activity.who'),
      className: 'who',
      render: (entry) => (
        <>
          <b title={entry.actorId}>{entry.actorName || t('activity.unknownAccount')}</b>
          {namesakes.has(entry.actorName) && <div className="mono quiet">{entry.actorId}</div>}
          <div className="quiet">{t(`history.through.${entry.byPlan ? 'plan' : entry.through}`)}</div>
        </>
      ),
    },
    {
      key: 'what',
      title: t('activity.what'),
      className: 'what',
      render: (entry) => <What entry={entry} field={known(entry)} profile={profileOf(entry.targetType)} />,
    },
    {
      key: 'whose',
      title: t('activity.whose'),
      className: 'whose',
      render: ({ holder, targetType, subject }) =>
        holder && targetType ? (
          <>
            <Link className="two-lines" title={holder.name} to={holderPath(targetType, holder)}>
              {holder.name}
            </Link>
            <div className="quiet">{t(`app.target.${targetType}`)}</div>
          </>
        ) : (
          subject
        ),
    },
    {
      key: 'why',
      title: t('activity.why'),
      className: 'why-said',
      render: ({ reason }) => reason && sayReason(reason, language, t),
    },
  ];
  if (!can('activity')) return <ErrorPage error={new ApiError('forbidden')} />;
  return (
    <>
      <PageTitle name={t('activity.title')} />
      <header className="page-head">
        <div>
          <h1>{t('activity.title')}</h1>
          <p className="quiet">{t('activity.subtitle')}</p>
        </div>
        {can('export') && (
          <Button
            icon={<Download className="icon" aria-hidden />}
            title={t('activity.checkpointHelp')}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            {t('activity.export')}
          </Button>
        )}
      </header>
      <search className="filters">
        <SearchBox label={t('activity.search')} />
        <SearchBox name="whose" label={t('activity.searchWhose')} />
        <Filter
          name="kind"
          label={t('activity.kind')}
          options={activityKinds.map((value) => ({ value, label: t(`activity.kinds.${value}`) }))}
        />
        <Filter
          name="type"
          label={t('activity.whose')}
          options={targetTypes.map((value) => ({ value, label: t(`app.targets.${value}`) }))}
        />
        <Day name="from" label={t('activity.from')} />
        <Day name="to" label={t('activity.to')} />
        <FieldFilter />
      </search>
      {activity.error && !rows ? (
        <ErrorPage error={activity.error} onRetry={() => activity.refetch()} />
      ) : rows?.length === 0 ? (
        <Empty title={t('app.nothing.title')} text={t('app.nothing.text')} />
      ) : (
        <DataTable label={t('activity.title')} columns={columns} rows={rows} rowKey={({ id }) => String(id)} />
      )}
      {activity.hasNextPage && (
        <p className="more">
          <Button loading={activity.isFetchingNextPage} onClick={() => activity.fetchNextPage()}>
            {t('history.more')}
          </Button>
        </p>
      )}
    </>
  );
}

/** Names that several accounts or keys share. */
function sharedNames(rows: ActivityEntry[]): Set<string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const { actorName, actorId } of rows) {
    if (ids.has(actorName) && ids.get(actorName) !== actorId) shared.add(actorName);
    ids.set(actorName, actorId);
  }
  return shared;
}

/** The field filter that a click on a key set. A click here removes it. */
function FieldFilter() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const key = params.get('field');
  if (!key) return null;
  return (
    <Button
      onClick={() =>
        setParams((now) => {
          now.delete('field');
          return now;
        })
      }
    >
      <span className="mono">{key}</span> ×<span className="hidden-text">{t('activity.allFields')}</span>
    </Button>
  );
}
