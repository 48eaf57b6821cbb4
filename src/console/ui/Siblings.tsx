import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { z } from 'zod';

/** The rows of a list, as the links to them carry it, so that one can go from one to the next without going back. */
const siblings = z.object({ siblings: z.array(z.string()) });
export const siblingState = (paths: string[] | undefined) => ({ siblings: paths ?? [] });

/** To the previous and the next of the list that one came from; nothing where one came from elsewhere. */
export function SiblingLinks() {
  const { t } = useTranslation();
  const { state, pathname } = useLocation();
  const { data } = siblings.safeParse(state);
  const at = data?.siblings.findIndex((path) => pathname === path || pathname.startsWith(`${path}/`)) ?? -1;
  const here = data?.siblings[at];
  if (!data || here === undefined) return null;
  // The same tab of the other one.
  const tab = pathname.slice(here.length);
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const path = data.siblings[at + by];
    if (path === undefined) {
      return (
        <span className="icon-button" aria-disabled="true">
          <Icon className="icon" aria-hidden />
        </span>
      );
    }
    return (
      <Link className="icon-button" to={path + tab} state={state} aria-label={label} title={label}>
        <Icon className="icon" aria-hidden />
      </Link>
    );
  };
  return (
    <nav className="siblings" aria-label={t('app.siblings.title')}>
      {step(-1, t('app.siblings.previous'), ChevronLeft)}
      <span className="quiet">{t('app.pageOf', { page: at + 1, last: data.siblings.length })}</span>
      {step(1, t('app.siblings.next'), ChevronRight)}
    </nav>
  );
}
