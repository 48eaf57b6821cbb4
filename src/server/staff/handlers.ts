import type { Handlers } from '../context.ts';
import { createKey, findKeys, revokeKey, rotateKey } from './keys.ts';
import { changePerson, findPeople, signOutPerson } from './people.ts';
import { deleteRole, findRoles, saveRole } from './roles.ts';
import { currentSession, makeToken, signIn, signOut } from './service.ts';

type Names =
  | 'getManagementToken'
  | 'signIn'
  | 'signOut'
  | 'getSession'
  | 'listStaff'
  | 'changeStaff'
  | 'signOutStaff'
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
  signIn: ({ email, password }, context) => signIn(context, email, password),
  async signOut(_input, context) {
    await signOut(context);
    return { success: true };
  },
  getSession: (_input, context) => currentSession(context),
};
