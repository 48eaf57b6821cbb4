import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { type Field, labelOf } from '#contract/field';
import type { FieldHealth } from '#contract/health';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { definitionQueries } from '../definitions.ts';
import { fieldPath, keyOfPath, listPath } from '../paths.ts';
import { asLeft } from '../returning.ts';
import { useSession } from '../session.ts';
import { Crumbs } from '../ui/Crumbs.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { toast } from '../ui/toasts.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { ago, moment } from '../ui/when.ts';
import { usePlan } from './plan/usePlan.tsx';
import { fieldQueries } from './queries.ts';
import { UsedBy } from './UsedBy.tsx';
import './HealthPage.css';

/** The data quality of a field, and what could be corrected. */
export function HealthPage() {
  const { t } = useTranslation();
  const language = useLanguage();
  const params = useParams();
  const key = keyOfPath(params.key) ?? '';
  const targetType = targetTypes.find((known) => known === params.targetType);
  const list = useQuery({ ...definitionQueries.custom(targetType ?? 'USER'), enabled: Boolean(targetType) });
  const health = useQuery({ ...fieldQueries.health(targetType ?? 'USER', key), enabled: Boolean(targetType) });
  const error = list.error ?? health.error;
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  if (error) return <ErrorPage error={error} onRetry={() => health.refetch()} />;
  const field = list.data?.find((known) => known.key === key);
  return (
    <>
      <PageTitle
        name={t('app.named', { what: t('fields.health.title'), name: field ? labelOf(field, language) : key })}
      />
      <Crumbs
        steps={[
          { to: '/fields', label: t('fields.title') },
          { to: asLeft(`/fields/${targetType}`), label: t(`app.targets.${targetType}`) },
          { to: fieldPath(targetType, key), label: field ? labelOf(field, language) : key },
        ]}
        here={t('fields.health.title')}
      />
      <h1 className="hidden-text">{t('fields.health.title')}</h1>
      {field && health.data ? (
        <Report targetType={targetType} field={field} health={health.data} />
      ) : (
        <span className="skeleton" style={{ height: 320 }} />
      )}
    </>
  );
}

