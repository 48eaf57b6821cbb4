import { type Field, isProtected } from '#contract/field';
import type { Draft, Value } from '#contract/value';
import type { FormValues, Part } from './form.ts';
import type { TargetData } from './targets.ts';
import type { Clash } from './ValueField.tsx';

export const parts: Part[] = ['builtin', 'custom'];

type Restored = Clash & { part: Part; key: string; mine: Value | null };

/** What a draft puts back: fields that are there, and whose value isn't that by now. */
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

/** What was typed and isn't saved; null where there is nothing of that. */
export function draftOf(changed: { part: Part; field: Field }[], before: FormValues, values: FormValues): Draft | null {
  if (!changed.length) return null;
  const of = (wanted: Part) =>
    Object.fromEntries(
      changed
        // What is typed into a protected field is kept nowhere but in the form.
        .filter(({ part, field }) => part === wanted && !isProtected(field))
        .map(({ field: { key } }) => [key, { base: before[wanted][key] ?? null, mine: values[wanted][key] ?? null }]),
    );
  return { builtin: of('builtin'), custom: of('custom') };
}

/** The values of a form with what was typed before in place. */
export function withRestored(before: FormValues, restored: Restored[]): FormValues {
  const values = { builtin: { ...before.builtin }, custom: { ...before.custom } };
  for (const { part, key, mine } of restored) values[part][key] = mine;
  return values;
}
