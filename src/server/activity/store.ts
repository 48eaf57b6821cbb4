import { type SqlBool, sql } from 'kysely';
import type { Context } from '../context.ts';
import type { ActivityRow, Db } from '../database/schema.ts';
import { containing, idsBearing } from '../search/search.ts';
import { type Bound, metActivity } from '../tenancy.ts';

/** An entry with what history still keeps of it, and the field and target that it is about. */
export type FoundRecord = Omit<ActivityRow, 'id'> & {
  id: number;
  before: string | null;
  after: string | null;
  key: string | null;
  label: string | null;
  deletedAt: string | null;
  fieldTargetType: string | null;
  targetType: string | null;
};

// A definition with thousands of options is megabytes, of which a list says nothing.
const small = (column: 'before' | 'after') =>
  sql<string | null>`case when activity.kind = 'field' and length(${sql.ref(`history.${column}`)}) > 100000
    then '{}' else ${sql.ref(`history.${column}`)} end`.as(column);

/** What was done in a space, the latest first. */
export async function findActivity(
  { db, rights, ...bound }: Bound & Pick<Context, 'rights'> & { db: Db },
  wanted: {
    tenantId: string;
    /** Part of the name of who did it, or a whole id. */
    actor?: string | undefined;
    /** Part of the name of whose it is, or a whole id. */
    whose: string | undefined;
    kind?: string | undefined;
    targetType?: string | undefined;
    key?: string | undefined;
    from?: string | undefined;
    /** The last day, its end included. */
    to?: string | undefined;
    before?: number | undefined;
    limit: number;
    /** Fields of whose values nothing is to be told, and of whose definitions only to who defines fields. */
    hidden: number[];
  },
): Promise<FoundRecord[]> {
  let query = db
    .selectFrom('activity')
    .leftJoin('history', 'history.id', 'activity.historyId')
    .leftJoin('fields', 'fields.id', 'activity.fieldId')
    .leftJoin('purgedFields', 'purgedFields.id', 'activity.fieldId')
    .leftJoin('targets', 'targets.id', 'activity.targetId')
    .selectAll('activity')
    .select([small('before'), small('after')])
    .select(['fields.key', 'fields.label', 'fields.deletedAt'])
    .select((of) => of.fn.coalesce('fields.targetType', 'purgedFields.targetType').as('fieldTargetType'))
    .select('targets.type as targetType')
    .where(metActivity(bound, wanted.tenantId))
    .orderBy('activity.id', 'desc')
    .limit(wanted.limit);
  // Of what an older version removed for good it isn't known from whom it was hidden.
  if (!rights.includes('define')) {
    query = query.where(({ or, eb }) =>
      or([eb('activity.fieldId', 'is', null), eb('fields.id', 'is not', null), eb('purgedFields.id', 'is not', null)]),
    );
  }
  if (wanted.hidden.length) {
    const { hidden } = wanted;
    query = query.where((where) =>
      where.or([
        where('activity.fieldId', 'is', null),
        where('activity.fieldId', 'not in', hidden),
        ...(rights.includes('define') ? [where('activity.kind', '=', 'field')] : []),
      ]),
    );
  }
  if (wanted.actor) {
    const { actor } = wanted;
    query = query.where((where) =>
      where.or([containing('activity.actorName', actor), where('activity.actorId', '=', actor)]),
    );
  }
  if (wanted.whose) {
    const ids = idsBearing(db, wanted.whose, rights.includes('read'));
    query = query.where(sql<SqlBool>`activity.target_id in (${ids})`);
  }
  if (wanted.kind) query = query.where('activity.kind', '=', wanted.kind);
  if (wanted.key) query = query.where('fields.key', '=', wanted.key);
  if (wanted.from) query = query.where('activity.at', '>=', wanted.from);
  if (wanted.to) query = query.where('activity.at', '<=', `${wanted.to}T23:59:59.999Z`);
  if (wanted.before !== undefined) query = query.where('activity.id', '<', wanted.before);
  if (wanted.targetType) {
    const type = wanted.targetType;
    query = query.where((where) =>
      where.or([
        where('targets.type', '=', type),
        where('fields.targetType', '=', type),
        where('purgedFields.targetType', '=', type),
      ]),
    );
  }
  return query.execute();
}
