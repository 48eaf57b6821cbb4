import { z } from 'zod';
import { group, groupPatch } from '../directory.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, identifier, keywords, paging, storable, success, tenantId, word } from '../wire/scalars.ts';
import { codeList, flatCustomData, paged, withCustomData } from './shared.ts';

export const groupsEndpoints = {
  listGroups: endpoint({
    method: 'GET',
    path: '/api/v3/list-groups',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Groups',
    input: z.object({
      ...paging,
      keywords,
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
    summary: 'Move groups to the trash',
    input: z.object({ codeList }),
    output: success,
  }),
};
