import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';

export const fieldQueries = {
  list: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType], queryFn: () => call('getCustomFields', { targetType }) }),
  counts: (targetType: TargetType) =>
    queryOptions({ queryKey: ['fields', targetType, 'counts'], queryFn: () => call('countValues', { targetType }) }),
};

type SentField = Sent<'setCustomFields'>['list'][number];

export const saveField = () =>
  mutationOptions({
    mutationKey: ['fields', 'values'],
    meta: { handled: true },
    mutationFn: async (patch: SentField) => (await call('setCustomFields', { list: [patch] }))[0],
  });

export const deleteField = () =>
  mutationOptions({
    mutationKey: ['fields', 'values'],
    mutationFn: ({ targetType, key }: { targetType: TargetType; key: string }) =>
      call('deleteCustomFields', { list: [{ targetType, key }] }),
  });

export const restoreField = () =>
  mutationOptions({
    mutationKey: ['fields', 'values'],
    mutationFn: (input: { targetType: TargetType; key: string }) => call('restoreCustomField', input),
  });
