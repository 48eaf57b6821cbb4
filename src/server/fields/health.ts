import { sql } from 'kysely';
import type { Field } from '#contract/field';
import type { FieldHealth } from '#contract/health';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { fold } from '#contract/wire/fold';
import { definitionOf, disclosesHolders, disclosesValues, see, type Viewer } from '../access/seen.ts';
import type { Data } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { countTargets, type StoredField } from '../stores/fields.ts';
import type { Bound } from '../tenancy.ts';
import { countByValue, countHoldersOf, judgedPages, living } from './held.ts';

const steps = 12;
const shown = 20;

/** The data quality of a field. The database or a worker thread does the counting. */
export async function healthOf(
  context: Data & Viewer,
  place: { targetType: TargetType; key: string; tenantId: string },
): Promise<FieldHealth> {
  const { targetType } = place;
  const stored = await definitionOf(context, place);
  const { id, field } = stored;
  const seen = see(context, stored);
  const isDisclosed = disclosesValues(seen) && !field.encrypted;
  if (!isDisclosed) {
    const [targets, holders] = await Promise.all([
      countTargets(context, targetType),
      disclosesHolders(seen) ? countHoldersOf(context, id, targetType) : null,
    ]);
    return { targets, holders, isProtected: true, ...undisclosed };
  }
  const isMeasure = field.dataType === 'NUMBER' || field.dataType === 'DATETIME';
  const [targets, holders, facts, byValue, histogram] = await Promise.all([
    countTargets(context, targetType),
    countHoldersOf(context, id, targetType),
    factsOf(context, id, targetType),
    isMeasure ? [] : countByValue(context, stored, 'options' in field ? 50_000 : shown),
    isMeasure ? histogramOf(context, stored) : null,
  ]);
  const misfits = await misfitsOf(context, stored);
  return {
    targets,
    holders,
    isProtected: false,
    ...facts,
    bars: byValue.slice(0, shown).map(({ value, holders: count }) => ({ value, count, ...labelled(field, value) })),
    histogram,
    nearDuplicates: nearDuplicatesOf(field, new Map(byValue.map((row) => [row.value, row.holders]))),
    ...misfits,
  };
}

const undisclosed = {
  distinct: 0,
  lastWrite: null,
  bars: [],
  histogram: null,
  nearDuplicates: [],
  misfits: { count: 0, normalisable: 0, samples: [] },
  breaches: 0,
} satisfies Partial<FieldHealth>;

function labelled(field: Field, value: Value): { label?: string } {
  if (!('options' in field)) return {};
  const option = [...field.options, ...field.retiredOptions].find((known) => known.value === value);
  return option ? { label: option.label } : {};
}

async function factsOf(caller: Bound & { db: Db }, id: number, targetType: TargetType) {
  const { distinct, lastWrite } = await living(caller, id, targetType)
    .select((count) => [
      count.fn.count<number>('value').distinct().as('distinct'),
      count.fn.max('updatedAt').as('lastWrite'),
    ])
    .executeTakeFirstOrThrow();
  return { distinct, lastWrite };
}

/** Numbers and instants in equal steps between the minimum and the maximum. */
async function histogramOf(caller: Bound & { db: Db }, { id, field }: StoredField): Promise<FieldHealth['histogram']> {
  const numbers = () => living(caller, id, field.targetType).where('number', 'is not', null);
  const { least, greatest } = await numbers()
    .select((of) => [of.fn.min('number').as('least'), of.fn.max('number').as('greatest')])
    .executeTakeFirstOrThrow();
  if (least === null || greatest === null) return [];
  const [from, to] = [Number(least), Number(greatest)];
  // For the widest numbers the difference overflows, so the calculation uses halves.
  const scale = Number.isFinite(to - from) ? 1 : 2;
  const width = (to / scale - from / scale) / steps || 1;
  const half = sql`case when abs(number) < 1 then 0 else number / 2 end`;
  const offset = sql`(${scale === 1 ? sql`number` : half} - ${sql.lit(from / scale)})`;
  // PostgreSQL refuses a quotient that underflows.
  const step = sql<number>`cast(case when ${offset} < ${sql.lit(width)} then 0 else floor(${offset} / ${sql.lit(width)}) end as integer)`;
  const rows = await numbers()
    .select((of) => [step.as('step'), of.fn.countAll<number>().as('count')])
    .groupBy(step)
    .execute();
  const counts = Array.from({ length: from === to ? 1 : steps }, () => 0);
  // The maximum belongs to the last step.
  for (const { step: at, count } of rows) {
    const index = Math.min(Number(at), counts.length - 1);
    counts[index] = (counts[index] ?? 0) + count;
  }
  const edge = (index: number) => Math.min((from / scale + index * width) * scale, Number.MAX_VALUE);
  return counts.map((count, index) => ({ from: edge(index), to: edge(index + 1), count }));
}

/** Options that look the same to people: they differ only in case, width, spaces and punctuation. */
function nearDuplicatesOf(field: Field, holders: Map<Value, number>): FieldHealth['nearDuplicates'] {
  if (!('options' in field)) return [];
  const groups = new Map<string, FieldHealth['nearDuplicates'][number]>();
  for (const { value, label } of field.options) {
    const plain = fold(label).replace(/[\s\p{P}]+/gu, '');
    const option = { value, label, holders: holders.get(value) ?? 0 };
    const group = groups.get(plain || label);
    if (group) group.push(option);
    else groups.set(plain || label, [option]);
  }
  return [...groups.values()].filter((group) => group.length > 1).slice(0, 100);
}

/** Values of another type, the values that they can only mean, and values that a rule would refuse. */
export async function misfitsOf(
  data: Data & Bound,
  { id, field }: StoredField,
): Promise<Pick<FieldHealth, 'misfits' | 'breaches'>> {
  const misfits: FieldHealth['misfits'] = { count: 0, normalisable: 0, samples: [] };
  let breaches = 0;
  const retired = new Set<Value>('retiredOptions' in field ? field.retiredOptions.map(({ value }) => value) : []);
  for await (const page of judgedPages(data, id, field)) {
    for (const { held, verdict } of page) {
      if (retired.has(held.value)) continue;
      if (verdict.fits) {
        if (verdict.refused) breaches += 1;
        continue;
      }
      misfits.count += 1;
      if (verdict.means !== undefined) misfits.normalisable += 1;
      if (misfits.samples.length < 10) {
        const { means } = verdict;
        misfits.samples.push({ value: held.value, ...(means !== undefined && { means }) });
      }
    }
  }
  return { misfits, breaches };
}
