import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { z } from 'zod';
import type { Output } from '#contract/endpoints';
import { labelOf } from '#contract/field';
import type { AppliedPlan } from '#contract/plan';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { DataTypeLabel } from './dataTypes.tsx';
import { FieldsFrame } from './FieldsFrame.tsx';
import { useUndo } from './plan/useUndo.ts';
import { fieldQueries, restoreField } from './queries.ts';

type Binned = Output<'listBinnedFields'>[number];

/** What was deleted and what was done in the last 30 days, and the way back. */
export function BinPage() {
  const { t } = useTranslation();
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  return (
    <FieldsFrame targetType={targetType} section="bin">
      <div className="stack">
        <h2>{t('fields.bin.title')}</h2>
        <Bin key={targetType} targetType={targetType} />
        <h2 className="second">{t('fields.bin.plans')}</h2>
        <Plans targetType={targetType} />
      </div>
    </FieldsFrame>
  );
}

function Bin({ targetType }: { targetType: TargetType }) {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const bin = useQuery(fieldQueries.bin(targetType));
  const [renaming, setRenaming] = useState<{ binId: number; key: string; error?: string }>();
  const restore = useMutation(restoreField());
  if (bin.error) return <ErrorPage error={bin.error} onRetry={() => bin.refetch()} />;
  if (bin.data?.length === 0) return <Empty title={t('fields.bin.empty')} text={t('fields.remove.text')} />;
  const take = ({ binId, field }: Binned, as?: string) =>
    restore.mutateAsync({ targetType, key: field.key, binId, as, tenantId: undefined }).then(
      (back) => {
        setRenaming(undefined);
        toast.say(t('fields.bin.restored', { label: labelOf(back, language) }));
      },
      (error: Error) => {
        const taken = error instanceof ApiError && error.name.startsWith('key');
        const offer = taken ? offered.safeParse(error.details.current).data?.offer : undefined;
        if (taken) setRenaming({ binId, key: offer ?? as ?? field.key, error: t(`errors.${error.name}`) });
        else toast.error(error);
      },
    );
  const columns: Column<Binned>[] = [
    {
      key: 'name',
      title: t('fields.name'),
      render: (one) => (
        <>
          <b lang={language}>{labelOf(one.field, language)}</b>
          <div className="mono">{one.field.key}</div>
          {renaming?.binId === one.binId && (
            <form
              className="rename"
              onSubmit={(event) => {
                event.preventDefault();
                void take(one, renaming.key);
              }}
            >
              <p className="field-error" role="alert">
                {renaming.error}
              </p>
              <Input
                className="mono"
                aria-label={t('fields.bin.otherKey')}
                autoFocus
                value={renaming.key}
                onChange={(event) => setRenaming({ ...renaming, key: event.target.value })}
              />
              <Button htmlType="submit" type="primary" loading={restore.isPending}>
                {t('fields.bin.restoreAs')}
              </Button>
              <Button onClick={() => setRenaming(undefined)}>{t('app.cancel')}</Button>
            </form>
          )}
        </>
      ),
    },
    {
      key: 'type',
      title: t('fields.type'),
      className: 'nowrap',
      render: ({ field }) => <DataTypeLabel dataType={field.dataType} />,
    },
    {
      key: 'holders',
      title: t('fields.bin.values'),
      card: t('fields.bin.values'),
      render: ({ holders }) => holders.toLocaleString(i18n.language),
    },
    {
      key: 'deleted',
      title: t('fields.bin.deleted'),
      card: t('fields.bin.deleted'),
      render: ({ deletedAt }) => (
        <time dateTime={deletedAt} title={moment(deletedAt, language)}>
          {ago(deletedAt, language)}
        </time>
      ),
    },
    {
      key: 'purge',
      title: t('fields.bin.purge'),
      card: t('fields.bin.purge'),
      render: ({ purgeAt }) => <time dateTime={purgeAt}>{moment(purgeAt, language)}</time>,
    },
    {
      key: 'restore',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      render: (one) => (
        <Button
          icon={<RotateCcw className="icon" aria-hidden />}
          aria-label={t('fields.bin.restoreOne', { label: labelOf(one.field, language) })}
          onClick={() => take(one)}
        >
          {t('fields.bin.restore')}
        </Button>
      ),
    },
  ];
  return (
    <DataTable label={t('fields.bin.title')} columns={columns} rows={bin.data} rowKey={({ binId }) => String(binId)} />
  );
}

const offered = z.object({ offer: z.string() });

function Plans({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const plans = useQuery(fieldQueries.plans(targetType));
  const undo = useUndo();
  if (plans.error) return <ErrorPage error={plans.error} onRetry={() => plans.refetch()} />;
  if (plans.data?.length === 0) return <Empty title={t('fields.bin.noPlans')} text={t('fields.bin.noPlansText')} />;
  const columns: Column<AppliedPlan>[] = [
    {
      key: 'what',
      title: t('fields.bin.what'),
      render: ({ fields }) => (
        <ul>
          {fields.slice(0, 5).map(({ key, label, does, values }) => (
            <li key={key}>
              <b>{label}</b> <span className="mono">{key}</span> · {t(`fields.bin.does.${does}`)}
              {Boolean(values) && ` · ${t('fields.bin.moved', { count: values ?? 0 })}`}
            </li>
          ))}
          {fields.length > 5 && <li>… +{fields.length - 5}</li>}
        </ul>
      ),
    },
    { key: 'who', title: t('fields.bin.who'), card: t('fields.bin.who'), render: ({ actorName }) => actorName },
    {
      key: 'when',
      title: t('fields.bin.when'),
      card: t('fields.bin.when'),
      className: 'nowrap',
      render: ({ at }) => (
        <time dateTime={at} title={moment(at, language)}>
          {ago(at, language)}
        </time>
      ),
    },
    {
      key: 'undo',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      render: ({ id, undoneAt, fields }) =>
        undoneAt ? (
          <span className="quiet">{t('fields.bin.undone')}</span>
        ) : (
          <Button aria-label={t('fields.bin.undoOne', { label: fields[0]?.label ?? '' })} onClick={() => undo(id)}>
            {t('app.undo')}
          </Button>
        ),
    },
  ];
  return <DataTable label={t('fields.bin.plans')} columns={columns} rows={plans.data} rowKey={({ id }) => id} />;
}
