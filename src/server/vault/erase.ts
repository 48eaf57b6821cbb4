import { sql } from 'kysely';
import { builtinFieldsOf } from '#contract/builtin';
import { ApiError } from '#contract/wire/errors';
import type { Actor, Server } from '../context.ts';
import { lockTargets } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Trx, UserRow } from '../database/schema.ts';
import { findLastTargetChange } from '../history/store.ts';
import { recordActivity } from '../record/activity.ts';
import { releaseAll } from '../stores/claims.ts';
import { dropPersonFromViews, type Held } from '../stores/views.ts';
import { owePages, payPages } from './pages.ts';

/**
 * Erases a person, as a law may require: destroys the key of their values and deletes their plain text. The audit log
 * still names what was done, with digests, and its chain stays valid. A restore of an older backup erases the person
 * again. False if a reader still uses SQLite pages with the person's data; pages.ts overwrites them later.
 */
export async function eraseUser(server: Server, actor: Actor, userId: string): Promise<boolean> {
  await transact(server.database, async (trx) => {
    const found = await trx.selectFrom('users').select('id').where('userId', '=', userId).executeTakeFirst();
    if (!found) throw new ApiError('userNotFound');
    const { id } = found;
    // A concurrent write about the person has committed, or finds nobody.
    await lockTargets(trx, 'USER', [id]);
    const { deletedAt } = await trx
      .selectFrom('users')
      .select('deletedAt')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    // An erased user has no history. A user in the trash has one.
    if (deletedAt && !(await findLastTargetChange(trx, id))) throw new ApiError('userNotFound');
    await erase(trx, id);
    await owePages(trx);
    await recordActivity(trx, actor, [{ event: 'erased', targetId: id }]);
  });
  return payPages(server.database);
}

/** Deletes everything about a person, except that they existed. */
export async function erase(trx: Trx, id: number): Promise<void> {
  const row = await trx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return;
  const kept = new Set(['id', 'userId', 'createdAt', 'gender', 'status', 'workStatus', 'userSourceType']);
  const blank = Object.entries(row).flatMap(([key, value]) =>
    kept.has(key) || typeof value === 'number' ? [] : [[key, null] as const],
  );
  const { username, email, phone, externalId, name, nickname, identityNumber } = row;
  const names = [username, email, phone, externalId, name, nickname, identityNumber];
  const texts = [...names.flatMap((text) => text ?? []), ...(await uniqueTextsOf(trx, id))];
  await dropPersonFromViews(trx, texts, [...profileOf(trx, row), ...(await valuesOf(trx, id))]);
  const now = new Date().toISOString();
  await trx
    .updateTable('users')
    .set({ ...Object.fromEntries(blank), gender: 'U', updatedAt: now, deletedAt: now })
    .where('id', '=', id)
    .execute();
  await trx.deleteFrom('targetKeys').where('targetId', '=', id).execute();
  await trx.deleteFrom('fieldValues').where('targetId', '=', id).execute();
  await trx.deleteFrom('drafts').where('targetId', '=', id).execute();
  await trx.deleteFrom('departmentMembers').where('userId', '=', id).execute();
  await trx.deleteFrom('history').where('targetId', '=', id).execute();
  await releaseAll(trx, [id]);
}

/** The person's plain text values of unique fields. */
async function uniqueTextsOf(trx: Trx, targetId: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('fieldValues')
    .innerJoin('fields', 'fields.id', 'fieldValues.fieldId')
    .select('fieldValues.value')
    .where('fieldValues.targetId', '=', targetId)
    .where('fields.isUnique', '=', 1)
    .where('fields.encrypted', '=', 0)
    .execute();
  return rows.map(({ value }) => String(JSON.parse(value)));
}

/** The person's texts of built-in fields. */
function profileOf(trx: Trx, row: UserRow): Held[] {
  return builtinFieldsOf('USER').flatMap(({ key, dataType }) => {
    const text = new Map(Object.entries(row)).get(key);
    if (dataType !== 'STRING' || typeof text !== 'string' || text === '') return [];
    const same = trx.selectFrom('users').select('id').where('id', '<>', row.id);
    const others = same.where(sql.ref(`users.${key}`), '=', text).limit(1);
    return [{ tenantId: null, key, text, isShared: async () => (await others.execute()).length > 0 }];
  });
}

/** The person's plain values of custom fields, but for choices: a definition has these. */
async function valuesOf(trx: Trx, targetId: number): Promise<Held[]> {
  const rows = await trx
    .selectFrom('fieldValues')
    .innerJoin('fields', 'fields.id', 'fieldValues.fieldId')
    .select(['fields.id', 'fields.key', 'fields.tenantId', 'fieldValues.value'])
    .where('fieldValues.targetId', '=', targetId)
    .where('fields.dataType', 'in', ['STRING', 'NUMBER', 'DATETIME'])
    .where('fields.encrypted', '=', 0)
    .execute();
  return rows.map(({ id, key, tenantId, value }) => {
    const same = trx.selectFrom('fieldValues').select('targetId').where('fieldId', '=', id).where('value', '=', value);
    const others = same.where('targetId', '<>', targetId).limit(1);
    const isShared = async () => (await others.execute()).length > 0;
    return { tenantId, key, text: String(JSON.parse(value)), isShared };
  });
}
