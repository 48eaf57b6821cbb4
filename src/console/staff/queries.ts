import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import { call } from '../api.ts';

export const staffQueries = {
  people: () => queryOptions({ queryKey: ['staff', 'people'], queryFn: () => call('listStaff', {}) }),
  keys: () => queryOptions({ queryKey: ['staff', 'keys'], queryFn: () => call('listAccessKeys', {}) }),
};

type Changes =
  | 'changeStaff'
  | 'signOutStaff'
  | 'saveStaffRole'
  | 'deleteStaffRole'
  | 'createAccessKey'
  | 'rotateAccessKey'
  | 'revokeAccessKey';

const change = <N extends Changes>(name: N) =>
  mutationOptions({ mutationKey: ['staff'], mutationFn: (input: Sent<N>) => call(name, input) });
export const createKey = () => change('createAccessKey');
export const rotateKey = () => change('rotateAccessKey');
export const revokeKey = () => change('revokeAccessKey');
export const changeStaff = () => change('changeStaff');
export const saveRole = () => change('saveStaffRole');
export const deleteRole = () => change('deleteStaffRole');
export const signOutStaff = () => change('signOutStaff');
