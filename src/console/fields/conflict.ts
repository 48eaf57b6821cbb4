import type { FieldDefinition } from '#contract/field';
import type { Conflict } from '#contract/merge';

/** What tells a conflict from every other one of the same merge. */
export const nameOf = (conflict: Conflict): string => JSON.stringify(conflict);

/** The merged definition with mine in the place of theirs, at one conflict. */
export function takeSide(merged: FieldDefinition, side: FieldDefinition, conflict: Conflict): FieldDefinition {
  if (conflict.property === 'i18n') {
    const { text, part } = conflict;
    const texts = { ...merged.i18n[text], [part]: side.i18n[text][part] };
    return { ...merged, i18n: { ...merged.i18n, [text]: texts } };
  }
  if (conflict.property === 'options') {
    if (!('options' in merged) || !('options' in side)) return merged;
    const { part } = conflict;
    const own = side.options.find(({ value }) => value === part);
    const others = merged.options.filter(({ value }) => value !== part);
    const at = merged.options.findIndex(({ value }) => value === part);
    return { ...merged, options: own ? others.toSpliced(at < 0 ? others.length : at, 0, own) : others };
  }
  const { property } = conflict;
  const value = new Map<string, unknown>(Object.entries(side)).get(property);
  // One property of the same type of field in place of the other's.
  return { ...merged, [property]: value } as FieldDefinition;
}
