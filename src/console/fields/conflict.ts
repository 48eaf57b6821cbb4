import type { FieldDefinition, TextPart } from '#contract/field';
import type { Conflict } from '#contract/merge';
import type { Language } from '#contract/target';

export const nameOf = ({ property, part }: Conflict): string => `${property} ${part ?? ''}`;

/** The merged definition with mine in the place of theirs, at one conflict. */
export function takeSide(
  merged: FieldDefinition,
  side: FieldDefinition,
  { property, part }: Conflict,
): FieldDefinition {
  if (property === 'i18n') {
    const pick = (text: TextPart) =>
      Object.fromEntries(
        Object.entries(merged.i18n[text]).map(([language, unit]) => [
          language,
          language === part ? side.i18n[text][language as Language] : unit,
        ]),
      );
    return {
      ...merged,
      i18n: { label: pick('label'), description: pick('description'), group: pick('group') },
    } as FieldDefinition;
  }
  if (property === 'options') {
    if (!('options' in merged) || !('options' in side)) return merged;
    const own = side.options.find(({ value }) => value === part);
    const others = merged.options.filter(({ value }) => value !== part);
    const at = merged.options.findIndex(({ value }) => value === part);
    return { ...merged, options: own ? others.toSpliced(at < 0 ? others.length : at, 0, own) : others };
  }
  const value = new Map<string, unknown>(Object.entries(side)).get(property);
  // One property of the same type of field in place of the other's.
  return { ...merged, [property]: value } as FieldDefinition;
}
