import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { type TargetType, targetTypes } from '#contract/target';
import { definitionQueries } from '../definitions.ts';
import { kinds } from '../kinds.ts';
import { useSession } from '../session.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import './FieldsFrame.css';

const sections = ['list', 'built-in', 'translations', 'preview', 'files', 'trash'] as const;
type Section = (typeof sections)[number];

/** The header of every page about the fields of a target type, with the choice of type and page. */
export function FieldsFrame({
  targetType,
  section,
  actions,
  children,
}: {
  targetType: TargetType;
  section: Section;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const lists = useQueries({ queries: targetTypes.map((type) => definitionQueries.custom(type)) });
  const pathOf = (type: TargetType, wanted: Section) => {
    const here = wanted === 'built-in' && !kinds[type].settableFields ? 'list' : wanted;
    return `/fields/${type}${here === 'list' ? '' : `/${here}`}`;
  };
  const offered = sections.filter(
    (one) => (one !== 'built-in' || kinds[targetType].settableFields) && (one !== 'trash' || can('define')),
  );
  return (
    <>
      <PageTitle
        name={t('app.named', { what: t(`fields.section.${section}`), name: t(`app.targets.${targetType}`) })}
      />
      <header className="page-head">
        <div>
          <h1>{t('fields.title')}</h1>
          <p className="quiet">{t('fields.subtitle')}</p>
        </div>
        {actions}
      </header>
      <nav className="tabs" aria-label={t('fields.targetTypes')}>
        {targetTypes.map((type, index) => (
          <NavLink key={type} to={pathOf(type, section)} aria-current={type === targetType ? 'page' : false}>
            {t(`app.targets.${type}`)} <small>{lists[index]?.data?.length ?? ''}</small>
          </NavLink>
        ))}
      </nav>
      <nav className="sections" aria-label={t('fields.sections')}>
        {offered.map((one) => (
          <NavLink key={one} to={pathOf(targetType, one)} end>
            {t(`fields.section.${one}`)}
          </NavLink>
        ))}
      </nav>
      {children}
    </>
  );
}
