import type { Output } from '#contract/endpoints';
import type { TargetType } from '#contract/target';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { keptFor } from '../fields/lifecycle.ts';
import { pageOfEntries } from '../history/entries.ts';
import { applyPlan, disclosedFields, type Summary, undoneAtFor } from './apply.ts';
import { planFields } from './service.ts';
import { findPlans } from './store.ts';
import { undoPlan } from './undo.ts';

/** How many plans are told, unless they are large. */
const mostPlans = 200;

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
    const space = await spaceFor(context, tenantId);
    const { list } = await pageOfEntries(tellPlans(context, { space, since, targetType }), mostPlans);
    return list;
  },
};

/** The applied plans about a target type, the latest first. */
async function* tellPlans(
  context: Context,
  { space, since, targetType }: { space: string; since: string; targetType: TargetType },
): AsyncGenerator<Output<'listPlans'>[number]> {
  const disclosed = await disclosedFields(context, space);
  for await (const { summary: stored, ...plan } of findPlans(context.db, space, since)) {
    const summary = JSON.parse(stored) as Summary;
    if (!summary.fields.some((field) => field.targetType === targetType)) continue;
    yield {
      ...plan,
      undoneAt: undoneAtFor(disclosed, summary, plan.undoneAt),
      fields: summary.fields.map((field) => ({
        ...field,
        values: field.id !== undefined && disclosed.has(field.id) ? field.values : null,
      })),
    };
  }
}
