import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { RotateCcw } from 'lucide-react';
import { useId, useState } from 'react';
import { useController, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { z } from 'zod';
import { endpoints, type Output } from '#contract/endpoints';
import { labelOf } from '#contract/field';
import type { AppliedPlan } from '#contract/plan';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { IssueText } from '../inputs/FormField.tsx';
import { judgedBy, submit } from '../inputs/form.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { sayError, toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { DataTypeLabel } from './dataTypes.tsx';
import { FieldsFrame } from './FieldsFrame.tsx';
import { useLabels } from './plan/labels.ts';
import { useUndo } from './plan/useUndo.ts';
import { fieldQueries, restoreField } from './queries.ts';
import './TrashPage.css';

type Trashed = Output<'listTrashedFields'>[number];

/** The deletions and plans of the last 30 days, with restore and undo. */
export function TrashPage() {
  const { t } = useTranslation();
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  return (
    <FieldsFrame targetType={targetType} section="trash">
      <div className="stack">
        <h2>{t('fields.trash.title')}</h2>
        <Trash key={targetType} targetType={targetType} />
        <h2 className="second">{t('fields.trash.plans')}</h2>
        <Plans targetType={targetType} />
      </div>
    </FieldsFrame>
  );
}

function Trash({ targetType }: { targetType: TargetType }) {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const trash = useQuery(fieldQueries.trash(targetType));
  const [renaming, setRenaming] = useState<{ trashId: number; error: ApiError }>();
  const restore = useMutation(restoreField());
  if (trash.error) return <ErrorPage error={trash.error} onRetry={() => trash.refetch()} />;
  if (trash.data?.length === 0) return <Empty title={t('fields.trash.empty')} text={t('fields.remove.text')} />;
  async function take({ trashId, field }: Trashed, as?: string) {
    const back = await restore.mutateAsync({ targetType, key: field.key, trashId, as, tenantId: undefined });
    setRenaming(undefined);
    toast.say(t('fields.trash.restored', { label: labelOf(back, language) }));
  }
  const offer = (trashId: number) => (error: Error) =>
    isTaken(error) ? setRenaming({ trashId, error }) : toast.error(error);
  const columns: Column<Trashed>[] = [
    {
      key: 'name',
      title: t('fields.name'),
      render: (one) => (
        <>
          <b lang={language}>{labelOf(one.field, language)}</b>
          <div className="mono">{one.field.key}</div>
          {renaming?.trashId === one.trashId && (
            <RestoreAs
              refusal={renaming.error}
              isPending={restore.isPending}
              field={one.field}
              onRestore={(as) => take(one, as)}
              onClose={() => setRenaming(undefined)}
            />
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
      title: t('fields.trash.values'),
      card: t('fields.trash.values'),
      render: ({ holders }) => holders?.toLocaleString(i18n.language) ?? '—',
    },
    {
      key: 'deleted',
      title: t('fields.trash.deleted'),
      card: t('fields.trash.deleted'),
      render: ({ deletedAt }) => (
        <time dateTime={deletedAt} title={moment(deletedAt, language)}>
          {ago(deletedAt, language)}
        </time>
      ),
    },
    {
      key: 'purge',
      title: t('fields.trash.purge'),
      card: t('fields.trash.purge'),
      render: ({ purgeAt }) => <time dateTime={purgeAt}>{moment(purgeAt, language)}</time>,
    },
    {
      key: 'restore',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      render: (one) => (
        <Button
          icon={<RotateCcw className="icon" aria-hidden />}
          aria-label={t('fields.trash.restoreOne', { label: labelOf(one.field, language) })}
          onClick={() => void take(one).catch(offer(one.trashId))}
        >
          {t('fields.trash.restore')}
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      label={t('fields.trash.title')}
      columns={columns}
      rows={trash.data}
      rowKey={({ trashId }) => String(trashId)}
    />
  );
}

const isTaken = (error: Error): error is ApiError => error instanceof ApiError && error.name.startsWith('key');

/** The free key that the server offers instead of a taken one. */
function offerOf(error: ApiError): string | undefined {
  return z.object({ offer: z.string() }).safeParse(error.details.current).data?.offer;
}

const judge = judgedBy(z.object({ as: endpoints.restoreCustomField.input.shape.as.unwrap() }));

/** Asks for another key, because the key of the field is taken. */
function RestoreAs({
  refusal,
  isPending,
  field: { key },
  onRestore,
  onClose,
}: {
  refusal: ApiError;
  isPending: boolean;
  field: Trashed['field'];
  onRestore: (as: string) => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const form = useForm({ resolver: judge, defaultValues: { as: offerOf(refusal) ?? key } });
  const { field, fieldState, formState } = useController({ control: form.control, name: 'as' });
  const error = formState.isSubmitted ? fieldState.error?.message : sayError(refusal);
  const send = submit(
    form,
    ({ as }) =>
      onRestore(as).catch((failure: Error) => {
        const offer = isTaken(failure) && offerOf(failure);
        if (offer) form.setValue('as', offer);
        throw failure;
      }),
    { about: { keyTaken: 'as', keyReserved: 'as' } },
  );
  return (
    <form className="rename" noValidate onSubmit={send}>
      {error && (
        <p className="field-error" id={id} role="alert">
          <IssueText message={error} />
        </p>
      )}
      <Input
        {...field}
        className="mono"
        aria-label={t('fields.trash.otherKey')}
        aria-invalid={Boolean(error)}
        aria-describedby={error && id}
        autoFocus
      />
      <Button htmlType="submit" type="primary" loading={isPending}>
        {t('fields.trash.restoreAs')}
      </Button>
      <Button onClick={onClose}>{t('app.cancel')}</Button>
    </form>
  );
}

function Plans({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const plans = useQuery(fieldQueries.plans(targetType));
  const undo = useUndo();
  const labels = useLabels();
  if (plans.error) return <ErrorPage error={plans.error} onRetry={() => plans.refetch()} />;
  if (plans.data?.length === 0) return <Empty title={t('fields.trash.noPlans')} text={t('fields.trash.noPlansText')} />;
  const columns: Column<AppliedPlan>[] = [
    {
      key: 'what',
      title: t('fields.trash.what'),
      render: ({ fields }) => (
        <ul>
          {fields.slice(0, 5).map(({ key, does, values, ...field }) => (
            <li key={key}>
              <b>{labels.field({ key, ...field })}</b> <span className="mono">{key}</span> ·{' '}
              {t(`fields.trash.does.${does}`)}
              {Boolean(values) && ` · ${t('fields.trash.moved', { count: values ?? 0 })}`}
            </li>
          ))}
          {fields.length > 5 && <li>… +{fields.length - 5}</li>}
        </ul>
      ),
    },
    { key: 'who', title: t('fields.trash.who'), card: t('fields.trash.who'), render: ({ actorName }) => actorName },
    {
      key: 'when',
      title: t('fields.trash.when'),
      card: t('fields.trash.when'),
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
          <span className="quiet">{t('fields.trash.undone')}</span>
        ) : (
          <Button
            aria-label={t('fields.trash.undoOne', { label: fields[0] ? labels.field(fields[0]) : '' })}
            onClick={() => undo(id)}
          >
            {t('app.undo')}
          </Button>
        ),
    },
  ];
  return <DataTable label={t('fields.trash.plans')} columns={columns} rows={plans.data} rowKey={({ id }) => id} />;
}
