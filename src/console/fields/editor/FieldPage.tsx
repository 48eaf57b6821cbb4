import { useQuery } from '@tanstack/react-query';
import { HeartPulse } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { blankField, type Field, labelOf } from '#contract/field';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { definitionQueries } from '../../definitions.ts';
import { builtinPath, type FieldTab, fieldPath, fieldTabs, keyOfPath } from '../../paths.ts';
import { Visited } from '../../recent.ts';
import { asLeft } from '../../returning.ts';
import { useSession } from '../../session.ts';
import { Crumbs } from '../../ui/Crumbs.tsx';
import { ErrorPage } from '../../ui/ErrorPage.tsx';
import { useLanguage } from '../../ui/language.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { copyKey } from './changes.ts';
import type { FormKind } from './FieldCards.tsx';
import { FieldForm } from './FieldForm.tsx';
import './FieldPage.css';

/** One field: stored, built-in, new or a copy. The form mounts when its data is there, and reads it once. */
export function FieldPage({ builtin = false }: { builtin?: boolean }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const navigate = useNavigate();
  const params = useParams();
  const key = keyOfPath(params.key);
  const tab = params.tab ? fieldTabs.find((known) => known === params.tab) : fieldTabs[0];
  const [search] = useSearchParams();
  const [saves, setSaves] = useState(0);
  const targetType = builtin ? 'USER' : targetTypes.find((known) => known === params.targetType);
  const [copied, copiedKey = ''] = (search.get('copy') ?? '').split('/');
  const copiedType = targetTypes.find((known) => known === copied);
  const list = useQuery({
    ...definitionQueries.custom(targetType ?? 'USER'),
    enabled: Boolean(targetType) && !builtin,
  });
  const base = useQuery({ ...definitionQueries.builtin('USER'), enabled: builtin });
  const source = useQuery({ ...definitionQueries.custom(copiedType ?? 'USER'), enabled: Boolean(copiedType) });
  if (!targetType || !tab) return <ErrorPage error={new ApiError('notFound')} />;
  const above = asLeft(`/fields/${targetType}`);
  const back = { to: above, page: t('fields.title') };
  const found = builtin ? base : list;
  if (found.error && !found.data) return <ErrorPage error={found.error} onRetry={() => found.refetch()} />;
  const stored = found.data?.find((field) => field.key === key);
  if (found.data && key && !stored) return <ErrorPage error={new ApiError('fieldNotFound')} back={back} />;
  if (!key && !can('define')) return <ErrorPage error={new ApiError('forbidden')} />;
  const takenKeys = list.data?.map((known) => known.key) ?? [];
  const original = copiedType && source.data?.find((field) => field.key === decodeURIComponent(copiedKey));
  const isLoading = !found.data || (copiedType && !source.data);
  const kind: FormKind = builtin ? 'builtin' : stored ? 'stored' : original ? 'copy' : 'new';
  const field = stored ?? (original ? copyOf(original, targetType, takenKeys) : newField(targetType));
  const title = stored ? labelOf(stored, language) : (key ?? t('fields.new'));
  const pathOf = (one: FieldTab) => (builtin ? builtinPath(key ?? '', one) : fieldPath(targetType, key ?? '', one));
  return (
    <>
      <PageTitle name={tab === fieldTabs[0] ? title : t('app.named', { what: t(`fields.tab.${tab}`), name: title })} />
      {kind === 'stored' && stored && (
        <Visited path={fieldPath(targetType, stored.key)} name={title} aside={t('app.pages.fields')} />
      )}
      <div className="field-head-row">
        <div className="field-here">
          <Crumbs
            steps={[
              { to: '/fields', label: t('fields.title') },
              { to: above, label: t(`app.targets.${targetType}`) },
              ...(builtin ? [{ to: `/fields/${targetType}/built-in`, label: t('fields.section.built-in') }] : []),
            ]}
            here={title}
            lang={stored ? language : undefined}
          />
          {stored && <span className="mono quiet">{stored.key}</span>}
        </div>
        {kind === 'stored' && stored && (
          <Link className="button-link" to={`${fieldPath(targetType, stored.key)}/health`}>
            <HeartPulse className="icon" aria-hidden /> {t('fields.health.title')}
          </Link>
        )}
      </div>
      <h1 className="hidden-text">{title}</h1>
      {isLoading ? (
        <span className="skeleton" style={{ height: 320 }} />
      ) : (
        <FieldForm
          // The person's own save resets the form to the stored field. Other people's saves don't change it, and neither
          // does going to another tab.
          key={`${targetType} ${key ? `/${key}` : search} ${saves}`}
          field={field}
          kind={kind}
          tab={tab}
          pathOf={pathOf}
          others={list.data ?? []}
          onSaved={() => setSaves(saves + 1)}
          onCreated={(created) => navigate(fieldPath(targetType, created), { replace: true })}
          onDeleted={() => navigate(above)}
        />
      )}
    </>
  );
}

const newField = (targetType: TargetType): Field => ({ ...blankField('STRING', targetType), version: 0 });

/** The same definition for this target type, under a free key, without values. */
function copyOf(original: Field, targetType: TargetType, taken: string[]): Field {
  const { createdAt: _, updatedAt: __, ...definition } = { createdAt: '', updatedAt: '', ...original };
  // A member of the union without these properties is still that member.
  const copy = { ...definition, targetType, key: copyKey(original.key, taken), version: 0 } as Field;
  return 'retiredOptions' in copy ? { ...copy, retiredOptions: [] } : copy;
}
