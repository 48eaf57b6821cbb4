import { isReservedKey } from '#contract/builtin';
import type { Input } from '#contract/endpoints';
import { isProtected, limits } from '#contract/field';
import type { TargetReference, TargetType } from '#contract/target';
import type { Draft } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { allSeen, fieldsFor, type Seen } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { findDraft, putDraft } from '../stores/drafts.ts';
import { findFieldsLocked } from '../stores/fields.ts';
import type { Target } from '../stores/values.ts';
import { findTarget, lockNamed } from '../targets.ts';
import { compareValue, revealValue } from './protected.ts';
import { beginSave, readValues, setValues } from './service.ts';

export const valueHandlers: Handlers<
  'setCustomData' | 'getCustomData' | 'getDraft' | 'saveDraft' | 'compareValue' | 'revealValue'
> = {
  async getDraft(reference, context) {
    const place = await draftPlace(context, reference, findTarget);
    const found = await findDraft(context.db, place);
    if (!found) return null;
    const fields = await fieldsFor(context, place.tenantId, reference.targetType);
    return { ...found, draft: disclosed(context, withoutProtected(reference.targetType, fields, found.draft)) };
  },
  async saveDraft({ draft, ...reference }, context) {
    if (draft) requireShort(draft);
    const place = await draftPlace(context, reference, lockNamed);
    // Whoever protects a field removes its values from drafts (vault/switch.ts). This lock keeps a save from running at
    // the same time.
    const fields = allSeen(context, await findFieldsLocked(context.db, place.tenantId, reference.targetType, 'share'));
    await putDraft(context.db, place, draft && withoutProtected(reference.targetType, fields, draft));
    return { success: true };
  },
  compareValue: (input, context) => compareValue(context, input),
  revealValue: (input, context) => revealValue(context, input),
  async setCustomData({ list, tenantId, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await lockNamed(context, reference);
    await beginSave(context, target, space);
    const sent = [];
    for (const [index, item] of list.entries()) {
      const place = item.tenantId ? await spaceFor(context, item.tenantId) : space;
      // The tag of If-Match covers only one space.
      if (place !== space && context.header('if-match'))
        throw new ApiError('validation', [{ path: ['list', index, 'tenantId'], name: 'unsupported' }]);
      sent.push({ key: item.key, value: item.value, tenantId: place, path: ['list', index] });
    }
    await setValues(context, target, sent);
    return { success: true };
  },
  async getCustomData({ tenantId, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context, reference);
    const { data, etag } = await readValues(context, target, space);
    context.answer.header('etag', etag);
    return data;
  },
};

/** What was typed can be too long to be saved, but not by far: whoever protects a field reads all drafts. */
function requireShort(draft: Draft): void {
  const most = 2 * limits.text;
  for (const part of ['builtin', 'custom'] as const)
    for (const [key, typed] of Object.entries(draft[part]))
      for (const [side, text] of Object.entries(typed))
        if (typeof text === 'string' && text.length > most)
          throw new ApiError('validation', [
            { path: ['draft', part, key, side], name: 'tooLong', limit: String(most) },
          ]);
}

/** Only people who sign in have drafts. */
async function draftPlace<C extends Context>(
  context: C,
  { tenantId, ...reference }: Input<'getDraft'>,
  find: (context: C, reference: TargetReference) => Promise<Target>,
) {
  if (context.actor.kind !== 'staff') throw new ApiError('forbidden');
  const target = await find(context, reference);
  return { staffId: context.actor.id, targetId: target.id, tenantId: await spaceFor(context, tenantId) };
}

/** Input for a protected or hidden field stays in the form only. No draft stores or discloses it, under no name. */
function withoutProtected(targetType: TargetType, fields: Seen[], { builtin, custom }: Draft): Draft {
  const kept = new Set(fields.filter(({ field }) => !isProtected(field)).map(({ field }) => field.key));
  const only = <V>(part: Record<string, V>, is: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(part).filter(([key]) => is(key)));
  return {
    builtin: only(builtin, (key) => isReservedKey(targetType, key)),
    custom: only(custom, (key) => kept.has(key)),
  };
}

/** The draft. Without `read`, the person doesn't get the stored values from that time. */
function disclosed({ rights }: Context, { builtin, custom }: Draft): Draft {
  if (rights.includes('read')) return { builtin, custom };
  const typed = (part: Draft['custom']) =>
    Object.fromEntries(Object.entries(part).map(([key, { mine }]) => [key, { base: null, mine }]));
  return { builtin: typed(builtin), custom: typed(custom) };
}
