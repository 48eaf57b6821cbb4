import { type SqlBool, sql } from 'kysely';
import type { Field } from '#contract/field';
import type { Holder } from '#contract/plan';
import type { TargetType } from '#contract/target';
import { type Value, value } from '#contract/value';
import type { Data } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import type { Teller } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { claimKey } from '../stores/claims.ts';
import type { StoredField } from '../stores/fields.ts';
import { findColumn, fitting, openValues, sizesOf, storedSize } from '../stores/values.ts';
import { type Bound, met } from '../tenancy.ts';
import { judgeValues } from './judging.ts';
import type { Verdict } from './judging-worker.ts';

export interface Held {
  targetId: number;
  value: Value;
}

/** The most values of a page. */
const largestPage = 4_000;

/** The values of a field, without targets in the trash, page by page, so that the main thread isn't blocked. */
export async function* heldPages(data: Data & Bound, fieldId: number, targetType: TargetType): AsyncGenerator<Held[]> {
  for (let after = 0; ; ) {
    const following = living(data, fieldId, targetType)
      .where('targetId', '>', after)
      .orderBy('targetId')
      .limit(largestPage);
    const sizes = await following.select(['targetId', storedSize.as('size')]).execute();
    const last = sizes[fitting(sizes.map(({ size }) => size)) - 1];
    if (!last) return;
    const rows = following.select(['fieldId', 'targetId', 'value']).where('targetId', '<=', last.targetId);
    yield await openValues(data, await rows.execute());
    after = last.targetId;
  }
}

/** The values for which a definition has a verdict, with the verdict. */
export async function* judgedPages(
  data: Data & Bound,
  fieldId: number,
  field: Field,
): AsyncGenerator<{ held: Held; verdict: Verdict }[]> {
  for await (const page of heldPages(data, fieldId, field.targetType)) {
    const verdicts = await judgeValues(
      field,
      page.map((held) => held.value),
    );
    yield verdicts.flatMap(([index, verdict]) => {
      const held = page[index];
      return held ? [{ held, verdict }] : [];
    });
  }
}

export async function countHoldersOf(
  caller: Bound & { db: Db },
  fieldId: number,
  targetType: TargetType,
): Promise<number> {
  const { holders } = await living(caller, fieldId, targetType)
    .select((count) => count.fn.countAll<number>().as('holders'))
    .executeTakeFirstOrThrow();
  return holders;
}

/** The distinct values of a field that isn't encrypted, including targets in the trash. */
export async function findHeldValues({ db }: { db: Db }, fieldId: number): Promise<Set<Value>> {
  const rows = await db.selectFrom('fieldValues').select('value').distinct().where('fieldId', '=', fieldId).execute();
  return new Set(rows.map((row) => value.parse(JSON.parse(row.value))));
}

/** How many targets outside the trash have each option, or each of the `limit` most frequent values. */
export async function countByValue(
  data: Data & Bound,
  { id, field }: StoredField,
  limit = 50_000,
): Promise<{ value: Value; holders: number }[]> {
  // Equal values have different ciphertexts, so they are decrypted and compared.
  if (field.encrypted) return (await countOpened(data, id, field.targetType)).slice(0, limit);
  const rows = await living(data, id, field.targetType)
    .select(['value', (count) => count.fn.countAll<number>().as('holders')])
    .groupBy('value')
    .orderBy('holders', 'desc')
    .orderBy('value')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ value: value.parse(JSON.parse(row.value)), holders: row.holders }));
}

async function countOpened(data: Data & Bound, fieldId: number, targetType: TargetType) {
  const holders = new Map<Value, number>();
  for await (const page of heldPages(data, fieldId, targetType))
    for (const held of page) holders.set(held.value, (holders.get(held.value) ?? 0) + 1);
  return [...holders].map(([one, count]) => ({ value: one, holders: count })).sort((a, b) => b.holders - a.holders);
}

/**
 * The values that several targets outside the trash have, compared as `isUnique` does: how many there are, and the most
 * frequent ones. The memory has only digests of the others.
 */
export async function findDuplicates(
  data: Data & Bound,
  fieldId: number,
  targetType: TargetType,
  limit: number,
): Promise<{ count: number; samples: { value: Value; holders: number }[] }> {
  const byKey = new Map<string, number[]>();
  for await (const page of heldPages(data, fieldId, targetType)) {
    for (const held of page) {
      const key = claimKey(held.value);
      const targetIds = byKey.get(key);
      if (targetIds) targetIds.push(held.targetId);
      else byKey.set(key, [held.targetId]);
    }
  }
  const groups = [...byKey.values()].filter(({ length }) => length > 1).sort((a, b) => b.length - a.length);
  const firsts = groups.slice(0, limit).flatMap(([first]) => first ?? []);
  const shown = firsts.slice(0, fitting(await sizesOf(data.db, [fieldId], firsts)));
  const values = await findColumn(data, fieldId, shown);
  const samples = shown.flatMap((id, at) => {
    const [one, holders] = [values.get(id), groups[at]?.length];
    return one === undefined || holders === undefined ? [] : [{ value: one, holders }];
  });
  return { count: groups.length, samples };
}

/** How people call targets, and how links do, by internal id; those that the caller meets. */
export async function nameHolders(
  caller: Bound & Teller,
  targetType: TargetType,
  ids: number[],
): Promise<Map<number, Holder>> {
  const { table, holders } = kinds[targetType];
  const id = sql.ref(`${table}.id`);
  const named = await inSlices(ids, (slice) =>
    holders(caller, sql<SqlBool>`${id} in (${sql.join(slice)}) and ${met(caller, targetType)}`),
  );
  return new Map(named.map(({ id, ...holder }) => [id, holder]));
}

/** The values of a field that targets outside the trash hold, of those that the caller meets. */
export function living({ db, ...bound }: Bound & { db: Db }, fieldId: number, targetType: TargetType) {
  return db
    .selectFrom('fieldValues')
    .where('fieldId', '=', fieldId)
    .where('targetId', 'in', (query) =>
      query
        .selectFrom(kinds[targetType].table)
        .select('id')
        .where('deletedAt', 'is', null)
        .where(met(bound, targetType)),
    );
}
