import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';

export const directoryQueries = {
  list: (input: Sent<'listTargets'>) =>
    queryOptions({
      queryKey: ['directory', 'list', input],
      queryFn: () => call('listTargets', input),
      placeholderData: keepPreviousData,
    }),
  /** Asked for apart from the rows, which needn't wait for it. */
  count: (selection: Sent<'countTargets'>) =>
    queryOptions({
      queryKey: ['directory', 'count', selection],
      queryFn: async () => (await call('countTargets', selection)).count,
    }),
  views: (targetType: TargetType) =>
    queryOptions({ queryKey: ['views', targetType], queryFn: () => call('listViews', { targetType }) }),
  namespaces: () =>
    queryOptions({ queryKey: ['directory', 'namespaces'], queryFn: () => call('listNamespaces', { limit: 50 }) }),
  organizations: () =>
    queryOptions({
      queryKey: ['directory', 'organizations'],
      queryFn: () => call('listOrganizations', { fetchAll: true }),
    }),
  children: (organizationCode: string, departmentId: string) =>
    queryOptions({
      queryKey: ['directory', 'departments', organizationCode, departmentId],
      queryFn: () => call('listChildrenDepartments', { organizationCode, departmentId }),
    }),
};

export const saveView = () =>
  mutationOptions({ mutationKey: ['views'], mutationFn: (view: Sent<'saveView'>) => call('saveView', view) });
export const deleteView = () =>
  mutationOptions({ mutationKey: ['views'], mutationFn: (id: string) => call('deleteView', { id }) });
export const restoreTarget = () =>
  mutationOptions({
    mutationKey: ['directory', 'values', 'fields'],
    mutationFn: (target: Sent<'restoreTarget'>) => call('restoreTarget', target),
  });
const ofNamespaces = <N extends 'createNamespace' | 'updateNamespace' | 'deleteNamespace'>(name: N) =>
  mutationOptions({ mutationKey: ['directory'], mutationFn: (input: Sent<N>) => call(name, input) });
export const createNamespace = () => ofNamespaces('createNamespace');
export const updateNamespace = () => ofNamespaces('updateNamespace');
export const deleteNamespace = () => ofNamespaces('deleteNamespace');
