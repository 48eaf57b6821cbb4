import type { Handlers } from '../context.ts';
import { currentSession, makeToken, signIn, signOut } from './service.ts';

export const staffHandlers: Handlers<'getManagementToken' | 'signIn' | 'signOut' | 'getSession'> = {
  getManagementToken: ({ accessKeyId, accessKeySecret }, context) => makeToken(context, accessKeyId, accessKeySecret),
  signIn: ({ email, password }, context) => signIn(context, email, password),
  async signOut(_input, context) {
    await signOut(context);
    return { success: true };
  },
  getSession: (_input, context) => currentSession(context),
};
