import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { basename } from './tenant.ts';

// How a list was left: its search, filters, page and open branches. This tab remembers it, so that whoever comes back
// from one of its rows finds it as it was.

const keyOf = (page: string) => `fieldbook.list.${basename}${page}`;
/** What one sees but for a moment. */
const passing = ['create', 'below', 'copy'];

/** Remembers the list of this page. */
export function useRemembered(): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    const kept = new URLSearchParams(search);
    for (const name of passing) kept.delete(name);
    // The trash is another list.
    if (!kept.has('trash')) sessionStorage.setItem(keyOf(pathname), kept.toString());
  }, [pathname, search]);
}

/** A list as it was left. */
export function asLeft(page: string): string {
  const search = sessionStorage.getItem(keyOf(page));
  return search ? `${page}?${search}` : page;
}
