import { mutationOptions, queryOptions, useQuery } from '@tanstack/react-query';
import type { Field } from '#contract/field';
import type { Session } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { call } from './api.ts';
import { queryClient } from './query.ts';
import { giveTab, tabAccount } from './tab.ts';
import { basename } from './tenant.ts';
import { viewing } from './viewing.ts';

/** Who is signed in, or was until their session ended: what they were doing stays as it is beneath the sign-in page. */
type Known = (Session & { hasEnded: boolean }) | null;

const queryKey = ['session'];
const known = () => queryClient.getQueryData<Known>(queryKey);

export const sessionQuery = () => queryOptions({ queryKey, queryFn: lookUp, staleTime: 60_000, retry: false });

const otherTabs = new BroadcastChannel('fieldbook.session');
otherTabs.onmessage = ({ data }) => {
  if (data === 'left' && known() !== null) void beginAnew();
  else void queryClient.invalidateQueries({ queryKey });
};

async function lookUp(): Promise<Known> {
  const session = await call('getSession', {});
  const before = known();
  if (before && session && session.id !== before.id) return beginAnew();
  if (!before && (!session || session.id !== tabAccount())) {
    giveTab(session?.id ?? null);
    if (viewing) return beginAnew();
  }
  const wasIn = before?.hasEnded === false;
  if (wasIn !== (session !== null)) otherTabs.postMessage('changed');
  if (session) return { ...session, hasEnded: false };
  return before ? { ...before, hasEnded: true } : null;
}

/** Loads the page anew for somebody else, who sees nothing of it meanwhile and isn't asked whether to leave it. */
function beginAnew(): Promise<never> {
  document.body.hidden = true;
  window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true });
  window.location.reload();
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
    // Whatever one account has seen must not be there for the next, also where whoever left stays with what isn't saved.
    onSuccess: () => {
      giveTab(tabAccount());
      otherTabs.postMessage('left');
      queryClient.setQueryData<Known>(queryKey, (before) => before && { ...before, hasEnded: true });
      window.location.assign(basename);
    },
  });

/** Who is signed in; only used below the point where somebody is. */
export function useSession() {
  const { data } = useQuery(sessionQuery());
  const can = (right: Right) => data?.rights.includes(right) ?? false;
  /** What the viewer's role may do with a field's values; undefined is everything that its rights allow. */
  const accessTo = ({ access }: Pick<Field, 'access'>) => (data ? access[data.role.id] : undefined);
  return { session: data, can, accessTo };
}
