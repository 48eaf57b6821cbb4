import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation, useParams } from 'react-router';
import type { TargetType } from '#contract/target';
import { definitionQueries } from '../definitions.ts';
import { kinds, type Reference } from '../kinds.ts';
import { patiently } from '../reach.ts';
import { Visited } from '../recent.ts';
import { asLeft } from '../returning.ts';
import { useSession } from '../session.ts';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { PageTitle } from '../ui/PageTitle.tsx';
import { TargetHead } from './head/TargetHead.tsx';
import { TargetForm } from './TargetForm.tsx';
import { targetPath, valueQueries } from './targets.ts';

const RawView = lazy(() => patiently(() => import('./RawView.tsx')).then((m) => ({ default: m.RawView })));
const TargetHistory = lazy(() =>
  patiently(() => import('./history/TargetHistory.tsx')).then((m) => ({ default: m.TargetHistory })),
);

/** A target with its values and fields, when all three are loaded. */
function useTarget(reference: Reference) {
  const queries = [
    useQuery(valueQueries.target(reference)),
    useQuery(definitionQueries.builtin(reference.targetType)),
    useQuery(definitionQueries.custom(reference.targetType)),
  ] as const;
  const [{ data: target }, { data: builtin }, { data: custom }] = queries;
  return {
    data: target && builtin && custom && { ...target, builtin, custom },
    error: queries.find(({ error }) => error)?.error,
    retry: () => queries.forEach(({ refetch }) => void refetch()),
  };
}

/** One user, role, group or department: a summary, the form of its fields, and its history. */
export function TargetPage({ targetType, tab = 'form' }: { targetType: TargetType; tab?: 'form' | 'history' | 'raw' }) {
  const { t } = useTranslation();
  const { id = '', namespace } = useParams();
  const { state } = useLocation();
  const [saves, setSaves] = useState(0);
  const [undone, setUndone] = useState(0);
  const reference: Reference = { targetType, id, namespace };
  const { data, error, retry } = useTarget(reference);
  const { can } = useSession();
  const mayEdit = can('write') || can('directory');
  const draft = useQuery({ ...valueQueries.draft(reference), enabled: mayEdit && tab === 'form' });
  const kind = kinds[targetType];
  const onUndone = useCallback(() => setUndone((times) => times + 1), []);
  const list = { to: asLeft(kind.page), page: t(`app.targets.${targetType}`) };
  if (error && !data) return <ErrorPage error={error} onRetry={retry} back={list} />;
  const name = data && kind.name(data.entity);
  return (
    <>
      <PageTitle name={name ?? t(`app.targets.${targetType}`)} />
      {name && <Visited path={targetPath(reference)} name={name} aside={t(`app.targets.${targetType}`)} />}
      <TargetHead reference={reference} data={data} />
      <nav className="tabs" aria-label={name ?? t(`app.targets.${targetType}`)}>
        <NavLink to={targetPath(reference)} state={state} end>
          {t('values.tab')}
        </NavLink>
        <NavLink to={`${targetPath(reference)}/history`} state={state}>
          {t('history.title')}
        </NavLink>
        <NavLink to={`${targetPath(reference)}/raw`} state={state}>
          {t('values.raw.title')}
        </NavLink>
      </nav>
      <Suspense fallback={<span className="skeleton" style={{ height: 280 }} />}>
        {tab === 'raw' ? (
          <RawView reference={reference} />
        ) : data && tab === 'history' ? (
          <TargetHistory reference={reference} data={data} />
        ) : data && (!mayEdit || draft.isFetched) ? (
          // The key has the target and the person's own saves, so that a refetch never changes their input.
          <TargetForm
            key={`${targetType} ${namespace} ${id} ${saves}`}
            reference={reference}
            data={data}
            draft={saves ? null : (draft.data ?? null)}
            undone={undone}
            onSaved={() => setSaves(saves + 1)}
            onUndone={onUndone}
          />
        ) : (
          <span className="skeleton" style={{ height: 280 }} />
        )}
      </Suspense>
    </>
  );
}
