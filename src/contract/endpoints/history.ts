import { z } from 'zod';
import { customData } from '../directory.ts';
import { fieldKey } from '../field.ts';
import { historyEntry } from '../history.ts';
import { targetReference } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { entryId, flag, storable, tenantId, whole } from '../wire/scalars.ts';

export const historyEndpoints = {
  listHistory: endpoint({
    method: 'GET',
    path: '/api/console/list-history',
    right: ['read'],
    effect: 'read',
    summary:
      'The change history of a target, latest first; `before` is the id of the last known entry; `latest` gives only the last change of each field',
    input: z.object({
      ...targetReference,
      tenantId,
      key: fieldKey.optional(),
      before: entryId.optional(),
      limit: whole(1, 200).optional(),
      latest: flag.optional(),
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
  undoChange: endpoint({
    method: 'POST',
    path: '/api/console/undo-change',
    right: ['write', 'directory'],
    also: 'read',
    effect: 'write',
    summary:
      'Take back what one request changed of a target, or of one of its fields, protected values too; what was changed since is kept',
    input: z.object({
      ...targetReference,
      tenantId,
      /** As the change history names it. */
      request: storable.min(1).max(64),
      key: fieldKey.optional(),
    }),
    output: z.object({ undone: z.array(z.string()), kept: z.array(z.string()) }),
  }),
};
