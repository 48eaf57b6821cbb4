import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Output } from '#contract/endpoints';
import { useLanguage } from '../ui/language.ts';
import { ago, wholeDay } from '../ui/when.ts';
import { overviewQueries } from './queries.ts';

const shown = 28;

/** How much changed on each of the last days, and the latest entries of the audit log. */
export function Changes({ days }: { days: NonNullable<Output<'getOverview'>['days']> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const latest = useQuery(overviewQueries.latest());
  const counts = new Map(days.map(({ day, entries }) => [day, entries]));
  const bars = Array.from({ length: shown }, (_, at) => {
    const day = new Date(Date.now() - (shown - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    return { day, entries: counts.get(day) ?? 0 };
  });
  const most = Math.max(1, ...bars.map(({ entries }) => entries));
  const total = bars.reduce((sum, { entries }) => sum + entries, 0);
  return (
    <section className="card changes" aria-labelledby="changes">
      <header>
        <h2 id="changes">
          {t('overview.changes')} <small className="quiet">{t('overview.days', { count: shown })}</small>
        </h2>
        <b>{total.toLocaleString(language)}</b>
      </header>
      <ol className="day-bars">
        {bars.map(({ day, entries }) => (
          <li key={day} title={t('overview.day', { day: wholeDay(day, language), count: entries })}>
            <span className="bar" style={{ height: `${Math.max(2, (entries / most) * 100)}%` }} />
            <span className="hidden-text">{t('overview.day', { day: wholeDay(day, language), count: entries })}</span>
          </li>
        ))}
      </ol>
      <ul className="latest">
        {latest.data?.map(({ id, at, actorName, holder, field, subject }) => (
          <li key={id}>
            <span>
              <b>{actorName}</b> {[field?.label ?? field?.key, holder?.name ?? subject].filter(Boolean).join(' · ')}
            </span>
            <small className="quiet">{ago(at, language)}</small>
          </li>
        ))}
      </ul>
      <Link to="/activity">{t('overview.all')}</Link>
    </section>
  );
}
