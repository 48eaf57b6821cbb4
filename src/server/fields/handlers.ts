import type { Input } from '#contract/endpoints';
import type { Field } from '#contract/field';
import { fold } from '#contract/wire/fold';
import { languages } from '#contract/wire/language';
import { allSeen, definitionOf, definitionsFor, disclosesHolders, disclosesValues, see } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Handlers } from '../context.ts';
import { countHolders, countTargets } from '../stores/fields.ts';
import { countUnsealed } from '../vault/sealing.ts';
import { findBaseFields, setBaseFields } from './base.ts';
import { healthOf } from './health.ts';
import { countByValue } from './held.ts';
import { listTrash, moveField, restoreField } from './lifecycle.ts';
import { deleteFields, setFields } from './service.ts';

type Names =
  | 'getCustomFields'
  | 'listCustomFields'
  | 'setCustomFields'
  | 'deleteCustomFields'
  | 'getUserBaseFields'
  | 'listUserBaseFields'
  | 'setUserBaseFields'
  | 'countValues'
  | 'countOptions'
  | 'getFieldHealth'
  | 'getSealing'
  | 'listTrashedFields'
  | 'restoreCustomField'
  | 'moveCustomField';

export const fieldHandlers: Handlers<Names> = {
  async getCustomFields({ targetType, tenantId }, context) {
    const fields = await definitionsFor(context, await spaceFor(context, tenantId), targetType);
    return fields.map(({ field }) => field);
  },
  async listCustomFields(input, context) {
    const fields = await definitionsFor(context, await spaceFor(context, input.tenantId), input.targetType);
    return pageOf(
      fields.map(({ field }) => field),
      input,
    );
  },
  async setCustomFields({ list, tenantId }, context) {
    return setFields(context, await placed(list, tenantId, context));
  },
  async deleteCustomFields({ list, tenantId }, context) {
    await deleteFields(context, await placed(list, tenantId, context));
    return { success: true };
  },
  getUserBaseFields: (_input, { db }) => findBaseFields(db),
  async listUserBaseFields(input, { db }) {
    return pageOf(input.targetType && input.targetType !== 'USER' ? [] : await findBaseFields(db), input);
  },
  setUserBaseFields: ({ list }, { db, actor }) => setBaseFields(db, actor, list),
  async countValues({ targetType, tenantId }, context) {
    const space = await spaceFor(context, tenantId);
    const [targets, holders] = await Promise.all([
      countTargets(context, targetType),
      countHolders(context, space, targetType),
    ]);
    const read = allSeen(context, await definitionsFor(context, space, targetType)).filter(disclosesHolders);
    return { targets, holders: Object.fromEntries(read.map(({ field: { key } }) => [key, holders.get(key) ?? 0])) };
  },
  async countOptions({ tenantId, ...place }, context) {
    const stored = await definitionOf(context, { ...place, tenantId: await spaceFor(context, tenantId) });
    // A text can have as many values as there are targets, and large ones.
    const isCounted = 'options' in stored.field && disclosesValues(see(context, stored));
    return isCounted ? countByValue(context, stored) : [];
  },
  async getSealing({ tenantId, ...place }, context) {
    const stored = await definitionOf(context, { ...place, tenantId: await spaceFor(context, tenantId) });
    return { left: await countUnsealed(context, stored.id, disclosesHolders(see(context, stored))) };
  },
  async getFieldHealth({ tenantId, ...place }, context) {
    return healthOf(context, { ...place, tenantId: await spaceFor(context, tenantId) });
  },
  async listTrashedFields({ targetType, tenantId }, context) {
    return listTrash(context, await spaceFor(context, tenantId), targetType);
  },
  async restoreCustomField({ tenantId, ...wanted }, context) {
    return restoreField(context, { ...wanted, tenantId: await spaceFor(context, tenantId) });
  },
  async moveCustomField({ tenantId, ...place }, context) {
    await moveField(context.db, { ...place, tenantId: await spaceFor(context, tenantId) });
    return { success: true };
  },
};

/** Gives each item its space: the item's tenant wins over the body's, the body's over the header's. */
async function placed<T extends { tenantId?: string | undefined }>(
  list: T[],
  tenantId: string | undefined,
  context: Parameters<typeof spaceFor>[0],
): Promise<(T & { tenantId: string })[]> {
  const items: (T & { tenantId: string })[] = [];
  for (const item of list) items.push({ ...item, tenantId: await spaceFor(context, item.tenantId ?? tenantId) });
  return items;
}

/** The counts apply the type and keyword filters, but not visibility and paging. */
function pageOf(fields: Field[], input: Omit<Input<'listUserBaseFields'>, 'targetType'>) {
  const keyword = fold(input.keyword ?? '');
  const texts = (field: Field) => [
    field.key,
    field.label,
    ...languages.map((language) => field.i18n.label[language].value),
  ];
  const found = fields
    .filter((field) => !input.dataType || field.dataType === input.dataType)
    .filter((field) => !keyword || texts(field).some((text) => fold(text).includes(keyword)));
  const shown = found
    .filter((field) => typeof input.userVisible !== 'boolean' || field.visibleInUserCenter === input.userVisible)
    .filter((field) => typeof input.adminVisible !== 'boolean' || field.visibleInAdminConsole === input.adminVisible);
  const limit = input.limit ?? 10;
  const start = ((input.page ?? 1) - 1) * limit;
  return {
    count: {
      all: found.length,
      userVisible: found.filter((field) => field.visibleInUserCenter).length,
      adminVisible: found.filter((field) => field.visibleInAdminConsole).length,
    },
    totalCount: shown.length,
    list: shown.slice(start, start + limit),
  };
}
