import { userPatch } from '#contract/directory';
import type { Handlers } from '../context.ts';
import { createUser, createUsers, deleteUsers, updateUser } from './users.changes.ts';
import { findUser, findUsers, listUsers, listUsersLegacy } from './users.ts';

type Names =
  | 'listUsers'
  | 'listUsersLegacy'
  | 'getUser'
  | 'getUserBatch'
  | 'createUser'
  | 'createUsersBatch'
  | 'updateUser'
  | 'deleteUsersBatch';

export const userHandlers: Handlers<Names> = {
  listUsers: (input, context) => listUsers(context, input),
  listUsersLegacy: (input, context) => listUsersLegacy(context, input),
  getUser: (input, context) => findUser(context, input.userId, input.userIdType, input),
  getUserBatch: (input, context) => findUsers(context, input.userIds, input.userIdType, input),
  async createUser(input, context) {
    const userId = await createUser(context, input, input.tenantId);
    const user = await findUser(context, userId, 'user_id', { withCustomData: true, tenantId: input.tenantId });
    return { ...user, ...userPatch.parse(input) };
  },
  async createUsersBatch({ list, tenantId }, context) {
    const userIds = await createUsers(context, list, tenantId);
    const users = await findUsers(context, userIds, 'user_id', { withCustomData: true, tenantId });
    return users.map((user, at) => ({ ...user, ...userPatch.parse(list[at]) }));
  },
  updateUser: (input, context) => updateUser(context, input),
  async deleteUsersBatch(input, context) {
    await deleteUsers(context, input);
    return { success: true };
  },
};
