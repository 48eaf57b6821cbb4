import { findRoles } from '../access/roles.ts';
import type { Handlers } from '../context.ts';
import { findInvitation, findInvitations, invite, revokeInvitation } from './invitations.ts';
import { createKey, findKeys, revokeKey, rotateKey } from './keys.ts';
import { acceptInvitation, changePassword, endOwnSession, findOwnSessions } from './own.ts';
import { changePerson, findPeople, resetTotp, signOutPerson } from './people.ts';
import { deleteRole, saveRole } from './roles.changes.ts';
import { currentSession, signIn, signOut } from './service.ts';
import { makeToken } from './tokens.ts';
import { confirmTotp, startTotp, stopTotp } from './totp.ts';

type Names =
  | 'getManagementToken'
  | 'signIn'
  | 'signOut'
  | 'getSession'
  | 'listStaff'
  | 'changeStaff'
  | 'signOutStaff'
  | 'getSignIn'
  | 'getInvitation'
  | 'acceptInvitation'
  | 'changePassword'
  | 'startTotp'
  | 'confirmTotp'
  | 'stopTotp'
  | 'resetTotp'
  | 'listSessions'
  | 'endSession'
  | 'inviteStaff'
  | 'listInvitations'
  | 'revokeInvitation'
  | 'listStaffRoles'
  | 'saveStaffRole'
  | 'deleteStaffRole'
  | 'listAccessKeys'
  | 'createAccessKey'
  | 'rotateAccessKey'
  | 'revokeAccessKey';

export const staffHandlers: Handlers<Names> = {
  listStaff: (_input, context) => findPeople(context),
  async changeStaff(input, context) {
    await changePerson(context, input);
    return { success: true };
  },
  async signOutStaff({ id }, context) {
    await signOutPerson(context, id);
    return { success: true };
  },
  listStaffRoles: (_input, context) => findRoles(context),
  saveStaffRole: (input, context) => saveRole(context, input),
  async deleteStaffRole({ id }, context) {
    await deleteRole(context, id);
    return { success: true };
  },
  listAccessKeys: (_input, context) => findKeys(context),
  createAccessKey: (input, context) => createKey(context, input),
  rotateAccessKey: (input, context) => rotateKey(context, input),
  async revokeAccessKey({ id }, context) {
    await revokeKey(context, id);
    return { success: true };
  },
  getManagementToken: ({ accessKeyId, accessKeySecret }, context) => makeToken(context, accessKeyId, accessKeySecret),
  signIn: (input, context) => signIn(context, input),
  getSignIn: async (_input, { config }) => ({ hasProvider: config.oidc !== undefined }),
  async getInvitation({ token }, { db }) {
    const { email, name, invitedBy } = await findInvitation(db, token);
    return { email, name, invitedBy };
  },
  acceptInvitation: (input, context) => acceptInvitation(context, input),
  async changePassword(input, context) {
    await changePassword(context, input);
    return { success: true };
  },
  startTotp: (_input, context) => startTotp(context),
  confirmTotp: (input, context) => confirmTotp(context, input),
  async stopTotp({ password }, context) {
    await stopTotp(context, password);
    return { success: true };
  },
  async resetTotp({ id }, context) {
    await resetTotp(context, id);
    return { success: true };
  },
  listSessions: (_input, context) => findOwnSessions(context),
  async endSession({ id }, context) {
    await endOwnSession(context, id);
    return { success: true };
  },
  inviteStaff: (input, context) => invite(context, input),
  listInvitations: (_input, context) => findInvitations(context),
  async revokeInvitation({ id }, context) {
    await revokeInvitation(context, id);
    return { success: true };
  },
  async signOut(_input, context) {
    await signOut(context);
    return { success: true };
  },
  getSession: (_input, context) => currentSession(context),
};
