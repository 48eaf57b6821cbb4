import { z } from 'zod';
import { customData } from '../directory.ts';
import { fieldKey } from '../field.ts';
import { maxReason } from '../history.ts';
import { holder } from '../plan.ts';
import { type TargetType, targetReference, targetShapes, targetType, targetTypes } from '../target.ts';
import { draft, value } from '../value.ts';
import { endpoint } from '../wire/endpoint.ts';
import { storable, success, tenantId } from '../wire/scalars.ts';

/** What a target is a member of: the departments of a user. */
const memberships = z.array(holder.extend({ targetType }));

type ToldTarget<T> = T extends TargetType
  ? z.ZodObject<{
      targetType: z.ZodLiteral<T>;
      entity: (typeof targetShapes)[T]['entity'];
      customData: typeof customData;
      memberships: typeof memberships;
    }>
  : never;

const told = (type: TargetType) =>
  z.object({ targetType: z.literal(type), entity: targetShapes[type].entity, customData, memberships });
// Of a list that is mapped the compiler forgets which entity belongs to which type.
const toldTargets = targetTypes.map(told) as unknown as [ToldTarget<TargetType>, ...ToldTarget<TargetType>[]];

export const valuesEndpoints = {
  setCustomData: endpoint({
    method: 'POST',
    path: '/api/v3/set-custom-data',
    right: ['write'],
    body: 'large',
    effect: 'write',
    summary: 'Set or clear values of one target: all of the list or none',
    input: z.object({
      ...targetReference,
      list: z
        .array(z.object({ key: z.string().min(1), value: z.unknown(), tenantId }))
        .min(1)
        .max(50),
      tenantId,
    }),
    output: success,
  }),
  getCustomData: endpoint({
    method: 'GET',
    path: '/api/v3/get-custom-data',
    right: ['read'],
    effect: 'read',
    summary: 'The values of one target',
    input: z.object({ ...targetReference, tenantId }),
    output: customData,
  }),
  compareValue: endpoint({
    method: 'POST',
    path: '/api/console/compare-value',
    right: ['read'],
    effect: 'write',
    summary: 'Verify a protected value: whether it equals a given value; counted and recorded',
    input: z.object({ ...targetReference, tenantId, key: fieldKey, value }),
    output: z.object({ matches: z.boolean() }),
  }),
  revealValue: endpoint({
    method: 'POST',
    path: '/api/console/reveal-value',
    right: ['reveal'],
    also: 'read',
    effect: 'write',
    summary: 'Reveal one protected value, with a reason; recorded without the value',
    input: z.object({ ...targetReference, tenantId, key: fieldKey, reason: storable.trim().min(1).max(maxReason) }),
    output: z.object({ value: value.nullable() }),
  }),
  getTarget: endpoint({
    method: 'GET',
    path: '/api/console/get-target',
    right: ['read'],
    effect: 'read',
    summary: 'One target of any type with its values and memberships; the ETag names the state of the first two',
    input: z.object({ ...targetReference, tenantId }),
    output: z.discriminatedUnion('targetType', toldTargets),
  }),
  getDraft: endpoint({
    method: 'GET',
    path: '/api/console/get-draft',
    right: ['write', 'directory'],
    effect: 'read',
    summary: 'The signed-in person’s unsaved changes of one target',
    input: z.object({ ...targetReference, tenantId }),
    output: z.object({ at: z.string(), draft }).nullable(),
  }),
  saveDraft: endpoint({
    method: 'POST',
    path: '/api/console/save-draft',
    right: ['write', 'directory'],
    effect: 'write',
    summary:
      'Keep what the signed-in person typed about one target, for seven days or until they sign out; null forgets it',
    input: z.object({ ...targetReference, tenantId, draft: draft.nullable() }),
    output: success,
  }),
};
