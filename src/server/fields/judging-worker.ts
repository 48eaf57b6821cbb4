import { parentPort } from 'node:worker_threads';
import type { Field } from '#contract/field';
import { fits, normalised, type Value, valueSchema } from '#contract/value';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { loadPatternEngine } from '#contract/wire/pattern';

/** Validates stored values in its own thread, so that a pattern over a million texts blocks nobody. */
export interface JudgingJob {
  id: number;
  field: Field;
  values: Value[];
}
export interface Verdict {
  /** Why a write of this value would be refused today, as an issue's message. */
  refused?: string;
  /** Whether it has the field's type. */
  fits: boolean;
  /** The only value of the field's type that it can mean. */
  means?: Value;
}
export interface JudgingAnswer {
  id: number;
  /** The verdicts by index. A valid value has none. */
  verdicts: [number, Verdict][];
}

const loaded = loadPatternEngine();

parentPort?.on('message', async ({ id, field, values }: JudgingJob) => {
  await loaded;
  const schema = valueSchema(field);
  const verdicts = values.flatMap((value, index): [number, Verdict][] => {
    const parsed = schema.safeParse(value, { error: nameIssue });
    const isFit = fits(field, value);
    if (isFit && parsed.success) return [];
    const [first] = parsed.success ? [] : issuesOf(parsed.error);
    const refused = first ? issue(first.name, first.limit) : undefined;
    const means = isFit ? undefined : normalised(field, value);
    return [[index, { fits: isFit, ...(refused && { refused }), ...(means !== undefined && { means }) }]];
  });
  parentPort?.postMessage({ id, verdicts } satisfies JudgingAnswer);
});
