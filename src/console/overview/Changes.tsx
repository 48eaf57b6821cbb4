import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Output } from '#contract/endpoints';
import { labelOf } from '#contract/field';
import type { TargetType } from '#contract/target';
import { useLanguage } from '../ui/language.ts';
import { ago, wholeDay } from '../ui/when.ts';
import type { Space } from './attention.ts';
import { overviewQueries } from './queries.ts';

const shown = 28;

/** How much changed on each of the last days, and the latest entries of the audit log. */
export function Changes({ days, spaces }: { days: NonNullable<Output<'getOverview'>['days']>; spaces: Space[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const latest = useQuery(overviewQueries.latest());
  /** A field that is gone has only the name that its entry knows. */
  const sayField = (targetType: TargetType | null, { key, label }: { key: string; label: string }) => {
    const space = spaces.find((one) => one.targetType === targetType);
    const known = space?.fields.find((one) => one.key === key);
    return known ? labelOf(known, language) : label || key;
  };
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
        {latest.data?.map(({ id, at, actorName, holder, targetType, field, subject }) => (
          <li key={id}>
            <span>
              <b>{actorName}</b>{' '}
              {[field && sayField(targetType, field), holder?.name ?? subject].filter(Boolean).join(' · ')}
            </span>
            <small className="quiet">{ago(at, language)}</small>
          </li>
        ))}
      </ul>
      <Link to="/activity">{t('overview.all')}</Link>
    </section>
  );
}
