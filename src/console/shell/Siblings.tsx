import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { z } from 'zod';
import { endpoints, type Sent } from '#contract/endpoints';
import { call } from '../api.ts';
import { holderPath } from '../paths.ts';
import { toast } from '../ui/toasts.ts';
import './Siblings.css';

/**
 * The list page that the person came from, for links to the previous and next target: its rows, its query, and the
 * cursors of the pages around it. The links of its rows carry it.
 */
const siblings = z.object({
  siblings: z.object({
    paths: z.array(z.string()),
    input: endpoints.listTargets.input,
    /** How many rows stand before this page, and in all pages together. */
    before: z.number(),
    total: z.number().optional(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
  }),
});
type Page = z.output<typeof siblings>['siblings'];

export const siblingState = (page: (Omit<Page, 'input'> & { input: Sent<'listTargets'> }) | undefined) =>
  page && {
    siblings: {
      paths: page.paths,
      input: page.input,
      before: page.before,
      total: page.total,
      next: page.next,
      previous: page.previous,
    },
  };

/** Links to the previous and next target of that list, across pages. Nothing without a list. */
export function SiblingLinks() {
  const { t } = useTranslation();
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const [isLoading, setLoading] = useState(false);
  const { data } = siblings.safeParse(state);
  const page = data?.siblings;
  const at = page?.paths.findIndex((path) => pathname === path || pathname.startsWith(`${path}/`)) ?? -1;
  const here = page?.paths[at];
  if (!page || here === undefined) return null;
  // The same tab of the other target.
  const tab = pathname.slice(here.length);

  /** Opens the first or last row of the next or previous page. */
  async function turn(cursor: string, by: number) {
    if (!page) return;
    setLoading(true);
    try {
      const { list, next, previous } = await call('listTargets', { ...page.input, cursor });
      const paths = list.map((row) => holderPath(page.input.targetType, { ...row, identifier: row.targetIdentifier }));
      const path = by > 0 ? paths[0] : paths.at(-1);
      const before = by > 0 ? page.before + page.paths.length : page.before - paths.length;
      if (path) navigate(path + tab, { state: siblingState({ ...page, paths, before, next, previous }) });
    } catch (error) {
      toast.error(error as Error);
    } finally {
      setLoading(false);
    }
  }

  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const path = page.paths[at + by];
    const beyond = by > 0 ? page.next : page.previous;
    const face = <Icon className="icon" aria-hidden />;
    if (path !== undefined) {
      return (
        <Link className="icon-button" to={path + tab} state={state} aria-label={label} title={label}>
          {face}
        </Link>
      );
    }
    return (
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        disabled={!beyond || isLoading}
        onClick={() => beyond && turn(beyond, by)}
      >
        {face}
      </button>
    );
  };
  return (
    <nav className="siblings" aria-label={t('app.siblings.title')}>
      {page.total !== undefined && (
        <span className="sibling-place">
          {t('app.siblings.place', { at: page.before + at + 1, total: page.total })}
        </span>
      )}
      {step(-1, t('app.siblings.previous'), ChevronLeft)}
      {step(1, t('app.siblings.next'), ChevronRight)}
    </nav>
  );
}
