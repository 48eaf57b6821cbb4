import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { PageTitle } from '../ui/PageTitle.tsx';
import './settings.css';

/** The header of the settings pages. */
export function SettingsFrame({
  title,
  subtitle,
  actions,
  children,
}: {
  title: string;
  subtitle: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle name={title} />
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="quiet">{subtitle}</p>
        </div>
        {actions}
      </header>
      <nav className="tabs" aria-label={t('app.pages.settings')}>
        <NavLink to="/settings/keys">{t('keys.title')}</NavLink>
        <NavLink to="/settings/staff">{t('people.title')}</NavLink>
        <NavLink to="/settings/roles">{t('roles.title')}</NavLink>
      </nav>
      {children}
    </>
  );
}
