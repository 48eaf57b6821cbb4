import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import i18next from 'i18next';
import type { Sent } from '#contract/endpoints';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';

export const listQueries = {
  list: (input: Sent<'listTargets'>) =>
    queryOptions({
      // Names sort in the reader's language.
      queryKey: ['directory', 'list', input, ...(input.sort?.field === 'name' ? [i18next.language] : [])],
      queryFn: () => call('listTargets', input),
      placeholderData: keepPreviousData,
    }),
  /** A separate query, so that the rows needn't wait for it. */
  count: (selection: Sent<'countTargets'>) =>
    queryOptions({
      queryKey: ['directory', 'count', selection],
      queryFn: async () => (await call('countTargets', selection)).count,
    }),
  views: (targetType: TargetType) =>
    queryOptions({ queryKey: ['views', targetType], queryFn: () => call('listViews', { targetType }) }),
};

export const saveView = () =>
  mutationOptions({
    mutationKey: ['views'],
    meta: { handled: true },
    mutationFn: (view: Sent<'saveView'>) => call('saveView', view),
  });
export const deleteView = () =>
  mutationOptions({ mutationKey: ['views'], mutationFn: (id: string) => call('deleteView', { id }) });
export const restoreTarget = () =>
  mutationOptions({
    mutationKey: ['directory', 'values', 'fields'],
    mutationFn: (target: Sent<'restoreTarget'>) => call('restoreTarget', target),
  });
