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
import { openValues, storedSize } from '../stores/values.ts';
import { type Bound, met } from '../tenancy.ts';
import { judgeValues } from './judging.ts';
import type { Verdict } from './judging-worker.ts';

export interface Held {
  targetId: number;
  value: Value;
}

/** The largest page of values: so many rows, and so many bytes unless one value is larger. */
const largest = { rows: 4_000, bytes: 4_000_000 };

/** The values of a field, without targets in the trash, page by page, so that the main thread isn't blocked. */
export async function* heldPages(data: Data & Bound, fieldId: number, targetType: TargetType): AsyncGenerator<Held[]> {
  for (let after = 0; ; ) {
    const following = living(data, fieldId, targetType)
      .where('targetId', '>', after)
      .orderBy('targetId')
      .limit(largest.rows);
    const sizes = await following.select(['targetId', storedSize.as('size')]).execute();
    let [count, bytes] = [0, 0];
    for (const { size } of sizes) {
      bytes += size;
      if (count > 0 && bytes > largest.bytes) break;
      count += 1;
    }
    const last = sizes[count - 1];
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

/** The distinct values of a field, including targets in the trash. */
export async function findHeldValues(data: Data, { id, field }: StoredField): Promise<Set<Value>> {
  const query = data.db.selectFrom('fieldValues').where('fieldId', '=', id);
  if (field.encrypted) {
    const rows = await query.select(['fieldId', 'targetId', 'value']).execute();
    return new Set((await openValues(data, rows)).map((row) => row.value));
  }
  const rows = await query.select('value').distinct().execute();
  return new Set(rows.map((row) => value.parse(JSON.parse(row.value))));
}

/** How many targets outside the trash have each value, the most frequent first. */
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

/** The values that several targets outside the trash have, compared as `isUnique` does. */
export async function findDuplicates(
  data: Data & Bound,
  fieldId: number,
  targetType: TargetType,
): Promise<{ value: Value; holders: number }[]> {
  return (await countOpened(data, fieldId, targetType)).filter(({ holders }) => holders > 1);
}

async function countOpened(data: Data & Bound, fieldId: number, targetType: TargetType) {
  const seen = new Map<string, { value: Value; holders: number }>();
  for await (const page of heldPages(data, fieldId, targetType)) {
    for (const held of page) {
      const key = claimKey(held.value);
      const known = seen.get(key);
      if (known) known.holders += 1;
      else seen.set(key, { value: held.value, holders: 1 });
    }
  }
  return [...seen.values()].sort((a, b) => b.holders - a.holders);
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
