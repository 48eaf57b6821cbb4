import { z } from 'zod';
import { customData } from '../directory.ts';
import { fieldKey } from '../field.ts';
import { historyEntry } from '../history.ts';
import { targetReference } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { entryId, tenantId, whole } from '../wire/scalars.ts';

export const historyEndpoints = {
  listHistory: endpoint({
    method: 'GET',
    path: '/api/console/list-history',
    right: ['read'],
    effect: 'read',
    summary: 'The change history of a target, latest first; `before` is the id of the last known entry',
    input: z.object({
      ...targetReference,
      tenantId,
      key: fieldKey.optional(),
      before: entryId.optional(),
      limit: whole(1, 200).optional(),
    }),
    output: z.object({ list: z.array(historyEntry), hasMore: z.boolean() }),
  }),
  getValuesAt: endpoint({
    method: 'GET',
    path: '/api/console/get-values-at',
    right: ['read'],
    effect: 'read',
    summary: 'The values of a target just after a change',
    input: z.object({ ...targetReference, tenantId, entry: entryId }),
    output: customData,
  }),
};
