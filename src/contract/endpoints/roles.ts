import { z } from 'zod';
import { namespace, role, rolePatch } from '../directory.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, identifier, keywords, paging, storable, success, tenantId } from '../wire/scalars.ts';
import { codeList, description, name, paged } from './shared.ts';

const namespaceCode = identifier.nullish();

export const rolesEndpoints = {
  listNamespaces: endpoint({
    method: 'GET',
    path: '/api/v3/list-namespaces',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Permission spaces, which contain roles',
    input: z.object({ ...paging, keywords }),
    output: paged(namespace),
  }),
  createNamespace: endpoint({
    method: 'POST',
    path: '/api/v3/create-namespace',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a permission space',
    input: z.object({ code: storable.min(1).max(128), name: name.nullish(), description }),
    output: namespace,
  }),
  updateNamespace: endpoint({
    method: 'POST',
    path: '/api/v3/update-namespace',
    right: ['directory'],
    effect: 'write',
    summary: 'Change a permission space',
    input: z.object({
      code: identifier,
      newCode: storable.min(1).max(128).nullish(),
      name: name.nullish(),
      description,
    }),
    output: namespace,
  }),
  deleteNamespace: endpoint({
    method: 'POST',
    path: '/api/v3/delete-namespace',
    right: ['directory'],
    effect: 'write',
    summary: 'Delete a permission space that has no roles',
    input: z.object({ code: identifier }),
    output: success,
  }),
  listRoles: endpoint({
    method: 'GET',
    path: '/api/v3/list-roles',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Roles of a permission space',
    input: z.object({
      ...paging,
      keywords,
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
    summary: 'Move roles to the trash',
    input: z.object({ codeList, namespace: namespaceCode }),
    output: success,
  }),
};
