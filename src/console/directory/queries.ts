import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TargetType } from '#contract/target';
import { call } from '../api.ts';

export const pageSize = 20;

const page = (params: URLSearchParams) => Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1);
export const pageOf = page;

/** Every list stands in the URL: what is asked for is read from there. */
export const directoryQueries = {
  users: (params: URLSearchParams) =>
    queryOptions({
      queryKey: ['directory', 'users', params.get('q') ?? '', page(params)],
      queryFn: () =>
        call('listUsers', {
          keywords: params.get('q'),
          options: { pagination: { page: page(params), limit: pageSize }, withCustomData: true },
        }),
      placeholderData: keepPreviousData,
    }),
  roles: (params: URLSearchParams) =>
    queryOptions({
      queryKey: ['directory', 'roles', params.get('q') ?? '', params.get('namespace') ?? '', page(params)],
      queryFn: () =>
        call('listRoles', {
          keywords: params.get('q'),
          page: page(params),
          limit: pageSize,
          ...(params.get('namespace') ? { namespace: params.get('namespace') } : { allNamespaces: true }),
        }),
      placeholderData: keepPreviousData,
    }),
  namespaces: () =>
    queryOptions({ queryKey: ['directory', 'namespaces'], queryFn: () => call('listNamespaces', { limit: 50 }) }),
  groups: (params: URLSearchParams) =>
    queryOptions({
      queryKey: ['directory', 'groups', params.get('q') ?? '', page(params)],
      queryFn: () =>
        call('listGroups', { keywords: params.get('q'), page: page(params), limit: pageSize, withCustomData: true }),
      placeholderData: keepPreviousData,
    }),
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
  departments: (organizationCode: string, text: string) =>
    queryOptions({
      queryKey: ['directory', 'departments', organizationCode, 'search', text],
      queryFn: () =>
        call('searchDepartmentsList', {
          organizationCode,
          limit: 50,
          advancedFilter: [{ field: 'name', operator: 'CONTAINS', value: text }],
        }),
      placeholderData: keepPreviousData,
    }),
  /** The first custom fields that the console shows, as columns. */
  columns: (targetType: TargetType) =>
    queryOptions({
      queryKey: ['fields', targetType],
      queryFn: () => call('getCustomFields', { targetType }),
      select: (fields) => fields.filter((field) => field.visibleInAdminConsole).slice(0, 3),
    }),
};
