import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import { call } from '../api.ts';

export const staffQueries = {
  people: () => queryOptions({ queryKey: ['staff', 'people'], queryFn: () => call('listStaff', {}) }),
  invitations: () => queryOptions({ queryKey: ['staff', 'invitations'], queryFn: () => call('listInvitations', {}) }),
  sessions: () => queryOptions({ queryKey: ['staff', 'sessions'], queryFn: () => call('listSessions', {}) }),
  keys: () => queryOptions({ queryKey: ['staff', 'keys'], queryFn: () => call('listAccessKeys', {}) }),
};

type Changes =
  | 'inviteStaff'
  | 'revokeInvitation'
  | 'resetTotp'
  | 'changePassword'
  | 'confirmTotp'
  | 'stopTotp'
  | 'endSession'
  | 'changeStaff'
  | 'signOutStaff'
  | 'saveStaffRole'
  | 'deleteStaffRole'
  | 'createAccessKey'
  | 'rotateAccessKey'
  | 'revokeAccessKey';

const change = <N extends Changes>(name: N) =>
  mutationOptions({ mutationKey: ['staff'], mutationFn: (input: Sent<N>) => call(name, input) });
export const revokeKey = () => change('revokeAccessKey');
export const changeStaff = () => change('changeStaff');
/** For forms that show issues at their controls. */
const placed = <N extends Changes>(name: N) => ({ ...change(name), meta: { handled: true } });
export const createKey = () => placed('createAccessKey');
export const rotateKey = () => placed('rotateAccessKey');
export const invite = () => placed('inviteStaff');
export const revokeInvitation = () => change('revokeInvitation');
export const resetTotp = () => change('resetTotp');
export const changePassword = () => placed('changePassword');
export const confirmTotp = () => placed('confirmTotp');
export const stopTotp = () => ({ ...placed('stopTotp'), mutationKey: ['session'] });
export const endSession = () => change('endSession');
export const saveRole = () => placed('saveStaffRole');
export const deleteRole = () => change('deleteStaffRole');
export const signOutStaff = () => change('signOutStaff');
