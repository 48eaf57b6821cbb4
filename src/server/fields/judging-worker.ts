import { parentPort } from 'node:worker_threads';
import type { Field } from '#contract/field';
import { fits, normalised, type Value, valueSchema } from '#contract/value';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { loadPatternEngine } from '#contract/wire/pattern';

/** Judges stored values by a definition, in a thread of its own: a pattern over a million texts holds nobody up. */
export interface JudgingJob {
  id: number;
  field: Field;
  values: Value[];
}
export interface Verdict {
  /** Why nobody could write it today, as an issue's message. */
  refused?: string;
  /** Whether it is of the field's type. */
  fits: boolean;
  /** What a value of another type can only mean. */
  means?: Value;
}
export interface JudgingAnswer {
  id: number;
  /** Of those that aren't simply right, by their place. */
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
