import { mutationOptions, queryOptions, useQuery } from '@tanstack/react-query';
import type { Field } from '#contract/field';
import type { Session } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { call } from './api.ts';
import { queryClient, untilAnswered } from './query.ts';
import { giveTab, tabAccount } from './tab.ts';
import { basename } from './tenant.ts';
import { viewing } from './viewing.ts';

/** Who is signed in, or was until the session ended: the page stays as it is beneath the sign-in page. */
type Known = (Session & { hasEnded: boolean }) | null;

const queryKey = ['session'];
const known = () => queryClient.getQueryData<Known>(queryKey);

export const sessionQuery = () => queryOptions({ queryKey, queryFn: lookUp, staleTime: 60_000, ...untilAnswered });

const otherTabs = new BroadcastChannel('fieldbook.session');
otherTabs.onmessage = ({ data }) => {
  if (data === 'left' && known() !== null) void reloadForNext();
  else void queryClient.invalidateQueries({ queryKey });
};

async function lookUp(): Promise<Known> {
  const session = await call('getSession', {});
  const before = known();
  if (before && session && session.id !== before.id) return reloadForNext();
  if (!before && (!session || session.id !== tabAccount())) {
    giveTab(session?.id ?? null);
    if (viewing) return reloadForNext();
  }
  const wasIn = before?.hasEnded === false;
  if (wasIn !== (session !== null)) otherTabs.postMessage('changed');
  if (session) return { ...session, hasEnded: false };
  return before ? { ...before, hasEnded: true } : null;
}

/** Reloads the page for another account, which sees nothing of the old page and isn't asked about unsaved input. */
function reloadForNext(): Promise<never> {
  document.body.hidden = true;
  window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true });
  // Without the filters and the search of the last account.
  window.location.replace(window.location.pathname);
  return new Promise(() => {});
}

export const signIn = () =>
  mutationOptions({
    mutationKey: queryKey,
    meta: { handled: true },
    mutationFn: (input: { email: string; password: string; code?: string }) => call('signIn', input),
  });

export const signOut = () =>
  mutationOptions({
    mutationFn: () => call('signOut', {}),
    // The next account must see nothing of this one, even if the browser asks about unsaved input and stays on the page.
    onSuccess: () => {
      giveTab(tabAccount());
      otherTabs.postMessage('left');
      queryClient.setQueryData<Known>(queryKey, (before) => before && { ...before, hasEnded: true });
      window.location.assign(basename);
    },
  });

/** Who is signed in. Use it only below the point where somebody is. */
export function useSession() {
  const { data } = useQuery(sessionQuery());
  const can = (right: Right) => data?.rights.includes(right) ?? false;
  /** The access of the viewer's role to a field's values. Undefined: everything that its permissions allow. */
  const accessTo = ({ access }: Pick<Field, 'access'>) => (data ? access[data.role.id] : undefined);
  return { session: data, can, accessTo };
}