function Report({ targetType, field, health }: { targetType: TargetType; field: Field; health: FieldHealth }) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const plan = usePlan();
  const number = (value: number) => value.toLocaleString(i18n.language);
  const { key } = field;
  const { holders, targets } = health;
  const share = holders !== null && targets ? Math.floor((holders / targets) * 100) : 0;
  const mayMend = can('define') && can('write');
  const mend = (change: object, said: string) =>
    plan.run({ changes: [{ targetType, key, ...change }] }, said).catch(toast.error);
  const merge = (group: FieldHealth['nearDuplicates'][number]) => {
    const [kept, ...others] = group.toSorted((a, b) => b.holders - a.holders);
    if (!kept || !('options' in field)) return;
    const gone = new Set(others.map(({ value }) => value));
    const dispositions = others.map(({ value }) => ({ value, disposition: 'move' as const, to: kept.value }));
    void mend(
      { options: field.options.filter(({ value }) => !gone.has(value)), dispositions, version: field.version },
      t('fields.health.merged', { label: kept.label }),
    );
  };
  return (
    <div className="stack">
      <dl className="card facts">
        <Fact
          name={t('fields.filled')}
          value={holders === null ? '—' : `${share}%`}
          to={holders ? listPath(targetType, { field: key, operator: 'NOT_NULL' }) : undefined}
          note={
            holders === null ? undefined : t('fields.filledOf', { holders: number(holders), targets: number(targets) })
          }
        />
        {!health.isProtected && (
          <>
            <Fact name={t('fields.health.distinct')} value={number(health.distinct)} />
            <Fact
              name={t('fields.health.lastWrite')}
              value={health.lastWrite ? ago(health.lastWrite, language) : '—'}
              note={health.lastWrite ? moment(health.lastWrite, language) : undefined}
            />
            <Fact
              name={t('fields.health.breaches')}
              value={number(health.breaches)}
              note={
                health.breaches > 0 && (
                  <Link to={fieldPath(targetType, field.key, 'rules')}>{t('fields.health.rules')}</Link>
                )
              }
            />
          </>
        )}
      </dl>
      {health.isProtected && <p className="note">{t('fields.health.protected')}</p>}
      {health.bars.length > 0 && (
        <section className="card">
          <header>
            <h2>{'options' in field ? t('fields.options.title') : t('fields.health.values')}</h2>
            {'options' in field && (
              <Link to={fieldPath(targetType, field.key, 'options')}>{t('fields.health.editOptions')}</Link>
            )}
          </header>
          <Bars
            bars={health.bars.map(({ value, count }) => ({
              name: sayValue(value, field, language, t),
              to: listPath(targetType, { field: key, operator: 'EQUAL', value }),
              count,
              isRetired: 'retiredOptions' in field && field.retiredOptions.some((option) => option.value === value),
            }))}
            total={holders ?? 0}
          />
        </section>
      )}
      {health.histogram && health.histogram.length > 0 && (
        <section className="card">
          <h2>{t('fields.health.spread')}</h2>
          <Bars
            bars={health.histogram.map(({ from, to, count }) => ({ name: rangeOf(field, from, to, language), count }))}
            total={holders ?? 0}
          />
        </section>
      )}
      {health.nearDuplicates.length > 0 && (
        <section className="card">
          <h2>{t('fields.health.near')}</h2>
          <p className="quiet">{t('fields.health.nearText')}</p>
          <ul className="stack near">
            {health.nearDuplicates.map((group) => (
              <li key={group[0]?.value}>
                <span>
                  {group.map(({ value, label, holders }) => (
                    <span key={value} className="near-one">
                      <b>{label}</b> <span className="mono">{value}</span>{' '}
                      <small className="quiet">
                        <UsedBy field={field} value={value} count={holders} />
                      </small>
                    </span>
                  ))}
                </span>
                {mayMend && <Button onClick={() => merge(group)}>{t('fields.health.merge')}</Button>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {!health.isProtected && (
        <section className="card">
          <h2>{t('fields.health.misfits')}</h2>
          {health.misfits.count === 0 ? (
            <p className="quiet">{t('fields.health.allFit')}</p>
          ) : (
            <>
              <p>
                <Link to={listPath(targetType, { field: key, operator: 'UNFIT' })}>
                  {t('fields.health.misfitCount', {
                    count: health.misfits.count,
                    normalisable: number(health.misfits.normalisable),
                  })}
                </Link>
              </p>
              <ul className="misfits">
                {health.misfits.samples.map(({ value, means }) => (
                  <li key={JSON.stringify(value)}>
                    <span className="mono">{JSON.stringify(value)}</span>{' '}
                    {means === undefined ? (
                      <span className="quiet">{t('fields.health.noMeaning')}</span>
                    ) : (
                      <span>→ {sayValue(means, field, language, t)}</span>
                    )}
                  </li>
                ))}
              </ul>
              {mayMend && health.misfits.normalisable > 0 && (
                <Button
                  onClick={() => mend({ normalise: true, version: field.version }, t('fields.health.normalised'))}
                >
                  {t('fields.health.normalise')}
                </Button>
              )}
            </>
          )}
        </section>
      )}
      {plan.dialog}
    </div>
  );
}

function Fact({
  name,
  value,
  note,
  to,
}: {
  name: string;
  value: string;
  note?: ReactNode;
  /** The list of those who are counted. */
  to?: string | undefined;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        {note && <small className="quiet">{to ? <Link to={to}>{note}</Link> : note}</small>}
      </dd>
    </div>
  );
}

interface Bar {
  name: string;
  count: number;
  /** The list of those who are counted. */
  to?: string;
  isRetired?: boolean;
}

/** A bar for each count. The numbers are also there as text. */
function Bars({ bars, total }: { bars: Bar[]; total: number }) {
  const { t, i18n } = useTranslation();
  const whole = Math.max(1, total);
  return (
    <ul className="bars">
      {bars.map(({ name, count, to, isRetired }) => (
        <li key={name}>
          <span className="bar-name">
            {to ? <Link to={to}>{name}</Link> : name}
            {isRetired && <span className="badge caution bar-mark">{t('fields.inactiveOption')}</span>}
          </span>
          <span className="bar" aria-hidden>
            <span style={{ width: `${(count / whole) * 100}%` }} />
          </span>
          <span className="bar-count">
            {count.toLocaleString(i18n.language)} <small>{total ? Math.round((count / total) * 100) : 0}%</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The two ends of a step: numbers as they are, instants as days. */
function rangeOf(field: Field, from: number, to: number, language: string): string {
  const say =
    'precision' in field
      ? (at: number) => new Date(at).toLocaleDateString(language, { dateStyle: 'medium', timeZone: 'UTC' })
      : (at: number) => at.toLocaleString(language, { maximumSignificantDigits: 6 });
  return from === to ? say(from) : `${say(from)} – ${say(to)}`;
}
