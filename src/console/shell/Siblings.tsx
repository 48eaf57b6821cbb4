import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
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
  const steps = useStepKeys();
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
    const key = by > 0 ? 'ArrowDown' : 'ArrowUp';
    const shared = {
      ref: (one: HTMLElement | null) => {
        steps.current[key] = one;
      },
      className: 'icon-button',
      'aria-label': label,
      'aria-keyshortcuts': `Alt+${key}`,
      title: `${label} (Alt ${by > 0 ? '↓' : '↑'})`,
      children: <Icon className="icon" aria-hidden />,
    };
    if (path !== undefined) return <Link {...shared} to={path + tab} state={state} />;
    return (
      <button {...shared} type="button" disabled={!beyond || isLoading} onClick={() => beyond && turn(beyond, by)} />
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

/** Alt with an arrow presses the link in that direction, from wherever one is: in the field that one fills, too. */
function useStepKeys() {
  const steps = useRef<Record<string, HTMLElement | null>>({});
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const step =
        event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey ? steps.current[event.key] : null;
      if (!step || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      step.click();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return steps;
}
