import { z } from 'zod';
import {
  customData,
  department,
  departmentPatch,
  filterItem,
  group,
  groupPatch,
  namespace,
  organization,
  role,
  rolePatch,
  searchable,
  sentNames,
  sortItem,
  tenant,
  user,
  userPatch,
} from './directory.ts';
import { endpoint } from './endpoint.ts';
import { baseFieldPatch, dataType, field, fieldKey, fieldPatch } from './field.ts';
import { session } from './staff.ts';
import { targetReference, targetType } from './target.ts';
import { flag, identifier, limit, listOf, page, paging, storable, success, tenantId, whole, word } from './wire.ts';

const anyData = customData.nullish();
const withCustomData = flag.nullish();
const flatCustomData = flag.nullish();
const codeList = z.array(identifier).min(1).max(50);
const organizationCode = storable.min(1).max(128);
const namespaceCode = identifier.nullish();
const name = storable.min(1).max(256);
const description = storable.max(1_024).nullish();
const paged = <T extends z.ZodType>(item: T) => z.object({ totalCount: z.number(), list: z.array(item) });

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
const departmentIdType = word([
  'department_id',
  'open_department_id',
  'sync_relation',
  'custom_field',
  'code',
]).nullish();
const userFlags = {
  withCustomData,
  flatCustomData,
  withIdentities: flag.nullish(),
  withDepartmentIds: flag.nullish(),
  withPost: flag.nullish(),
};
const tenantFlags = { withMembersCount: flag.nullish() };

// Fieldbook signs no end users in, so it takes no password of theirs: better refused than silently dropped.
const password = z.undefined({ error: 'passwordUnsupported' }).optional();
const newUser = userPatch.extend({
  departmentIds: z.array(identifier).max(50).nullish(),
  customData: anyData,
  password,
});
const userOptions = z.looseObject({ userIdType, departmentIdType }).nullish();

const listFields = {
  tenantId,
  dataType: z
    .preprocess((value) => (value === 'OBJECT' ? 'OBJECT' : value), z.union([z.literal('OBJECT'), dataType]))
    .nullish(),
  page,
  limit,
  userVisible: flag.nullish(),
  adminVisible: flag.nullish(),
  accessControl: flag.nullish(),
  keyword: z.string().nullish(),
  lang: z.string().nullish(),
};
const countedFields = z.object({
  count: z.object({ all: z.number(), userVisible: z.number(), adminVisible: z.number() }),
  totalCount: z.number(),
  list: z.array(field),
});

