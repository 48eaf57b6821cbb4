import { Building2, History, List, Settings, Shield, Users, UsersRound } from 'lucide-react';
import type { Right } from '#contract/wire/endpoint';
import { useSession } from '../session.ts';

interface Page {
  to: string;
  name: 'fields' | 'users' | 'roles' | 'groups' | 'departments' | 'activity' | 'settings';
  Icon: typeof List;
  /** The page is hidden without this permission. */
  right?: Right;
}

const pages: Page[] = [
  { to: '/fields', name: 'fields', Icon: List },
  { to: '/users', name: 'users', Icon: Users },
  { to: '/roles', name: 'roles', Icon: Shield },
  { to: '/groups', name: 'groups', Icon: UsersRound },
  { to: '/departments', name: 'departments', Icon: Building2 },
  { to: '/activity', name: 'activity', Icon: History, right: 'activity' },
  { to: '/settings', name: 'settings', Icon: Settings, right: 'staff' },
];

/** The viewer's pages, in the order of the navigation. */
export function usePages(): Page[] {
  const { can } = useSession();
  return pages.filter(({ right }) => !right || can(right));
}
