import { mutationOptions, queryOptions, useQuery } from '@tanstack/react-query';
import type { Field } from '#contract/field';
import type { Right } from '#contract/wire/endpoint';
import { call } from './api.ts';
import { queryClient } from './query.ts';
import { basename } from './tenant.ts';

export const sessionQuery = () =>
  queryOptions({ queryKey: ['session'], queryFn: () => call('getSession', {}), staleTime: 60_000, retry: false });

export const signIn = () =>
  mutationOptions({
    meta: { handled: true },
    mutationFn: (input: { email: string; password: string; code?: string }) => call('signIn', input),
    onSuccess: (session) => queryClient.setQueryData(sessionQuery().queryKey, session),
  });

export const signOut = () =>
  mutationOptions({
    mutationFn: () => call('signOut', {}),
    // Whatever one account has seen must not be there for the next.
    onSuccess: () => window.location.assign(basename),
  });

/** Who is signed in; only used below the point where somebody is. */
export function useSession() {
  const { data } = useQuery(sessionQuery());
  const can = (right: Right) => data?.rights.includes(right) ?? false;
  /** What the viewer's role may do with a field's values; undefined is everything that its rights allow. */
  const accessTo = ({ access }: Pick<Field, 'access'>) => (data ? access[data.role.id] : undefined);
  return { session: data, can, accessTo };
}
