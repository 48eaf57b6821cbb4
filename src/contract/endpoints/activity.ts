import { z } from 'zod';
import { fieldKey } from '../field.ts';
import { activityEntry, activityKinds, checkpoint } from '../history.ts';
import { targetType } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { entryId, storable, tenantId, whole, word } from '../wire/scalars.ts';

/** Selects entries of the audit log. */
const records = {
  /** Part of the actor's name. */
  actor: z.string().max(128).optional(),
  /** Part of the target's name, or its whole id. */
  whose: storable.max(256).optional(),
  kind: word(activityKinds).optional(),
  targetType: targetType.optional(),
  key: fieldKey.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  tenantId,
};

export const activityEndpoints = {
  listActivity: endpoint({
    method: 'GET',
    path: '/api/console/list-activity',
    right: ['activity'],
    effect: 'read',
    effort: 'search',
    summary: 'The audit log of the user pool, latest first; `before` is the id of the last known entry',
    input: z.object({
      ...records,
      before: entryId.optional(),
      limit: whole(1, 500).optional(),
    }),
    output: z.object({ list: z.array(activityEntry), hasMore: z.boolean() }),
  }),
  exportActivity: endpoint({
    method: 'POST',
    path: '/api/console/export-activity',
    right: ['export'],
    also: 'activity',
    effect: 'own',
    effort: 'survey',
    summary:
      'The activity as CSV, up to 100,000 entries and 32 million characters; who sees the whole pool gets the checkpoint that proves later that none is missing',
    input: z.object(records),
    output: z.object({ csv: z.string(), entries: z.number(), hasMore: z.boolean(), checkpoint: checkpoint.nullable() }),
  }),
};
