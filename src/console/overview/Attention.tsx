import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Output } from '#contract/endpoints';
import { labelOf } from '#contract/field';
import { fieldPath, holderPath, listPath } from '../paths.ts';
import { useLanguage } from '../ui/language.ts';
import { ago } from '../ui/when.ts';
import type { Matter, Space } from './attention.ts';

interface Row {
  to: string;
  count: number | undefined;
  title: string;
  note: string;
  isUrgent?: boolean;
}

/** What needs somebody. Every row leads to its list. */
export function Attention({
  matters,
  overview: { drafts, sealing },
  spaces,
}: {
  matters: Matter[];
  overview: Output<'getOverview'>;
  spaces: Space[];
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const sayMatter = useSayMatter();
  const labelled = (targetType: Space['targetType'], key: string) => {
    const field = spaces.find((space) => space.targetType === targetType)?.fields.find((one) => one.key === key);
    return field ? labelOf(field, language) : key;
  };
  const rows: Row[] = [
    ...drafts.map(({ targetType, holder, at }) => ({
      to: holderPath(targetType, holder),
      count: undefined,
      title: t('overview.draft', { name: holder.name }),
      note: ago(at, language),
    })),
    ...matters.map(sayMatter),
    ...sealing.map(({ targetType, key }) => ({
      to: fieldPath(targetType, key, 'protection'),
      count: undefined,
      title: t('overview.sealing', { field: labelled(targetType, key) }),
      note: t(`app.targets.${targetType}`),
    })),
  ];
  return (
    <section className="card attention" aria-labelledby="attention">
      <h2 id="attention">{t('overview.attention')}</h2>
      {rows.length === 0 && <p className="quiet">{t('overview.nothing')}</p>}
      <ul>
        {rows.map(({ to, count, title, note, isUrgent }) => (
          <li key={`${to} ${title}`}>
            <Link to={to}>
              <b className={isUrgent ? 'badge caution' : 'badge'}>{count?.toLocaleString(language) ?? '·'}</b>
              <span>
                {title}
                <small className="quiet">{note}</small>
              </span>
              <ChevronRight className="icon" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a matter says, and where it leads. */
function useSayMatter(): (matter: Matter) => Row {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = new Intl.ListFormat(language, { type: 'conjunction', style: 'short' });
  return ({ kind, targetType, fields, count }) => {
    const [first] = fields;
    const target = t(`app.targets.${targetType}`);
    const labels = fields.slice(0, 3).map((field) => labelOf(field, language));
    const rest = fields.length - labels.length;
    const listed = names.format(rest ? [...labels, t('overview.more', { count: rest })] : labels);
    const isOfValues = kind === 'breaches' || kind === 'unfit' || kind === 'retired';
    return {
      to: pathOf({ kind, targetType, fields, count }),
      count,
      title: t(`overview.matter.${kind}`, { field: first ? labelOf(first, language) : '', target }),
      note: isOfValues ? t('overview.values', { count, target }) : listed,
      isUrgent: isOfValues,
    };
  };
}

function pathOf({ kind, targetType, fields: [first] }: Matter): string {
  const key = first?.key ?? '';
  switch (kind) {
    case 'breaches':
      return `${fieldPath(targetType, key)}/health`;
    case 'unfit':
      return listPath(targetType, { field: key, operator: 'UNFIT' });
    case 'retired':
      return listPath(targetType, { field: key, operator: 'RETIRED' });
    case 'translations':
      return `/fields/${targetType}/translations`;
    default:
      return fieldPath(targetType, key);
  }
}
