import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import { call } from '../api.ts';

type Wanted = Sent<'listActivity'>;

/** The filters in the URL. */
export function wantedOf(params: URLSearchParams): Wanted {
  const said = (name: string) => params.get(name) || undefined;
  return {
    actor: said('q'),
    whose: said('whose'),
    kind: said('kind'),
    targetType: said('type'),
    key: said('field'),
    from: said('from'),
    to: said('to'),
  };
}

export const activityQueries = {
  list: (wanted: Wanted) =>
    infiniteQueryOptions({
      queryKey: ['activity', wanted],
      initialPageParam: undefined as number | undefined,
      queryFn: ({ pageParam }) => call('listActivity', { ...wanted, before: pageParam }),
      getNextPageParam: ({ list, hasMore }) => (hasMore ? list.at(-1)?.id : undefined),
      // Other people add entries all the time.
      staleTime: 0,
    }),
};
