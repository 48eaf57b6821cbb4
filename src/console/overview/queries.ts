import { queryOptions } from '@tanstack/react-query';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';

export const overviewQueries = {
  overview: () => queryOptions({ queryKey: ['overview'], queryFn: () => call('getOverview', {}), staleTime: 0 }),
  /** Asks again until all fields are counted. */
  misfits: (targetType: TargetType) =>
    queryOptions({
      queryKey: ['fields', targetType, 'misfits'],
      queryFn: () => call('countMisfits', { targetType }),
      refetchInterval: ({ state }) => (state.data?.isComplete === false ? 500 : false),
    }),
  /** The last changes of values, definitions and targets. Others, such as sign-ins, say nothing here. */
  latest: () =>
    queryOptions({
      queryKey: ['activity', 'latest'],
      queryFn: async () => {
        const { list } = await call('listActivity', { limit: 40 });
        return list.filter(({ field, holder }) => field ?? holder).slice(0, 6);
      },
      staleTime: 0,
    }),
  people: () =>
    queryOptions({ queryKey: ['staff', 'count'], queryFn: async () => (await call('listStaff', {})).length }),
};
