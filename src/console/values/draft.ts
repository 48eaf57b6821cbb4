import { type Field, isProtected } from '#contract/field';
import type { Draft, Value } from '#contract/value';
import type { Clash, FormValues, Part } from './form.ts';
import type { TargetData } from './targets.ts';

/** In the order of the form. */
export const parts: Part[] = ['custom', 'builtin'];

type Restored = Clash & { part: Part; key: string; mine: Value | null };

/** The part of a draft to restore: fields that exist and whose value is different now. */
export function restoredOf(draft: Draft, data: TargetData, before: FormValues): Restored[] {
  return parts.flatMap((part) =>
    data[part].flatMap(({ key }) => {
      const typed = draft[part][key];
      const theirs = before[part][key] ?? null;
      return typed && typed.mine !== theirs
        ? [{ path: `${part}.${key}`, part, key, base: typed.base, theirs, mine: typed.mine }]
        : [];
    }),
  );
}

/** The unsaved input. Null if there is none. */
export function draftOf(changed: { part: Part; field: Field }[], before: FormValues, values: FormValues): Draft | null {
  if (!changed.length) return null;
  const of = (wanted: Part) =>
    Object.fromEntries(
      changed
        // Input for a protected field stays in the form only.
        .filter(({ part, field }) => part === wanted && !isProtected(field))
        .map(({ field: { key } }) => [key, { base: before[wanted][key] ?? null, mine: values[wanted][key] ?? null }]),
    );
  return { builtin: of('builtin'), custom: of('custom') };
}

/** The values of a form with the restored draft. */
export function withRestored(before: FormValues, restored: Restored[]): FormValues {
  const values = { builtin: { ...before.builtin }, custom: { ...before.custom } };
  for (const { part, key, mine } of restored) values[part][key] = mine;
  return values;
}
