import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Context } from '../context.ts';
import type { ActivityRow, Db } from '../database/schema.ts';
import { sizeOfChange } from '../history/store.ts';
import { containing, idsBearing } from '../search/search.ts';
import { fitting } from '../stores/values.ts';
import { type Bound, metActivity } from '../tenancy.ts';

/** An entry with what the change history still has of it, and with its field and target. */
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

// A definition with thousands of options takes megabytes, and a list doesn't show it.
const small = (column: 'before' | 'after') =>
  sql<string | null>`case when activity.kind = 'field' and length(${sql.ref(`history.${column}`)}) > 100000
    then '{}' else ${sql.ref(`history.${column}`)} end`.as(column);

/** Selects entries. */
export interface Wanted {
  tenantId: string;
  /** Part of the actor's name, or a whole id. */
  actor?: string | undefined;
  /** Part of the target's name, or a whole id. */
  whose: string | undefined;
  kind?: string | undefined;
  targetType?: string | undefined;
  key?: string | undefined;
  from?: string | undefined;
  /** The last day, included. */
  to?: string | undefined;
  before?: number | undefined;
  limit: number;
  /** Fields that are hidden from the reader. Only a reader with `define` sees entries about their definitions. */
  hidden: number[];
}

type Reader = Bound & Pick<Context, 'rights'> & { db: Db };

/** The entries of a space, the latest first. */
export async function findActivity(reader: Reader, wanted: Wanted): Promise<FoundRecord[]> {
  return entriesFor(reader, wanted)
    .selectAll('activity')
    .select([small('before'), small('after')])
    .select(['fields.key', 'fields.label', 'fields.deletedAt'])
    .select((of) => of.fn.coalesce('fields.targetType', 'purgedFields.targetType').as('fieldTargetType'))
    .select('targets.type as targetType')
    .execute();
}

/** How many of these entries can be read at once, by the size of their values. */
export async function countFitting(reader: Reader, wanted: Wanted): Promise<number> {
  const rows = await entriesFor(reader, wanted)
    .select(['activity.id', sizeOfChange.as('size')])
    .execute();
  return fitting(rows.map((row) => Number(row.size)));
}

/** How many entries each day has (UTC) that has any, the earliest first. */
export async function countDays(
  reader: Reader,
  wanted: Pick<Wanted, 'tenantId' | 'from' | 'hidden'>,
): Promise<{ day: string; entries: number }[]> {
  const day = sql<string>`substr(activity.at, 1, 10)`;
  return matching(reader, { whose: undefined, ...wanted })
    .select([day.as('day'), (of) => of.fn.countAll<number>().as('entries')])
    .groupBy(day)
    .orderBy('day')
    .execute();
}

const entriesFor = (reader: Reader, wanted: Wanted) =>
  matching(reader, wanted).orderBy('activity.id', 'desc').limit(wanted.limit);

function matching(reader: Reader, wanted: Omit<Wanted, 'limit'>) {
  const conditions = [
    metActivity(reader, wanted.tenantId),
    ...disclosed(reader, wanted.hidden),
    ...asked(reader, wanted),
  ];
  return reader.db
    .selectFrom('activity')
    .leftJoin('history', 'history.id', 'activity.historyId')
    .leftJoin('fields', 'fields.id', 'activity.fieldId')
    .leftJoin('purgedFields', 'purgedFields.id', 'activity.fieldId')
    .leftJoin('targets', 'targets.id', 'activity.targetId')
    .where(sql.join(conditions, sql` and `) as RawBuilder<SqlBool>);
}

/** Excludes entries that the reader may not see. */
function disclosed({ rights }: Reader, hidden: number[]): RawBuilder<unknown>[] {
  const defines = rights.includes('define');
  // For a field that an older version permanently deleted, nobody knows who it was hidden from.
  const known = sql`(activity.field_id is null or fields.id is not null or purged_fields.id is not null)`;
  const ofDefinitions = defines ? sql` or activity.kind = 'field'` : sql``;
  return [
    ...(defines ? [] : [known]),
    ...(hidden.length
      ? [sql`(activity.field_id is null or activity.field_id not in (${sql.join(hidden)})${ofDefinitions})`]
      : []),
  ];
}

/** The conditions of the reader's request. */
function asked({ db, rights }: Reader, wanted: Omit<Wanted, 'limit'>): RawBuilder<unknown>[] {
  const { actor, whose, kind, key, from, to, before, targetType } = wanted;
  return [
    actor && sql`(${containing(db, 'activity.actorName', actor)} or activity.actor_id = ${actor})`,
    whose && sql`activity.target_id in (${idsBearing(db, whose, rights.includes('read'))})`,
    kind && sql`activity.kind = ${kind}`,
    key && sql`fields.key = ${key}`,
    from && sql`activity.at >= ${from}`,
    to && sql`activity.at <= ${`${to}T23:59:59.999Z`}`,
    before !== undefined && sql`activity.id < ${before}`,
    targetType && sql`${targetType} in (targets.type, fields.target_type, purged_fields.target_type)`,
  ].filter((condition) => typeof condition === 'object');
}
