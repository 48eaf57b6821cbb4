import { useQueries, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { targetTypes } from '#contract/target';
import { definitionQueries } from '../definitions.ts';
import { useSession } from '../session.ts';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { PageTitle } from '../ui/PageTitle.tsx';
import { Attention } from './Attention.tsx';
import { mattersOf, type Space } from './attention.ts';
import { Changes } from './Changes.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { Fullness } from './Fullness.tsx';
import { overviewQueries } from './queries.ts';
import './OverviewPage.css';

/** What needs somebody, what changed lately, and how full the fields are. */
export function OverviewPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { spaces, error, retry } = useSpaces();
  const overview = useQuery(overviewQueries.overview());
  if (error) return <ErrorPage error={error} onRetry={retry} />;
  const isEmpty = spaces?.every(({ fields }) => fields.length === 0) ?? false;
  return (
    <>
      <PageTitle name={t('overview.title')} />
      <header className="page-head">
        <div>
          <h1>{t('overview.title')}</h1>
          <p className="quiet">{t('overview.subtitle')}</p>
        </div>
        {can('define') && (
          <Link className="button-link" to="/fields/USER/new">
            <Plus className="icon" aria-hidden /> {t('app.commands.create.field')}
          </Link>
        )}
      </header>
      <div className="overview">
        <div className="stack">
          {spaces && <FirstSteps spaces={spaces} />}
          {spaces && overview.data ? (
            !isEmpty && (
              <Attention
                matters={mattersOf(spaces, { mayDefine: can('define') })}
                overview={overview.data}
                spaces={spaces}
              />
            )
          ) : (
            <span className="skeleton" style={{ height: 280 }} />
          )}
        </div>
        <div className="stack">
          {spaces && overview.data?.days && <Changes days={overview.data.days} spaces={spaces} />}
          {spaces && !isEmpty && <Fullness spaces={spaces} />}
        </div>
      </div>
    </>
  );
}

/** The fields of all target types with their numbers, when all are loaded. */
function useSpaces(): { spaces: Space[] | undefined; error: Error | null; retry: () => void } {
  const fields = useQueries({ queries: targetTypes.map(definitionQueries.custom) });
  const counts = useQueries({ queries: targetTypes.map(definitionQueries.counts) });
  const misfits = useQueries({ queries: targetTypes.map(overviewQueries.misfits) });
  const spaces = targetTypes.map((targetType, at) => {
    const [own, numbers, odd] = [fields[at]?.data, counts[at]?.data, misfits[at]?.data];
    return own && numbers && odd && { targetType, fields: own, counts: numbers, misfits: odd.fields };
  });
  const all = [...fields, ...counts, ...misfits];
  return {
    spaces: spaces.every((space) => space !== undefined) ? spaces : undefined,
    error: all.find(({ error, data }) => error && !data)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of all) if (error) void refetch();
    },
  };
}
