import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import { call } from '../api.ts';

export const staffQueries = {
  keys: () => queryOptions({ queryKey: ['staff', 'keys'], queryFn: () => call('listAccessKeys', {}) }),
};

const onKeys = <N extends 'createAccessKey' | 'rotateAccessKey' | 'revokeAccessKey'>(name: N) =>
  mutationOptions({ mutationKey: ['staff'], mutationFn: (input: Sent<N>) => call(name, input) });
export const createKey = () => onKeys('createAccessKey');
export const rotateKey = () => onKeys('rotateAccessKey');
export const revokeKey = () => onKeys('revokeAccessKey');
