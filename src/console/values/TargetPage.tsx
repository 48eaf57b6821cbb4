import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { TargetType } from '#contract/target';
import { Crumbs } from '../ui/Crumbs.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { PageTitle } from '../ui/PageTitle.tsx';
import { TargetForm } from './TargetForm.tsx';
import { kinds, type Reference, valueQueries } from './targets.ts';
import './values.css';

/** One user, role, group or department: who it is at a glance, and the form of its fields. */
export function TargetPage({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const { id = '', namespace } = useParams();
  const [saves, setSaves] = useState(0);
  const reference: Reference = { targetType, id, namespace };
  const { data, error, refetch } = useQuery(valueQueries.target(reference));
  const kind = kinds[targetType];
  if (error && !data) return <ErrorPage error={error} onRetry={() => refetch()} />;
  const name = data && kind.name(data.entity);
  return (
    <>
      <PageTitle name={name ?? t(`app.targets.${targetType}`)} />
      <Crumbs steps={[{ to: kind.page, label: t(`app.targets.${targetType}`) }]} here={name ?? '…'} />
      <header className="target-head">
        <span className="avatar" aria-hidden>
          {name ? [...name][0] : ''}
        </span>
        <div>
          <h1>{name ?? <span className="skeleton" style={{ width: 160, height: 20 }} />}</h1>
          <p className="quiet">{data && kind.facts(data.entity).filter(Boolean).join(' · ')}</p>
        </div>
      </header>
      {data ? (
        // Keyed by who it is and by our own saves: a refetch never touches what is being typed.
        <TargetForm
          key={`${targetType} ${namespace} ${id} ${saves}`}
          reference={reference}
          data={data}
          onSaved={() => setSaves(saves + 1)}
        />
      ) : (
        <span className="skeleton" style={{ height: 280 }} />
      )}
    </>
  );
}
