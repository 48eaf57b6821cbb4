import type { Handlers } from '../context.ts';
import { spaceFor } from '../directory/tenants.ts';
import { keptFor } from '../fields/lifecycle.ts';
import { applyPlan, type Summary } from './apply.ts';
import { planFields } from './service.ts';
import { findPlans } from './store.ts';
import { undoPlan } from './undo.ts';

export const planHandlers: Handlers<'planFields' | 'applyPlan' | 'undoPlan' | 'listPlans'> = {
  async planFields(request, context) {
    return planFields(context, await spaceFor(context, request.tenantId), request);
  },
  async applyPlan(request, context) {
    return applyPlan(context, await spaceFor(context, request.tenantId), request);
  },
  undoPlan: ({ planId }, context) => undoPlan(context, planId),
  async listPlans({ targetType, tenantId }, context) {
    const since = new Date(Date.now() - keptFor).toISOString();
    const plans = await findPlans(context.db, await spaceFor(context, tenantId), since);
    return plans
      .map(({ summary, ...plan }) => ({ ...plan, fields: (JSON.parse(summary) as Summary).fields }))
      .filter(({ fields }) => fields.some((field) => field.targetType === targetType));
  },
};
