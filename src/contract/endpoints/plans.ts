import { z } from 'zod';
import { field } from '../field.ts';
import { appliedPlan, plan, planRequest, undone } from '../plan.ts';
import { targetType } from '../target.ts';
import { endpoint } from '../wire/endpoint.ts';
import { tenantId } from '../wire/scalars.ts';

export const plansEndpoints = {
  planFields: endpoint({
    method: 'POST',
    path: '/api/console/plan-fields',
    right: ['define'],
    body: 'large',
    effect: 'read',
    effort: 'survey',
    summary: 'What a change of fields would do, and the token that applies it',
    input: planRequest,
    output: plan,
  }),
  applyPlan: endpoint({
    method: 'POST',
    path: '/api/console/apply-plan',
    right: ['define'],
    body: 'large',
    effect: 'write',
    summary:
      'Do what a plan says; refused with the new plan if fields or values moved since. What can touch no value needs no plan, and no token',
    input: z.object({ ...planRequest.shape, token: z.string().optional() }),
    output: z.object({ planId: z.string(), fields: z.array(field) }),
  }),
  undoPlan: endpoint({
    method: 'POST',
    path: '/api/console/undo-plan',
    right: ['define'],
    effect: 'write',
    summary: 'Undo a plan: restore fields and values, except what changed since then',
    input: z.object({ planId: z.string().max(64) }),
    output: undone,
  }),
  listPlans: endpoint({
    method: 'GET',
    path: '/api/console/list-plans',
    right: ['define'],
    effect: 'read',
    summary: 'The plans that can be undone, latest first',
    input: z.object({ targetType, tenantId }),
    output: z.array(appliedPlan),
  }),
};
