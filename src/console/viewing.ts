import type { Language } from '#contract/wire/language';

// Whoever manages staff can look at the console as a role sees it, in a language: kept for this tab, until they stop.

interface Viewing {
  role: string;
  language: Language;
}

const key = 'fieldbook.view-as';

export const viewing: Viewing | null = JSON.parse(sessionStorage.getItem(key) ?? 'null');

/** Everything is read anew, as what was seen before must not stand beside it. */
export function view(as: Viewing | null): void {
  if (as) sessionStorage.setItem(key, JSON.stringify(as));
  else sessionStorage.removeItem(key);
  window.location.assign('/');
}
