import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Input, Sent } from '#contract/endpoints';
import type { SentPlan } from '#contract/plan';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';
import { untilAnswered } from '../query.ts';

/** A key in the cache of fields. A change of fields or values invalidates all of it. */
const place = (targetType: TargetType, ...more: string[]) => ['fields', targetType, ...more] as const;

export const fieldQueries = {
  options: (targetType: TargetType, key: string) =>
    queryOptions({
      queryKey: place(targetType, 'options', key),
      queryFn: async () =>
        new Map((await call('countOptions', { targetType, key })).map(({ value, holders }) => [value, holders])),
    }),
  health: (targetType: TargetType, key: string) =>
    queryOptions({
      queryKey: place(targetType, 'health', key),
      queryFn: () => call('getFieldHealth', { targetType, key }),
    }),
  trash: (targetType: TargetType) =>
    queryOptions({ queryKey: place(targetType, 'trash'), queryFn: () => call('listTrashedFields', { targetType }) }),
  plans: (targetType: TargetType) =>
    queryOptions({ queryKey: place(targetType, 'plans'), queryFn: () => call('listPlans', { targetType }) }),
};

const stale = ['fields', 'values'];

export const createField = () =>
  mutationOptions({
    mutationKey: stale,
    meta: { handled: true },
    mutationFn: async (patch: Sent<'setCustomFields'>['list'][number]) =>
      (await call('setCustomFields', { list: [patch] }))[0],
  });

export const saveBuiltin = () =>
  mutationOptions({
    mutationKey: stale,
    meta: { handled: true },
    mutationFn: async (patch: Sent<'setUserBaseFields'>['list'][number]) =>
      (await call('setUserBaseFields', { list: [patch] }))[0],
  });

export const makePlan = () =>
  mutationOptions({
    meta: { handled: true },
    ...untilAnswered,
    mutationFn: (request: SentPlan) => call('planFields', request),
  });

/** A plan that was applied is refused the second time, by the versions of its fields. */
export const applyPlan = () =>
  mutationOptions({
    mutationKey: stale,
    meta: { handled: true },
    ...untilAnswered,
    mutationFn: (request: SentPlan & { token?: string }) => call('applyPlan', request),
  });

export const undoPlan = () =>
  mutationOptions({ mutationKey: stale, mutationFn: (planId: string) => call('undoPlan', { planId }) });

export const restoreField = () =>
  mutationOptions({
    mutationKey: stale,
    meta: { handled: true },
    mutationFn: (input: Input<'restoreCustomField'>) => call('restoreCustomField', input),
  });

export const moveField = () =>
  mutationOptions({
    mutationKey: stale,
    mutationFn: (input: { targetType: TargetType; key: string; position: number }) => call('moveCustomField', input),
  });
