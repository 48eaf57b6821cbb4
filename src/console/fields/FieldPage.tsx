import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { ApiError } from '#contract/errors';
import { blankField, type Field, labelOf } from '#contract/field';
import { type TargetType, targetTypes } from '#contract/target';
import { useSession } from '../session.ts';
import { Crumbs } from '../ui/Crumbs.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { FieldForm } from './FieldForm.tsx';
import { fieldQueries } from './queries.ts';
import './fields.css';

/** One field, or a new one: the form is mounted once its data is there, and seeded once. */
export function FieldPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const navigate = useNavigate();
  const { key, ...params } = useParams();
  const [saves, setSaves] = useState(0);
  const targetType = targetTypes.find((known) => known === params.targetType);
  const list = useQuery({ ...fieldQueries.list(targetType ?? 'USER'), enabled: Boolean(targetType) });
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  if (list.error && !list.data) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  const stored = list.data?.find((field) => field.key === key);
  if (list.data && key && !stored) return <ErrorPage error={new ApiError('fieldNotFound')} />;
  if (!key && !can('define')) return <ErrorPage error={new ApiError('forbidden')} />;
  const isLoading = !list.data;
  const field = stored ?? newField(targetType);
  return (
    <>
      <PageTitle name={stored ? labelOf(stored, language) : t('fields.new')} />
      <Crumbs
        steps={[
          { to: '/fields', label: t('fields.title') },
          { to: `/fields/${targetType}`, label: t(`app.targets.${targetType}`) },
        ]}
        here={stored ? labelOf(stored, language) : key ? key : t('fields.new')}
        lang={stored ? language : undefined}
      />
      <h1 className="hidden-text">{stored ? labelOf(stored, language) : t('fields.new')}</h1>
      {isLoading ? (
        <span className="skeleton" style={{ height: 320 }} />
      ) : (
        <FieldForm
          // A save of one's own starts the form over from what is stored now; somebody else's doesn't touch it.
          key={`${targetType} ${key ?? ''} ${saves}`}
          field={field}
          isNew={!stored}
          takenKeys={list.data.map((known) => known.key)}
          onSaved={() => setSaves(saves + 1)}
          onCreated={(created) => navigate(`/fields/${targetType}/${encodeURIComponent(created)}`, { replace: true })}
          onDeleted={() => navigate(`/fields/${targetType}`)}
        />
      )}
    </>
  );
}

const newField = (targetType: TargetType): Field => ({ ...blankField('STRING', targetType), version: 0 });
