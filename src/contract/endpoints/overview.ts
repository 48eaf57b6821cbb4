import { z } from 'zod';
import { holder } from '../plan.ts';
import { targetType } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { tenantId } from '../wire/scalars.ts';

export const overviewEndpoints = {
  getOverview: endpoint({
    method: 'GET',
    path: '/api/console/get-overview',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'What waits for the caller, and how much changed on each of the last 28 days',
    input: z.object({ tenantId }),
    output: z.object({
      /** Entries of the audit log by day (UTC), the earliest first. Null without the permission to see it. */
      days: z.array(z.object({ day: z.string(), entries: z.number() })).nullable(),
      /** The caller's unsaved edits, the latest first. */
      drafts: z.array(z.object({ targetType, holder, at: z.string() })),
      /** Fields whose stored values are being encrypted. */
      sealing: z.array(z.object({ targetType, key: z.string() })),
    }),
  }),
  countMisfits: endpoint({
    method: 'GET',
    path: '/api/console/count-misfits',
    right: ['read'],
    effect: 'read',
    effort: 'survey',
    summary: 'How many values of each field don’t fit its type, break its rules, or are inactive options',
    input: z.object({ targetType, tenantId }),
    output: z.object({
      /** By key. Without fields whose values the caller may not know. */
      fields: z.record(z.string(), z.object({ unfit: z.number(), breaches: z.number(), retired: z.number() })),
      /** Some fields aren't counted yet, because the call took long enough. The next call counts more. */
      isComplete: z.boolean(),
    }),
  }),
};
