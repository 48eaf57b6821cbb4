import { z } from 'zod';
import { listInput, listPage, selection, view } from '../list.ts';
import { targetReference, targetType } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, success, tenantId } from '../wire/scalars.ts';

export const listsEndpoints = {
  listTargets: endpoint({
    method: 'POST',
    path: '/api/console/list-targets',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'A page of targets of any type, with the requested columns; a far page costs as much as the first',
    input: listInput,
    output: listPage,
  }),
  countTargets: endpoint({
    method: 'POST',
    path: '/api/console/count-targets',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'How many targets a list has in all its pages',
    input: z.object(selection),
    output: z.object({ count: z.number() }),
  }),
  listViews: endpoint({
    method: 'GET',
    path: '/api/console/list-views',
    right: ['read'],
    effect: 'read',
    summary: 'The saved views of a list: one’s own and the shared ones',
    input: z.object({ targetType, tenantId }),
    output: z.array(view),
  }),
  saveView: endpoint({
    method: 'POST',
    path: '/api/console/save-view',
    right: ['read'],
    effect: 'write',
    summary: 'Save a view of a list, or change one’s own view',
    input: view.omit({ id: true, isMine: true }).extend({ id: z.string().max(64).optional(), tenantId }),
    output: view,
  }),
  deleteView: endpoint({
    method: 'POST',
    path: '/api/console/delete-view',
    right: ['read'],
    effect: 'write',
    summary: 'Delete one’s own view',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
  restoreTarget: endpoint({
    method: 'POST',
    path: '/api/console/restore-target',
    right: ['directory'],
    effect: 'write',
    summary: 'Restore the target that was last deleted under this identifier, with its values',
    input: z.object({
      ...targetReference,
      /** Leaves out names and unique values that another target uses now. The change history keeps them. */
      withoutTaken: flag.optional(),
    }),
    output: success,
  }),
};
