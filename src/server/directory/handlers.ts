import { spaceFor } from '../access/space.ts';
import type { Handlers } from '../context.ts';
import { kinds } from '../kinds/kinds.ts';
import { findTarget } from '../targets.ts';
import { readValues } from '../values/service.ts';
import { createGroup, deleteGroups, findGroup, listGroups, updateGroup } from './groups.ts';
import { createNamespace, deleteNamespace, listNamespaces, updateNamespace } from './namespaces.ts';
import { createRole, deleteRoles, findRole, listRoles, updateRole } from './roles.ts';
import { createTenant, findTenant, findTenants } from './tenants.ts';
import { restoreTarget } from './trash.ts';
import { undoChange } from './undo.ts';
import { departmentsOf } from './users.ts';

type Names =
  | 'listNamespaces'
  | 'createNamespace'
  | 'updateNamespace'
  | 'deleteNamespace'
  | 'listRoles'
  | 'getRole'
  | 'createRole'
  | 'updateRole'
  | 'deleteRolesBatch'
  | 'listGroups'
  | 'getGroup'
  | 'createGroup'
  | 'updateGroup'
  | 'deleteGroupsBatch'
  | 'listTenants'
  | 'getTenant'
  | 'createTenant'
  | 'getTarget'
  | 'restoreTarget'
  | 'undoChange';

export const directoryHandlers: Handlers<Names> = {
  undoChange: (input, context) => undoChange(context, input),
  async restoreTarget(reference, context) {
    await restoreTarget(context, reference);
    return { success: true };
  },
  async getTarget({ tenantId, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context, reference);
    const { data: customData, etag } = await readValues(context, target, space);
    context.answer.header('etag', etag);
    const memberships = target.targetType === 'USER' ? await departmentsOf(context, target.id, space) : [];
    return { ...(await kinds[target.targetType].read(context, target.id)), customData, memberships };
  },
  listNamespaces: (input, { db }) => listNamespaces(db, input),
  createNamespace: (input, context) => createNamespace(context, input),
  updateNamespace: (input, context) => updateNamespace(context, input),
  async deleteNamespace({ code }, context) {
    await deleteNamespace(context, code);
    return { success: true };
  },
  listRoles: (input, { db }) => listRoles(db, input),
  getRole: ({ code, namespace }, context) => findRole(context, code, namespace),
  createRole: (input, context) => createRole(context, input),
  async updateRole(input, context) {
    await updateRole(context, input);
    return { success: true };
  },
  async deleteRolesBatch(input, context) {
    await deleteRoles(context, input);
    return { success: true };
  },
  listGroups: (input, context) => listGroups(context, input),
  getGroup: (input, context) => findGroup(context, input),
  createGroup: (input, context) => createGroup(context, input),
  updateGroup: (input, context) => updateGroup(context, input),
  async deleteGroupsBatch({ codeList }, context) {
    await deleteGroups(context, codeList);
    return { success: true };
  },
  listTenants: ({ keywords, page, limit }, context) =>
    findTenants(context, { keywords: keywords?.trim() ?? '', page: page ?? 1, limit: limit ?? 10 }),
  getTenant: async ({ tenantId }, context) => findTenant(context.db, await spaceFor(context, tenantId)),
  createTenant: (input, { db, actor }) => createTenant(db, actor, input),
};
