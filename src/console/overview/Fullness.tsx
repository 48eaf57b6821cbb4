import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { labelOf } from '#contract/field';
import { listPath } from '../paths.ts';
import { useLanguage } from '../ui/language.ts';
import type { Space } from './attention.ts';

const most = 8;

/** How many targets have a value of each field. Each leads to those who have none. */
export function Fullness({ spaces }: { spaces: Space[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const share = new Intl.NumberFormat(language, { style: 'percent' });
  const rows = spaces.flatMap(({ targetType, fields, counts }) =>
    counts.targets
      ? fields.flatMap((field) => {
          const holders = counts.holders[field.key];
          return holders === undefined ? [] : [{ targetType, field, full: holders / counts.targets }];
        })
      : [],
  );
  if (!rows.length) return null;
  return (
    <section className="card fullness" aria-labelledby="fullness">
      <h2 id="fullness">{t('overview.full')}</h2>
      <ul>
        {rows
          .toSorted((a, b) => b.full - a.full)
          .slice(0, most)
          .map(({ targetType, field, full }) => (
            <li key={`${targetType} ${field.key}`}>
              <Link to={listPath(targetType, { field: field.key, operator: 'IS_NULL' })}>
                {labelOf(field, language)}
              </Link>
              <span className="meter" aria-hidden>
                <span style={{ width: `${full * 100}%` }} />
              </span>
              <small className="quiet">{share.format(full)}</small>
            </li>
          ))}
      </ul>
    </section>
  );
}
