import { targetTypes } from '#contract/target';
import { allSeen, disclosesValues } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { keptFor } from '../fields/lifecycle.ts';
import { findFields } from '../stores/fields.ts';
import { meetsAll } from '../tenancy.ts';
import { applyPlan, type Summary, undoneAtFor } from './apply.ts';
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
    const space = await spaceFor(context, tenantId);
    const plans = await findPlans(context.db, space, since);
    const disclosed = await disclosedFields(context, space);
    const fieldsOf = ({ fields }: Summary) =>
      fields.map((field) => ({
        ...field,
        values: field.id !== undefined && disclosed.has(field.id) ? field.values : null,
      }));
    return plans
      .map(({ summary, ...plan }) => ({ ...plan, summary: JSON.parse(summary) as Summary }))
      .map(({ summary, ...plan }) => ({
        ...plan,
        undoneAt: undoneAtFor(context, summary, plan.undoneAt),
        fields: fieldsOf(summary),
      }))
      .filter(({ fields }) => fields.some((field) => field.targetType === targetType));
  },
};

/** The fields for which the caller may know how many values a plan changed. */
async function disclosedFields(context: Context, space: string): Promise<Set<number>> {
  const fields = await Promise.all(targetTypes.map((type) => findFields(context.db, space, type)));
  return new Set(
    allSeen(context, fields.flat())
      .filter((seen) => disclosesValues(seen) && meetsAll(context, seen.field.targetType))
      .map(({ id }) => id),
  );
}
