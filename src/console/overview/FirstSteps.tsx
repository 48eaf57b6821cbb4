import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../session.ts';
import type { Space } from './attention.ts';
import { overviewQueries } from './queries.ts';

/** What a new pool needs, until all of it is done. */
export function FirstSteps({ spaces }: { spaces: Space[] }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const people = useQuery({ ...overviewQueries.people(), enabled: can('staff') });
  const steps = [
    { name: 'field', to: '/fields/USER/new', isDone: spaces.some(({ fields }) => fields.length > 0), right: 'define' },
    {
      name: 'target',
      to: '/users?create=user',
      isDone: spaces.some(({ counts }) => counts.targets > 0),
      right: 'directory',
    },
    { name: 'team', to: '/settings/staff?invite', isDone: (people.data ?? 2) > 1, right: 'staff' },
  ] as const;
  const own = steps.filter(({ right }) => can(right));
  if (own.every(({ isDone }) => isDone)) return null;
  return (
    <section className="card first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">{t('overview.first.title')}</h2>
      <ol>
        {own.map(({ name, to, isDone }) => (
          <li key={name} data-done={isDone}>
            {isDone ? <CircleCheck className="icon" aria-hidden /> : <CircleDashed className="icon" aria-hidden />}
            <span>
              {isDone ? t(`overview.first.${name}`) : <Link to={to}>{t(`overview.first.${name}`)}</Link>}
              <small className="quiet">{isDone ? t('overview.first.done') : t(`overview.first.${name}Text`)}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
