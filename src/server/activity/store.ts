import { type SqlBool, sql } from 'kysely';
import type { ActivityKind } from '#contract/history';
import { saidOf } from '../actor.ts';
import type { Actor, Context } from '../context.ts';
import { inSlices, isPostgres } from '../database/open.ts';
import type { ActivityRow, Db, Trx } from '../database/schema.ts';
import { containing, idsBearing } from '../lists/search.ts';
import { type Bound, metDeeds } from '../tenancy.ts';
import { contentOf, sealWritten } from './chain.ts';
import { digestOf } from './digest.ts';

/** Something that was done. `before` and `after` are kept as digests alone. */
export interface Deed {
  kind: ActivityKind;
  event?: string;
  historyId?: number;
  fieldId?: number;
  targetId?: number;
  subject?: string;
  count?: number;
  before?: string | null;
  after?: string | null;
}

/** Writes entries of the activity, in the transaction of what they tell of. The only way in; there is none to change or remove one. */
export async function recordDeeds(trx: Trx, actor: Actor, deeds: Deed[]): Promise<void> {
  const at = new Date().toISOString();
  await inSlices(
    deeds.map((deed) => rowOf(actor, deed, at)),
    async (rows) => {
      const insert = trx.insertInto('activity').values(rows);
      const { secrets } = actor.sign;
      if (!secrets || isPostgres(trx)) await insert.execute();
      else await sealWritten(secrets, trx, await insert.returningAll().execute());
      return [];
    },
  );
}

type Written = Omit<ActivityRow, 'id'>;

function rowOf(actor: Actor, deed: Deed, at: string): Written {
  const digest = (json: string | null | undefined) =>
    json === null || json === undefined ? null : digestOf(actor, { fieldId: deed.fieldId, json });
  const row = {
    at,
    kind: deed.kind,
    event: deed.event ?? null,
    historyId: deed.historyId ?? null,
    fieldId: deed.fieldId ?? null,
    targetId: deed.targetId ?? null,
    subject: deed.subject ?? null,
    count: deed.count ?? 1,
    beforeDigest: digest(deed.before),
    afterDigest: digest(deed.after),
    ...saidOf(actor),
  };
  return { ...row, mac: actor.sign(contentOf(row)) };
}

/** An entry with what history still keeps of it, and the field and target that it is about. */
export type FoundDeed = Omit<ActivityRow, 'id'> & {
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
export async function findDeeds(
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
): Promise<FoundDeed[]> {
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
    .where(metDeeds(bound, wanted.tenantId))
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
  if (wanted.before !== undefined) query = query.where('activity.id', '<', Math.min(wanted.before, 2 ** 31 - 1));
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
