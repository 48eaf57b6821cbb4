import { z } from 'zod';
import { customData, filterItem, filters, searchable, sortItem, user, userPatch } from '../directory.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, identifier, keywords, listOf, paging, success, tenantId, whole, word } from '../wire/scalars.ts';
import { codeList, departmentIdType, flatCustomData, paged, password, withCustomData } from './shared.ts';

const anyData = customData.nullish();
const userIdType = word([
  'user_id',
  'external_id',
  'phone',
  'email',
  'username',
  'identity',
  'sync_relation',
  'custom_field',
]).nullish();
const userFlags = {
  withCustomData,
  flatCustomData,
  withIdentities: flag.nullish(),
  withDepartmentIds: flag.nullish(),
  withPost: flag.nullish(),
};
export const newUser = userPatch.extend({
  departmentIds: z.array(identifier).max(50).nullish(),
  customData: anyData,
  password,
});
const userOptions = z.looseObject({ userIdType, departmentIdType }).nullish();

export const usersEndpoints = {
  listUsers: endpoint({
    method: 'POST',
    path: '/api/v3/list-users',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Users by keywords and filters on built-in and custom fields',
    input: z.object({
      keywords,
      advancedFilter: filters(filterItem, 50).nullish(),
      searchQuery: z.undefined({ error: 'unsupported' }).optional(),
      options: z
        .object({
          pagination: z.object(paging).nullish(),
          sort: z.array(sortItem).max(5).nullish(),
          fuzzySearchOn: z.array(word(searchable)).max(searchable.length).nullish(),
          ...userFlags,
        })
        .nullish(),
      tenantId,
    }),
    output: paged(user),
  }),
  listUsersLegacy: endpoint({
    method: 'GET',
    path: '/api/v3/list-users',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Users by status and time of change (legacy form)',
    input: z.object({
      ...paging,
      status: userPatch.shape.status.nullish(),
      updatedAtStart: whole(0, 8.64e15).nullish(),
      updatedAtEnd: whole(0, 8.64e15).nullish(),
      ...userFlags,
      tenantId,
    }),
    output: paged(user),
  }),
  getUser: endpoint({
    method: 'GET',
    path: '/api/v3/get-user',
    right: ['read'],
    effect: 'read',
    summary: 'One user',
    input: z.object({ userId: identifier, userIdType, ...userFlags, tenantId }),
    output: user,
  }),
  getUserBatch: endpoint({
    method: 'GET',
    path: '/api/v3/get-user-batch',
    right: ['read'],
    effect: 'read',
    summary: 'Up to fifty users',
    input: z.object({ userIds: listOf(identifier, 50), userIdType, ...userFlags, tenantId }),
    output: z.array(user),
  }),
  createUser: endpoint({
    method: 'POST',
    path: '/api/v3/create-user',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a user, with values',
    input: newUser.extend({ options: userOptions, tenantId }),
    output: user,
  }),
  createUsersBatch: endpoint({
    method: 'POST',
    path: '/api/v3/create-users-batch',
    right: ['directory'],
    effect: 'write',
    summary: 'Create up to fifty users: all or none',
    input: z.object({ list: z.array(newUser).min(1).max(50), options: userOptions, tenantId }),
    output: z.array(user),
  }),
  updateUser: endpoint({
    method: 'POST',
    path: '/api/v3/update-user',
    right: ['directory', 'write'],
    effect: 'write',
    summary: 'Change a user; customData merges',
    input: userPatch.extend({ userId: identifier, customData: anyData, password, options: userOptions, tenantId }),
    output: user,
  }),
  deleteUsersBatch: endpoint({
    method: 'POST',
    path: '/api/v3/delete-users-batch',
    right: ['directory'],
    effect: 'write',
    summary: 'Move users to the trash',
    input: z.object({ userIds: codeList, options: userOptions }),
    output: success,
  }),
};