/** Every endpoint once: the server's routes, the console's calls, OpenAPI and the role matrix derive from this table. */
export const endpoints = {
  getManagementToken: endpoint({
    method: 'POST',
    path: '/api/v3/get-management-token',
    right: 'public',
    effect: 'read',
    summary: 'Exchange an access key for a management token',
    input: z.object({ accessKeyId: z.string(), accessKeySecret: z.string() }),
    output: z.object({ access_token: z.string(), expires_in: z.number() }),
  }),

  getCustomFields: endpoint({
    method: 'GET',
    path: '/api/v3/get-custom-fields',
    right: ['read'],
    effect: 'read',
    summary: 'All custom fields of a target type, in the order administrators gave them',
    input: z.object({ targetType, tenantId }),
    output: z.array(field),
  }),
  listCustomFields: endpoint({
    method: 'GET',
    path: '/api/v3/list-custom-fields',
    right: ['read'],
    effect: 'read',
    summary: 'Custom fields by page, with counts',
    input: z.object({ targetType, ...listFields }),
    output: countedFields,
  }),
  setCustomFields: endpoint({
    method: 'POST',
    path: '/api/v3/set-custom-fields',
    right: ['define'],
    effect: 'write',
    summary: 'Create or change custom fields: all of the list or none',
    input: z.object({ list: z.array(fieldPatch).min(1).max(50), tenantId }),
    output: z.array(field),
  }),
  deleteCustomFields: endpoint({
    method: 'POST',
    path: '/api/v3/delete-custom-fields',
    right: ['define'],
    effect: 'write',
    summary: 'Move custom fields and their values into the bin',
    input: z.object({
      list: z
        .array(z.object({ targetType, key: fieldKey, tenantId }))
        .min(1)
        .max(50),
      tenantId,
    }),
    output: success,
  }),
  getUserBaseFields: endpoint({
    method: 'GET',
    path: '/api/v3/get-user-base-fields',
    right: ['read'],
    effect: 'read',
    summary: 'The built-in fields of users',
    input: z.object({}),
    output: z.array(field),
  }),
  listUserBaseFields: endpoint({
    method: 'GET',
    path: '/api/v3/list-user-base-fields',
    right: ['read'],
    effect: 'read',
    summary: 'The built-in fields of users by page, with counts',
    input: z.object({ targetType: targetType.nullish(), ...listFields }),
    output: countedFields,
  }),
  setUserBaseFields: endpoint({
    method: 'POST',
    path: '/api/v3/set-user-base-fields',
    right: ['define'],
    effect: 'write',
    summary: 'Change name, languages and visibility of built-in fields',
    input: z.object({ list: z.array(baseFieldPatch).min(1).max(50) }),
    output: z.array(field),
  }),

  setCustomData: endpoint({
    method: 'POST',
    path: '/api/v3/set-custom-data',
    right: ['write'],
    effect: 'write',
    summary: 'Set or clear values of one target: all of the list or none',
    input: z.object({
      ...targetReference,
      list: z
        .array(z.object({ key: z.string().min(1), value: z.unknown(), tenantId }))
        .min(1)
        .max(50),
      tenantId,
    }),
    output: success,
  }),
  getCustomData: endpoint({
    method: 'GET',
    path: '/api/v3/get-custom-data',
    right: ['read'],
    effect: 'read',
    summary: 'The values that one target holds',
    input: z.object({ ...targetReference, tenantId }),
    output: customData,
  }),

  listUsers: endpoint({
    method: 'POST',
    path: '/api/v3/list-users',
    right: ['read'],
    effect: 'read',
    summary: 'Users by keywords and filters on built-in and custom fields',
    input: z.object({
      keywords: z.string().nullish(),
      advancedFilter: z.array(filterItem).max(50).nullish(),
      searchQuery: z.undefined({ error: 'unsupported' }).optional(),
      options: z
        .object({
          pagination: z.object(paging).nullish(),
          sort: z.array(sortItem).max(5).nullish(),
          fuzzySearchOn: z.array(word(searchable)).nullish(),
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
    summary: 'Move users into the bin',
    input: z.object({ userIds: codeList, options: userOptions }),
    output: success,
  }),

  listNamespaces: endpoint({
    method: 'GET',
    path: '/api/v3/list-namespaces',
    right: ['read'],
    effect: 'read',
    summary: 'Permission groups, the homes of roles',
    input: z.object({ ...paging, keywords: z.string().nullish() }),
    output: paged(namespace),
  }),
  createNamespace: endpoint({
    method: 'POST',
    path: '/api/v3/create-namespace',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a permission group',
    input: z.object({ code: storable.min(1).max(128), name: name.nullish(), description }),
    output: namespace,
  }),
  listRoles: endpoint({
    method: 'GET',
    path: '/api/v3/list-roles',
    right: ['read'],
    effect: 'read',
    summary: 'Roles of a namespace',
    input: z.object({
      ...paging,
      keywords: z.string().nullish(),
      namespace: namespaceCode,
      allNamespaces: flag.nullish(),
    }),
    output: paged(role),
  }),
  getRole: endpoint({
    method: 'GET',
    path: '/api/v3/get-role',
    right: ['read'],
    effect: 'read',
    summary: 'One role',
    input: z.object({ code: identifier, namespace: namespaceCode }),
    output: role,
  }),
  createRole: endpoint({
    method: 'POST',
    path: '/api/v3/create-role',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a role',
    input: rolePatch.extend({ code: storable.min(1).max(128), namespace: namespaceCode, tenantId }),
    output: role,
  }),
  updateRole: endpoint({
    method: 'POST',
    path: '/api/v3/update-role',
    right: ['directory', 'write'],
    effect: 'write',
    summary: 'Change a role; customData merges (an extra)',
    input: rolePatch.extend({ code: identifier, namespace: namespaceCode, tenantId }),
    output: success,
  }),
  deleteRolesBatch: endpoint({
    method: 'POST',
    path: '/api/v3/delete-roles-batch',
    right: ['directory'],
    effect: 'write',
    summary: 'Move roles into the bin',
    input: z.object({ codeList, namespace: namespaceCode }),
    output: success,
  }),

  listGroups: endpoint({
    method: 'GET',
    path: '/api/v3/list-groups',
    right: ['read'],
    effect: 'read',
    summary: 'Groups',
    input: z.object({
      ...paging,
      keywords: z.string().nullish(),
      withMetadata: flag.nullish(),
      withCustomData,
      flatCustomData,
      tenantId,
    }),
    output: paged(group),
  }),
  getGroup: endpoint({
    method: 'GET',
    path: '/api/v3/get-group',
    right: ['read'],
    effect: 'read',
    summary: 'One group',
    input: z.object({ code: identifier, withCustomData, flatCustomData, tenantId }),
    output: group,
  }),
  createGroup: endpoint({
    method: 'POST',
    path: '/api/v3/create-group',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a group, with values',
    input: groupPatch.extend({ code: storable.min(1).max(128), type: word(['static', 'dynamic']).nullish(), tenantId }),
    output: group,
  }),
  updateGroup: endpoint({
    method: 'POST',
    path: '/api/v3/update-group',
    right: ['directory', 'write'],
    effect: 'write',
    summary: 'Change a group; customData merges',
    input: groupPatch.extend({ code: identifier, tenantId }),
    output: group,
  }),
  deleteGroupsBatch: endpoint({
    method: 'POST',
    path: '/api/v3/delete-groups-batch',
    right: ['directory'],
    effect: 'write',
    summary: 'Move groups into the bin',
    input: z.object({ codeList }),
    output: success,
  }),

  listOrganizations: endpoint({
    method: 'GET',
    path: '/api/v3/list-organizations',
    right: ['read'],
    effect: 'read',
    summary: 'Organisations',
    input: z.object({
      ...paging,
      fetchAll: flag.nullish(),
      withCustomData,
      withPost: flag.nullish(),
      status: flag.nullish(),
      tenantId,
    }),
    output: paged(organization),
  }),
  getOrganization: endpoint({
    method: 'GET',
    path: '/api/v3/get-organization',
    right: ['read'],
    effect: 'read',
    summary: 'One organisation',
    input: z.object({ organizationCode, withCustomData, withPost: flag.nullish(), tenantId }),
    output: organization,
  }),
  createOrganization: endpoint({
    method: 'POST',
    path: '/api/v3/create-organization',
    right: ['directory'],
    effect: 'write',
    summary: 'Create an organisation and its root department',
    input: z.object({
      organizationCode,
      organizationName: name,
      description,
      openDepartmentId: storable.max(128).nullish(),
      i18n: sentNames.nullish(),
      tenantId,
    }),
    output: organization,
  }),
  listChildrenDepartments: endpoint({
    method: 'GET',
    path: '/api/v3/list-children-departments',
    right: ['read'],
    effect: 'read',
    summary: 'The departments right below one',
    input: z.object({
      organizationCode,
      departmentId: identifier,
      departmentIdType,
      status: flag.nullish(),
      excludeVirtualNode: flag.nullish(),
      onlyVirtualNode: flag.nullish(),
      withCustomData,
      tenantId,
    }),
    output: paged(department),
  }),
  getDepartment: endpoint({
    method: 'GET',
    path: '/api/v3/get-department',
    right: ['read'],
    effect: 'read',
    summary: 'One department of an organisation',
    input: z.object({
      organizationCode,
      departmentId: identifier.nullish(),
      departmentCode: identifier.nullish(),
      departmentIdType,
      withCustomData,
      flatCustomData,
      tenantId,
    }),
    output: department,
  }),
  getDepartmentById: endpoint({
    method: 'GET',
    path: '/api/v3/get-department-by-id',
    right: ['read'],
    effect: 'read',
    summary: 'One department by its id alone',
    input: z.object({ departmentId: identifier, withCustomData, tenantId }),
    output: department,
  }),
  createDepartment: endpoint({
    method: 'POST',
    path: '/api/v3/create-department',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a department, with values',
    input: departmentPatch.extend({ organizationCode, name, departmentIdType, tenantId }),
    output: department,
  }),
  updateDepartment: endpoint({
    method: 'POST',
    path: '/api/v3/update-department',
    right: ['directory', 'write'],
    effect: 'write',
    summary: 'Change a department; customData merges',
    input: departmentPatch.extend({ organizationCode, departmentId: identifier, departmentIdType, tenantId }),
    output: department,
  }),
  deleteDepartment: endpoint({
    method: 'POST',
    path: '/api/v3/delete-department',
    right: ['directory'],
    effect: 'write',
    summary: 'Move a department without children into the bin',
    input: z.object({ organizationCode, departmentId: identifier, departmentIdType, tenantId }),
    output: success,
  }),
  searchDepartmentsList: endpoint({
    method: 'POST',
    path: '/api/v3/search-departments-list',
    right: ['read'],
    effect: 'read',
    summary: 'Departments of an organisation by filters',
    input: z.object({
      organizationCode,
      withCustomData,
      withPost: flag.nullish(),
      ...paging,
      advancedFilter: z.array(filterItem).max(50).nullish(),
      sortBy: word(['updatedAt', 'createdAt']).nullish(),
      orderBy: word(['ASC', 'DESC']).nullish(),
      sort: z.array(sortItem).max(3).nullish(),
      tenantId,
    }),
    output: z.array(department),
  }),

  listTenants: endpoint({
    method: 'GET',
    path: '/api/v3/list-tenants',
    right: ['read'],
    effect: 'read',
    summary: 'Tenants',
    input: z.object({ ...paging, keywords: z.string().nullish(), ...tenantFlags }),
    output: paged(tenant),
  }),
  getTenant: endpoint({
    method: 'GET',
    path: '/api/v3/get-tenant',
    right: ['read'],
    effect: 'read',
    summary: 'One tenant',
    input: z.object({ tenantId: identifier, ...tenantFlags }),
    output: tenant,
  }),
  createTenant: endpoint({
    method: 'POST',
    path: '/api/v3/create-tenant',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a tenant',
    input: z.object({
      name: storable.min(1).max(64),
      description,
      appIds: z.array(z.string()).max(50).nullish(),
      logo: z.union([z.string(), z.array(z.string())]).nullish(),
      rejectHint: storable.max(1_024).nullish(),
      sourceAppId: z.string().nullish(),
      enterpriseDomains: z.array(z.string()).max(50).nullish(),
    }),
    output: tenant,
  }),

  signIn: endpoint({
    method: 'POST',
    path: '/api/console/sign-in',
    right: 'public',
    effect: 'read',
    summary: 'Sign a member of staff in; sets the session cookie',
    input: z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_024) }),
    output: session,
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/api/console/sign-out',
    right: 'public',
    effect: 'read',
    summary: 'End the session',
    input: z.object({}),
    output: success,
  }),
  getSession: endpoint({
    method: 'GET',
    path: '/api/console/get-session',
    right: 'public',
    effect: 'read',
    summary: 'Who is signed in and what they may do; null for nobody',
    input: z.object({}),
    output: session.nullable(),
  }),
  countValues: endpoint({
    method: 'GET',
    path: '/api/console/count-values',
    right: ['read'],
    effect: 'read',
    summary: 'How many targets there are and how many hold each field',
    input: z.object({ targetType, tenantId }),
    output: z.object({ targets: z.number(), holders: z.record(z.string(), z.number()) }),
  }),
  restoreCustomField: endpoint({
    method: 'POST',
    path: '/api/console/restore-custom-field',
    right: ['define'],
    effect: 'write',
    summary: 'Take the latest field of a key, and its values, out of the bin',
    input: z.object({ targetType, key: fieldKey, tenantId }),
    output: field,
  }),
};

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
export type Input<N extends EndpointName> = z.output<Endpoints[N]['input']>;
export type Sent<N extends EndpointName> = z.input<Endpoints[N]['input']>;
export type Output<N extends EndpointName> = z.output<Endpoints[N]['output']>;
