import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import type { Context, Handlers } from '../context.ts';
import { findTarget } from '../directory/targets.ts';
import { spaceFor } from '../directory/tenants.ts';
import { findFields } from '../fields/store.ts';
import { findDraft, putDraft } from './drafts.ts';
import { etagOf, requireUnchanged, setValues } from './service.ts';
import { findValues } from './store.ts';

export const valueHandlers: Handlers<'setCustomData' | 'getCustomData' | 'getDraft' | 'saveDraft'> = {
  async getDraft(reference, context) {
    return findDraft(context.db, await draftPlace(context, reference));
  },
  async saveDraft({ draft, ...reference }, context) {
    await putDraft(context.db, await draftPlace(context, reference), draft);
    return { success: true };
  },
  async setCustomData({ list, tenantId, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context.db, reference);
    await requireUnchanged(context, target, space);
    const sent = [];
    for (const [index, item] of list.entries()) {
      const place = item.tenantId ? await spaceFor(context, item.tenantId) : space;
      sent.push({ key: item.key, value: item.value, tenantId: place, path: ['list', index] });
    }
    await setValues(context.db, context.actor, target, sent);
    return { success: true };
  },
  async getCustomData({ tenantId, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context.db, reference);
    const fields = await findFields(context.db, space, target.targetType);
    const data = (await findValues(context.db, fields, [target.id])).get(target.id) ?? {};
    context.answer.header('etag', etagOf(context.secrets, target.id, data));
    return data;
  },
};

/** Drafts are of people who sign in. */
async function draftPlace(context: Context, { tenantId, ...reference }: Input<'getDraft'>) {
  if (context.actor.kind !== 'staff') throw new ApiError('forbidden');
  const target = await findTarget(context.db, reference);
  return { staffId: context.actor.id, targetId: target.id, tenantId: await spaceFor(context, tenantId) };
}
