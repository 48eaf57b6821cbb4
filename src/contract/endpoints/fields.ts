import { z } from 'zod';
import { baseFieldPatch, dataType, field, fieldKey, fieldPatch } from '../field.ts';
import { fieldHealth } from '../health.ts';
import { targetType } from '../target.ts';
import { value } from '../value.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, limit, page, rowId, success, tenantId, whole } from '../wire/scalars.ts';

const listFields = {
  tenantId,
  dataType: z.union([z.literal('OBJECT'), dataType]).nullish(),
  page,
  limit,
  userVisible: flag.nullish(),
  adminVisible: flag.nullish(),
  accessControl: flag.nullish(),
  keyword: z.string().nullish(),
  lang: z.string().nullish(),
};
const countedFields = z.object({
  count: z.object({ all: z.number(), userVisible: z.number(), adminVisible: z.number() }),
  totalCount: z.number(),
  list: z.array(field),
});

export const fieldsEndpoints = {
  getCustomFields: endpoint({
    method: 'GET',
    path: '/api/v3/get-custom-fields',
    right: ['read'],
    effect: 'read',
    summary: 'All custom fields of a target type, in their order',
    input: z.object({ targetType, tenantId }),
    output: z.array(field),
  }),
  listCustomFields: endpoint({
    method: 'GET',
    path: '/api/v3/list-custom-fields',
    right: ['read'],
    effect: 'read',
    summary: 'Custom fields by page, with counts',
    input: z.object({ targetType, ...listFields }),
    output: countedFields,
  }),
  setCustomFields: endpoint({
    method: 'POST',
    path: '/api/v3/set-custom-fields',
    right: ['define'],
    body: 'large',
    effect: 'write',
    summary: 'Create or change custom fields: all of the list or none',
    input: z.object({ list: z.array(fieldPatch).min(1).max(50), tenantId }),
    output: z.array(field),
  }),
  deleteCustomFields: endpoint({
    method: 'POST',
    path: '/api/v3/delete-custom-fields',
    right: ['define'],
    effect: 'write',
    summary: 'Move custom fields and their values to the trash',
    input: z.object({
      list: z
        .array(z.object({ targetType, key: fieldKey, tenantId }))
        .min(1)
        .max(50),
      tenantId,
    }),
    output: success,
  }),
  getUserBaseFields: endpoint({
    method: 'GET',
    path: '/api/v3/get-user-base-fields',
    right: ['read'],
    effect: 'read',
    summary: 'The built-in fields of users',
    input: z.object({}),
    output: z.array(field),
  }),
  listUserBaseFields: endpoint({
    method: 'GET',
    path: '/api/v3/list-user-base-fields',
    right: ['read'],
    effect: 'read',
    summary: 'The built-in fields of users by page, with counts',
    input: z.object({ targetType: targetType.nullish(), ...listFields }),
    output: countedFields,
  }),
  setUserBaseFields: endpoint({
    method: 'POST',
    path: '/api/v3/set-user-base-fields',
    right: ['define'],
    reach: 'pool',
    effect: 'write',
    summary: 'Change name, languages and visibility of built-in fields',
    input: z.object({ list: z.array(baseFieldPatch).min(1).max(50) }),
    output: z.array(field),
  }),
  countValues: endpoint({
    method: 'GET',
    path: '/api/console/count-values',
    right: ['read'],
    effect: 'read',
    effort: 'survey',
    summary: 'The number of targets, and how many have a value of each field that the caller can read',
    input: z.object({ targetType, tenantId }),
    output: z.object({ targets: z.number(), holders: z.record(z.string(), z.number()) }),
  }),
  countOptions: endpoint({
    method: 'GET',
    path: '/api/console/count-options',
    right: ['define'],
    effect: 'read',
    effort: 'survey',
    summary: 'How many targets use each option of a single select',
    input: z.object({ targetType, key: fieldKey, tenantId }),
    output: z.array(z.object({ value, holders: z.number() })),
  }),
  getFieldHealth: endpoint({
    method: 'GET',
    path: '/api/console/get-field-health',
    right: ['read'],
    effect: 'read',
    effort: 'survey',
    summary: 'The data quality of a field: how many values, which ones, the last change, and what doesn’t fit',
    input: z.object({ targetType, key: fieldKey, tenantId }),
    output: fieldHealth,
  }),
  getSealing: endpoint({
    method: 'GET',
    path: '/api/console/get-sealing',
    right: ['define'],
    effect: 'read',
    summary: 'How many values of an encrypted field aren’t encrypted yet; null if the caller may not know the holders',
    input: z.object({ targetType, key: fieldKey, tenantId }),
    output: z.object({ left: z.number().nullable() }),
  }),
  listTrashedFields: endpoint({
    method: 'GET',
    path: '/api/console/list-trashed-fields',
    right: ['define'],
    effect: 'read',
    summary: 'The deleted fields that can be restored, latest first',
    input: z.object({ targetType, tenantId }),
    output: z.array(
      z.object({
        trashId: z.number(),
        deletedAt: z.string(),
        purgeAt: z.string(),
        /** Null if the caller may not know. */
        holders: z.number().nullable(),
        field,
      }),
    ),
  }),
  restoreCustomField: endpoint({
    method: 'POST',
    path: '/api/console/restore-custom-field',
    right: ['define'],
    effect: 'write',
    summary: 'Restore a field and its values from the trash, under another key if its own is used',
    input: z.object({
      targetType,
      key: fieldKey,
      trashId: rowId.optional(),
      as: fieldKey.optional(),
      tenantId,
    }),
    output: field,
  }),
  moveCustomField: endpoint({
    method: 'POST',
    path: '/api/console/move-custom-field',
    right: ['define'],
    effect: 'write',
    summary: 'Move a field to another position in its target type, counted from 1',
    input: z.object({ targetType, key: fieldKey, position: whole(1, 1_000), tenantId }),
    output: success,
  }),
};
