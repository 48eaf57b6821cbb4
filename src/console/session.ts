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
    // A full page load, so that the next account sees nothing of this one.
    onSuccess: () => window.location.assign(basename),
  });

/** Who is signed in. Use it only below the point where somebody is. */
export function useSession() {
  const { data } = useQuery(sessionQuery());
  const can = (right: Right) => data?.rights.includes(right) ?? false;
  /** The access of the viewer's role to a field's values. Undefined: everything that its permissions allow. */
  const accessTo = ({ access }: Pick<Field, 'access'>) => (data ? access[data.role.id] : undefined);
  return { session: data, can, accessTo };
}
