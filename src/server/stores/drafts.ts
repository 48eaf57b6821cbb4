import { type SqlBool, sql } from 'kysely';
import type { TargetType } from '#contract/target';
import { type Draft, draft } from '#contract/value';
import { breather } from '../breather.ts';
import { isPostgres } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';

/** How long a draft is kept. */
const keptFor = 7 * 86_400_000;

/** How many a person has at most. The oldest one gives way. */
export const mostDrafts = 200;

/** The author, the target and the space. */
interface Place {
  staffId: string;
  targetId: number;
  tenantId: string;
}

export async function findDraft(db: Db, place: Place): Promise<{ at: string; draft: Draft } | null> {
  const row = await findDraftOf(db, place)
    .where('at', '>', new Date(Date.now() - keptFor).toISOString())
    .executeTakeFirst();
  return row ? { at: row.at, draft: draft.parse(JSON.parse(row.draft)) } : null;
}

/** The drafts of a person in a space, the latest first. */
export async function findDrafts(
  db: Db,
  { staffId, tenantId }: Omit<Place, 'targetId'>,
): Promise<{ targetId: number; targetType: TargetType; at: string }[]> {
  const rows = await db
    .selectFrom('drafts')
    .innerJoin('targets', 'targets.id', 'drafts.targetId')
    .select(['drafts.targetId', 'targets.type', 'drafts.at'])
    .where('drafts.staffId', '=', staffId)
    .where('drafts.tenantId', '=', tenantId)
    .where('drafts.at', '>', new Date(Date.now() - keptFor).toISOString())
    .orderBy('drafts.at', 'desc')
    .limit(20)
    .execute();
  return rows.map(({ targetId, type, at }) => ({ targetId, targetType: type as TargetType, at }));
}

export async function putDraft(trx: Trx, place: Place, typed: Draft | null): Promise<void> {
  if (!typed) {
    await trx
      .deleteFrom('drafts')
      .where('staffId', '=', place.staffId)
      .where('targetId', '=', place.targetId)
      .where('tenantId', '=', place.tenantId)
      .execute();
    return;
  }
  const row = { draft: JSON.stringify(typed), at: new Date().toISOString() };
  await trx
    .insertInto('drafts')
    .values({ ...place, ...row })
    .onConflict((conflict) => conflict.columns(['staffId', 'targetId', 'tenantId']).doUpdateSet(row))
    .execute();
  await trx
    .deleteFrom('drafts')
    .where('staffId', '=', place.staffId)
    .where('at', '<', (query) =>
      query
        .selectFrom('drafts as newer')
        .select('newer.at')
        .where('newer.staffId', '=', place.staffId)
        .orderBy('newer.at', 'desc')
        .offset(mostDrafts - 1)
        .limit(1),
    )
    .execute();
}

/** Removes a field from all drafts. */
export async function dropFromDrafts(
  trx: Trx,
  { tenantId, targetType, key }: { tenantId: string; targetType: TargetType; key: string },
): Promise<void> {
  const place = JSON.stringify(key).replace(/[\\%_]/g, '\\$&');
  const drafts = trx.selectFrom('drafts').select(['staffId', 'targetId']);
  // A concurrent save has committed, or waits.
  const rows = await (isPostgres(trx) ? drafts.forUpdate() : drafts)
    .where('tenantId', '=', tenantId)
    .where(sql<SqlBool>`draft like ${`%${place}:%`} escape '\\'`)
    .where('targetId', 'in', (query) => query.selectFrom('targets').select('id').where('type', '=', targetType))
    .execute();
  const breathe = breather();
  // Each can be large, so there is one in memory at a time.
  for (const { staffId, targetId } of rows) {
    await breathe();
    const its = { staffId, targetId, tenantId };
    const found = await findDraftOf(trx, its).executeTakeFirstOrThrow();
    const { builtin, custom } = draft.parse(JSON.parse(found.draft));
    const kept = { builtin, custom: Object.fromEntries(Object.entries(custom).filter(([typed]) => typed !== key)) };
    await trx
      .updateTable('drafts')
      .set({ draft: JSON.stringify(kept) })
      .where('staffId', '=', staffId)
      .where('targetId', '=', targetId)
      .where('tenantId', '=', tenantId)
      .execute();
  }
}

const findDraftOf = (db: Db, { staffId, targetId, tenantId }: Place) =>
  db
    .selectFrom('drafts')
    .select(['draft', 'at'])
    .where('staffId', '=', staffId)
    .where('targetId', '=', targetId)
    .where('tenantId', '=', tenantId);

/** Deletes a person's drafts at sign-out. */
export async function deleteDrafts(db: Db, staffId: string): Promise<void> {
  await db.deleteFrom('drafts').where('staffId', '=', staffId).execute();
}

/** Deletes expired drafts. */
export async function purgeDrafts(trx: Trx, now: Date): Promise<void> {
  await trx
    .deleteFrom('drafts')
    .where('at', '<', new Date(now.getTime() - keptFor).toISOString())
    .execute();
}
