import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Sent } from '#contract/endpoints';
import { call } from '../api.ts';

export const directoryQueries = {
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

const ofNamespaces = <N extends 'createNamespace' | 'updateNamespace' | 'deleteNamespace'>(name: N) =>
  mutationOptions({ mutationKey: ['directory'], mutationFn: (input: Sent<N>) => call(name, input) });
export const createNamespace = () => ofNamespaces('createNamespace');
export const updateNamespace = () => ({ ...ofNamespaces('updateNamespace'), meta: { handled: true } });
export const deleteNamespace = () => ofNamespaces('deleteNamespace');
