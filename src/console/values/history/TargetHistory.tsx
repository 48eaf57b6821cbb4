import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { labelOf } from '#contract/field';
import type { HistoryEntry } from '#contract/history';
import { isEditable } from '#contract/target';
import { searchChoices } from '../../inputs/choices.tsx';
import type { Reference } from '../../kinds.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPage } from '../../ui/ErrorPage.tsx';
import { useLanguage } from '../../ui/language.ts';
import { sayReason } from '../../ui/reason.ts';
import { ago, moment } from '../../ui/when.ts';
import { type TargetData, valueQueries } from '../targets.ts';
import { useLocks } from '../useLocks.ts';
import { changesIn, lastRequestsIn } from './changes.ts';
import { Moment } from './Moment.tsx';
import { Said } from './Said.tsx';
import { type Undoable, useUndoChange } from './useUndoChange.ts';
import './TargetHistory.css';

/** The change history of a target: who, when, before and after, through what and why; with restore. */
export function TargetHistory({ reference, data }: { reference: Reference; data: TargetData }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  const key = params.get('field') ?? undefined;
  const history = useInfiniteQuery(valueQueries.history(reference, key));
  const [looking, setLooking] = useState<{ entry: number; against: number | undefined }>();
  const undo = useUndoChange(reference, data, nothing);
  const mayUndo = useMayUndo(reference, data);
  if (history.error) return <ErrorPage error={history.error} onRetry={() => history.refetch()} />;
  const entries = history.data?.pages.flatMap(({ list }) => list);
  const groups = entries && groupsOf(entries);
  const last = lastRequestsIn(entries ?? []);
  return (
    <div className="stack">
      <search className="filters">
        <Select
          allowClear
          showSearch={searchChoices}
          aria-label={t('history.field')}
          placeholder={t('history.field')}
          value={key ?? null}
          popupMatchSelectWidth={false}
          options={data.custom.map((field) => ({ value: field.key, label: labelOf(field, language) }))}
          onChange={(next: string | null) =>
            setParams(
              (now) => {
                if (next) now.set('field', next);
                else now.delete('field');
                return now;
              },
              { replace: true },
            )
          }
        />
      </search>
      {looking && (
        <Moment
          reference={reference}
          data={data}
          entry={looking.entry}
          against={looking.against}
          moments={(groups ?? []).map(([first]) => first).filter((first) => first !== undefined)}
          onAgainst={(against) => setLooking({ ...looking, against })}
          onClose={() => setLooking(undefined)}
        />
      )}
      {groups?.length === 0 && <Empty title={t('history.empty')} text={t('history.emptyText')} />}
      {!groups && <span className="skeleton" style={{ height: 240 }} />}
      <ol className="timeline" aria-label={t('history.title')}>
        {groups?.map((group) => (
          <Group
            key={group[0]?.id}
            group={group}
            data={data}
            onUndo={
              last.has(group[0]?.request ?? '') && mayUndo(group) ? (change) => undo({ ...change, key }) : undefined
            }
            onLook={(entry) => setLooking({ entry, against: undefined })}
          />
        ))}
      </ol>
      {history.hasNextPage && (
        <Button loading={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </div>
  );
}

/** Groups the changes of one request; the latest first. */
function groupsOf(entries: HistoryEntry[]): HistoryEntry[][] {
  const groups: HistoryEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.[0]?.request === entry.request) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

const nothing = () => undefined;

/** Returns whether the viewer can edit all that a group of entries changed. */
function useMayUndo(reference: Reference, data: TargetData) {
  const lockOf = useLocks(reference);
  return (group: HistoryEntry[]) =>
    group
      .flatMap(changesIn)
      .filter(({ part, key }) => part === 'custom' || isEditable(reference.targetType, key))
      .every(({ part, key }) => {
        const field = data[part].find((one) => one.key === key);
        const { why, isPaused } = field ? lockOf(part, field) : { why: '', isPaused: true };
        return why === undefined && !isPaused;
      });
}

function Group({
  group,
  data,
  onUndo,
  onLook,
}: {
  group: HistoryEntry[];
  data: TargetData;
  /** Undefined if nothing of it can be taken back. */
  onUndo: ((change: Undoable) => void) | undefined;
  onLook: (entry: number) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [first] = group;
  if (!first) return null;
  return (
    <li className="card">
      <header>
        <p>
          <b>{first.actorName}</b>{' '}
          <span className="quiet">
            {first.byPlan ? t('history.through.plan') : t(`history.through.${first.through}`)} ·{' '}
            <time dateTime={first.at} title={moment(first.at, language)}>
              {ago(first.at, language)}
            </time>
          </span>
        </p>
        <div className="timeline-actions">
          {onUndo && (
            <Button
              size="small"
              icon={<RotateCcw className="icon" aria-hidden />}
              onClick={() => onUndo({ request: first.request, at: first.at })}
            >
              {t('history.undo')}
            </Button>
          )}
          <Button size="small" onClick={() => onLook(first.id)}>
            {t('history.look')}
          </Button>
        </div>
      </header>
      {first.reason && <p className="history-reason">{sayReason(first.reason, language, t)}</p>}
      <ul>
        {group.map((entry) => (
          <li key={entry.id}>
            <Change entry={entry} data={data} />
          </li>
        ))}
      </ul>
    </li>
  );
}

function Change({ entry, data }: { entry: HistoryEntry; data: TargetData }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { field, target } = entry;
  if (target) {
    return (
      <>
        <span>{t(`history.event.${target.event}`)}</span>
        {target.event === 'changed' &&
          target.changes.map(({ key, before, after }) => {
            const builtin = data.builtin.find((known) => known.key === key);
            return (
              <span key={key} className="history-change">
                <b>{builtin ? labelOf(builtin, language) : key}</b> <del>{sayPlain(before)}</del> → {sayPlain(after)}
              </span>
            );
          })}
      </>
    );
  }
  if (!field) return null;
  const known = data.custom.find(({ key }) => key === field.key);
  return (
    <span className="history-change">
      <b lang={language}>{known ? labelOf(known, language) : field.label}</b>
      {field.isDeleted && <span className="badge">{t('history.fieldDeleted')}</span>}{' '}
      <Said value={entry.before} field={known} removed /> → <Said value={entry.after} field={known} />
    </span>
  );
}

const sayPlain = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '—'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
