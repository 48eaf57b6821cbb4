import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import './Crumbs.css';

/** The breadcrumbs of this page. The last one is the page itself. */
export function Crumbs({
  steps,
  here,
  lang,
}: {
  steps: { to: string; label: ReactNode }[];
  here: ReactNode;
  lang?: string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <nav className="crumbs" aria-label={t('app.crumbs')}>
      <ol>
        {steps.map(({ to, label }) => (
          <li key={to} style={{ display: 'contents' }}>
            <Link to={to}>{label}</Link>
            <ChevronRight className="icon" aria-hidden />
          </li>
        ))}
        <li aria-current="page" lang={lang}>
          {here}
        </li>
      </ol>
    </nav>
  );
}
