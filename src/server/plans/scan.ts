import type { Field } from '#contract/field';
import type { FieldPlan } from '#contract/plan';
import type { Value } from '#contract/value';
import type { Context, Data } from '../context.ts';
import { type Held, judgedPages, nameHolders } from '../fields/held.ts';
import type { StoredField } from '../stores/fields.ts';
import type { Bound } from '../tenancy.ts';

/** How many characters of values a plan shows. It counts the others. */
const largestSamples = 1_000_000;

/** Checks the stored values: which of them a write would refuse, and which would be converted. */
export async function scan(
  data: Data & Bound & Pick<Context, 'rights'>,
  { id, field }: StoredField,
  after: Field,
  { normalise, samples }: { normalise: boolean; samples: number },
): Promise<Pick<FieldPlan, 'broken' | 'rewritten'>> {
  const broken: (Held & { says: string })[] = [];
  const rewritten: (Held & { after: Value })[] = [];
  const counts = { broken: 0, rewritten: 0 };
  let room = largestSamples;
  const isShown = (list: unknown[], text: string) => {
    if (list.length >= samples || room < 0) return false;
    room -= text.length;
    return true;
  };
  const isRetired = (value: Value) =>
    'retiredOptions' in field && [...field.options, ...field.retiredOptions].some((option) => option.value === value);
  for await (const page of judgedPages(data, id, after)) {
    for (const { held, verdict } of page) {
      if (normalise && verdict.means !== undefined) {
        counts.rewritten += 1;
        if (isShown(rewritten, `${held.value}${verdict.means}`)) rewritten.push({ ...held, after: verdict.means });
      } else if (verdict.refused && !isRetired(held.value)) {
        counts.broken += 1;
        if (isShown(broken, `${held.value}`)) broken.push({ ...held, says: verdict.refused });
      }
    }
  }
  const names = await nameHolders(
    data,
    field.targetType,
    [...broken, ...rewritten].map(({ targetId }) => targetId),
  );
  const named = <T extends Held>({ targetId, ...rest }: T) => ({
    ...rest,
    holder: names.get(targetId) ?? { identifier: '', name: '' },
  });
  return {
    broken: { count: counts.broken, samples: broken.map(named) },
    rewritten: { count: counts.rewritten, samples: rewritten.map(named) },
  };
}
