import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import { type HistoryEntry, restoredReason } from '#contract/history';
import type { Value } from '#contract/value';
import { searchChoices } from '../../inputs/choices.tsx';
import type { Reference, Values } from '../../kinds.ts';
import { useSession } from '../../session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPage } from '../../ui/ErrorPage.tsx';
import { useLanguage } from '../../ui/language.ts';
import { sayReason } from '../../ui/reason.ts';
import { toast } from '../../ui/toasts.ts';
import { sayValue } from '../../ui/ValueText.tsx';
import { ago, moment } from '../../ui/when.ts';
import { saveTarget, type TargetData, valueQueries } from '../targets.ts';
import { short } from '../ValueNotes.tsx';
import './TargetHistory.css';

/** The change history of a target: who, when, before and after, through what and why; with restore. */
export function TargetHistory({ reference, data }: { reference: Reference; data: TargetData }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  const key = params.get('field') ?? undefined;
  const history = useInfiniteQuery(valueQueries.history(reference, key));
  const [looking, setLooking] = useState<{ entry: number; against: number | undefined }>();
  if (history.error) return <ErrorPage error={history.error} onRetry={() => history.refetch()} />;
  const entries = history.data?.pages.flatMap(({ list }) => list);
  const groups = entries && groupsOf(entries);
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

function Group({ group, data, onLook }: { group: HistoryEntry[]; data: TargetData; onLook: (entry: number) => void }) {
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
        <Button size="small" onClick={() => onLook(first.id)}>
          {t('history.look')}
        </Button>
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

/** An old value, in the words of the field's current definition. */
function Said({ value, field, removed }: { value: Value | null; field: Field | undefined; removed?: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (value === null) return <span className="quiet">{t('values.notSet')}</span>;
  const text = field ? sayValue(value, field, language, t) : String(value);
  return removed ? <del title={text}>{short(text)}</del> : <span title={text}>{short(text)}</span>;
}

/** The values just after a change, compared with now or another moment. Each difference can be restored. */
function Moment({
  reference,
  data,
  entry,
  against,
  moments,
  onAgainst,
  onClose,
}: {
  reference: Reference;
  data: TargetData;
  entry: number;
  /** Undefined: now. */
  against: number | undefined;
  moments: HistoryEntry[];
  onAgainst: (entry: number | undefined) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const then = useQuery(valueQueries.at(reference, entry));
  const other = useQuery({ ...valueQueries.at(reference, against ?? 0), enabled: against !== undefined });
  const restore = useMutation({
    mutationKey: ['values', 'fields', 'directory'],
    mutationFn: (custom: Values) =>
      saveTarget(
        reference,
        data.entity,
        { builtin: {}, custom },
        { etag: data.etag, reason: restoredReason(atOf(entry)) },
      ),
    onSuccess: (_done, custom) => toast.say(t('history.restored', { count: Object.keys(custom).length })),
  });
  const now = against === undefined ? data.customData : other.data;
  if (!then.data || !now) return <span className="skeleton" style={{ height: 120 }} />;
  const held = then.data;
  // A mask doesn't show its value and can't be restored.
  const differing = data.custom.filter(
    (field) => !isProtected(field) && (held[field.key] ?? null) !== (now[field.key] ?? null),
  );
  const mayRestore = can('write') && against === undefined;
  function atOf(id: number): string | undefined {
    return moments.find((one) => one.id === id)?.at;
  }
  function momentOf(id: number): string {
    const at = atOf(id);
    return at ? moment(at, language) : String(id);
  }
  return (
    <section className="card moment" aria-label={t('history.momentOf', { at: momentOf(entry) })}>
      <header>
        <h2>{t('history.momentOf', { at: momentOf(entry) })}</h2>
        <Button size="small" onClick={onClose}>
          {t('app.close')}
        </Button>
      </header>
      <Select
        aria-label={t('history.against')}
        value={against ?? 0}
        popupMatchSelectWidth={false}
        options={[
          { value: 0, label: t('history.now') },
          ...moments
            .filter(({ id }) => id !== entry)
            .map(({ id, at, actorName }) => ({ value: id, label: `${moment(at, language)} · ${actorName}` })),
        ]}
        onChange={(id: number) => onAgainst(id || undefined)}
      />
      {differing.length === 0 ? (
        <p className="quiet">{t('history.same')}</p>
      ) : (
        <ul className="moment-list">
          {differing.map((field) => (
            <li key={field.key}>
              <b lang={language}>{labelOf(field, language)}</b>
              <span>
                <Said value={held[field.key] ?? null} field={field} />{' '}
                <span className="quiet">
                  {against === undefined ? t('history.nowIs') : t('history.otherIs')}{' '}
                  <Said value={now[field.key] ?? null} field={field} />
                </span>
              </span>
              {mayRestore && (
                <Button
                  size="small"
                  icon={<RotateCcw className="icon" aria-hidden />}
                  loading={restore.isPending}
                  aria-label={t('history.restoreOne', { label: labelOf(field, language) })}
                  onClick={() => restore.mutate({ [field.key]: held[field.key] ?? null })}
                >
                  {t('history.restore')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayRestore && differing.length > 1 && (
        <Button
          loading={restore.isPending}
          onClick={() => restore.mutate(Object.fromEntries(differing.map(({ key }) => [key, held[key] ?? null])))}
        >
          {t('history.restoreAll', { count: differing.length })}
        </Button>
      )}
    </section>
  );
}
