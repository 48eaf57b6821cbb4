import { z } from 'zod';
import { invitation, person, sentRole, staffRole } from '../staff.ts';
import { endpoint } from '../wire/endpoint.ts';
import { foldAddress } from '../wire/fold.ts';
import { issue } from '../wire/issue.ts';
import { flag, storable, success } from '../wire/scalars.ts';

export const staffEndpoints = {
  inviteStaff: endpoint({
    method: 'POST',
    path: '/api/console/invite-staff',
    right: ['staff'],
    effect: 'write',
    summary: 'Invite a team member with a one-time link that expires in seven days',
    input: z.object({
      email: z
        .string()
        .overwrite(foldAddress)
        .max(320)
        .regex(/^[^@\s]+@[^@\s]+$/, { error: issue('emailInvalid') }),
      name: storable.trim().max(128),
      role: z.string().max(64),
    }),
    output: z.object({ token: z.string(), expiresAt: z.string() }),
  }),
  listInvitations: endpoint({
    method: 'GET',
    path: '/api/console/list-invitations',
    right: ['staff'],
    effect: 'read',
    summary: 'The open invitations',
    input: z.object({}),
    output: z.array(invitation),
  }),
  revokeInvitation: endpoint({
    method: 'POST',
    path: '/api/console/revoke-invitation',
    right: ['staff'],
    effect: 'write',
    summary: 'Revoke an invitation',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
  resetTotp: endpoint({
    method: 'POST',
    path: '/api/console/reset-totp',
    right: ['staff'],
    effect: 'write',
    summary: 'Reset two-step verification of an account whose owner lost the app and the recovery codes',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
  listStaff: endpoint({
    method: 'GET',
    path: '/api/console/list-staff',
    right: ['staff'],
    effect: 'read',
    summary: 'The team: the accounts that can sign in to the console',
    input: z.object({}),
    output: z.array(person),
  }),
  changeStaff: endpoint({
    method: 'POST',
    path: '/api/console/change-staff',
    right: ['staff'],
    effect: 'write',
    summary: 'Change the role of another account, or disable or enable it',
    input: z.object({ id: z.string().max(64), role: z.string().max(64).optional(), isDisabled: flag.optional() }),
    output: success,
  }),
  signOutStaff: endpoint({
    method: 'POST',
    path: '/api/console/sign-out-staff',
    right: ['staff'],
    effect: 'write',
    summary: 'Sign an account out of all devices',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
  listStaffRoles: endpoint({
    method: 'GET',
    path: '/api/console/list-staff-roles',
    right: ['staff', 'define'],
    effect: 'read',
    summary: 'The console roles: built-in ones, then custom ones',
    input: z.object({}),
    output: z.array(staffRole),
  }),
  saveStaffRole: endpoint({
    method: 'POST',
    path: '/api/console/save-staff-role',
    right: ['staff'],
    effect: 'write',
    summary: 'Create or change a console role, with permissions that one has oneself',
    input: sentRole,
    output: staffRole,
  }),
  deleteStaffRole: endpoint({
    method: 'POST',
    path: '/api/console/delete-staff-role',
    right: ['staff'],
    effect: 'write',
    summary: 'Delete a console role that no account has',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
};
