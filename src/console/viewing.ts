import type { Language } from '#contract/wire/language';

// A person who manages the team can view the console as a role, in a language. This tab remembers it until they stop.

interface Viewing {
  role: string;
  language: Language;
}

const key = 'fieldbook.view-as';

export const viewing: Viewing | null = JSON.parse(sessionStorage.getItem(key) ?? 'null');

/** A full page load, so that no earlier data stays. */
export function view(as: Viewing | null): void {
  if (as) sessionStorage.setItem(key, JSON.stringify(as));
  else sessionStorage.removeItem(key);
  window.location.assign('/');
}
