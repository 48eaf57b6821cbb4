import type { Field } from '#contract/field';
import { isEditable } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import type { Reference } from '../kinds.ts';
import { parts } from './draft.ts';
import type { Clash } from './form.ts';
import { type FormValues, type Part, valuesOf } from './form.ts';
import { readTarget, replacedMeanwhile, saveTarget, type TargetData } from './targets.ts';

/** The state that the form started with or last received. */
export interface Base {
  values: FormValues;
  etag: string | null;
}

export type Outcome =
  /** Saved by this request. `merged`: the fields that others changed meanwhile. */
  | { merged: Field[]; requestId: string }
  /** Not saved because of conflicts. `moved`: the fields that only others changed. */
  | { clashes: Clash[]; moved: { part: Part; field: Field }[]; base: Base };

/**
 * Saves the changes onto the current state. Changes of other fields by others stay. If both changed the same field,
 * nothing is saved and the form asks. `seen` has the last known change of each masked value that is replaced.
 */
export async function save(
  reference: Reference,
  data: TargetData,
  { base, mine, seen, reason }: { base: Base; mine: FormValues; seen: Map<string, number>; reason: string },
): Promise<Outcome> {
  let { etag } = base;
  let moved: { part: Part; field: Field }[] = [];
  for (let tries = 1; ; tries += 1) {
    try {
      const { requestId } = await saveTarget(reference, data.entity, mine, { etag, reason });
      const merged = moved.filter(({ part, field }) => !(field.key in mine[part])).map(({ field }) => field);
      return { merged, requestId };
    } catch (error) {
      const isOlder = error instanceof ApiError && error.name === 'versionChanged';
      if (!isOlder || tries === 3) throw error;
    }
    const fresh = await readTarget(reference);
    const theirs = valuesOf({ ...data, ...fresh });
    etag = fresh.etag;
    moved = movedBetween(reference, data, base.values, theirs);
    const met = moved.filter(
      ({ part, field: { key } }) => key in mine[part] && mine[part][key] !== (theirs[part][key] ?? null),
    );
    const replaced = await replacedMeanwhile(reference, mine.custom, seen);
    for (const field of data.custom) if (replaced.has(field.key)) met.push({ part: 'custom', field });
    if (!met.length) continue;
    for (const [key, entry] of replaced) seen.set(key, entry);
    const clashes = met.map(({ part, field: { key } }) => ({
      path: `${part}.${key}`,
      base: base.values[part][key] ?? null,
      theirs: theirs[part][key] ?? null,
    }));
    return {
      clashes,
      moved: moved.filter(({ part, field }) => !(field.key in mine[part])),
      base: { values: theirs, etag },
    };
  }
}

/** The fields whose values changed, except those that the system maintains, such as the time of the last change. */
function movedBetween({ targetType }: Reference, data: TargetData, before: FormValues, now: FormValues) {
  return parts.flatMap((part) =>
    data[part]
      .filter(({ key }) => part === 'custom' || isEditable(targetType, key))
      .filter(({ key }) => (now[part][key] ?? null) !== (before[part][key] ?? null))
      .map((field) => ({ part, field })),
  );
}
