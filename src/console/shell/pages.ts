import { History, LayoutDashboard, List, Settings } from 'lucide-react';
import { targetTypes } from '#contract/target';
import type { Right } from '#contract/wire/endpoint';
import { type Kind, kinds } from '../kinds.ts';
import { useSession } from '../session.ts';

interface Page {
  to: string;
  name: 'overview' | 'fields' | Kind['noun'] | 'activity' | 'settings';
  Icon: typeof List;
  /** The page is hidden without this permission. */
  right?: Right;
}

const pages: Page[] = [
  { to: '/', name: 'overview', Icon: LayoutDashboard, right: 'define' },
  { to: '/fields', name: 'fields', Icon: List },
  ...targetTypes.map((type) => ({ to: kinds[type].page, name: kinds[type].noun, Icon: kinds[type].Icon })),
  { to: '/activity', name: 'activity', Icon: History, right: 'activity' },
  { to: '/settings', name: 'settings', Icon: Settings, right: 'staff' },
];

/** The viewer's pages, in the order of the navigation. */
export function usePages(): Page[] {
  const { can } = useSession();
  return pages.filter(({ right }) => !right || can(right));
}
