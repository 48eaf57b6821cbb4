import type { FieldDefinition, FieldOption, TextPart } from './field.ts';
import { changes, type Property } from './plan.ts';
import type { Translations } from './translation.ts';
import { type Language, languages } from './wire/language.ts';

/** The place where two changes conflict: a property, an option by its value, or one text in one language. */
export type Conflict =
  | { property: Exclude<Property, 'i18n' | 'options'> }
  | { property: 'options'; part: string }
  | { property: 'i18n'; part: Language; text: TextPart };

/**
 * Three-way merge of a definition: a change that only one side made is taken. Each language merges on its own, and so
 * does each option (by value). If both sides changed the same part, the result has `theirs` and `conflicts` names the
 * place.
 */
export function mergeDefinitions(
  base: FieldDefinition,
  mine: FieldDefinition,
  theirs: FieldDefinition,
): { merged: FieldDefinition; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const merged: Record<string, unknown> = { ...theirs };
  const [from, my, their] = [base, mine, theirs].map((side) => new Map<string, unknown>(Object.entries(side)));
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  for (const property of changes(base, mine)) {
    if (property === 'i18n') {
      merged.i18n = {
        label: mergeLanguages('label'),
        description: mergeLanguages('description'),
        group: mergeLanguages('group'),
      };
    } else if (property === 'options') {
      merged.options = mergeOptions(optionsOf(base), optionsOf(mine), optionsOf(theirs), (part) =>
        conflicts.push({ property, part }),
      );
    } else if (same(their?.get(property), from?.get(property)) || same(their?.get(property), my?.get(property))) {
      merged[property] = my?.get(property);
    } else conflicts.push({ property });
  }
  // The parts come from three complete definitions of one type.
  return { merged: merged as FieldDefinition, conflicts };

  function mergeLanguages(text: TextPart): Translations {
    const texts = { ...theirs.i18n[text] };
    for (const language of languages) {
      const [was, mineIs, theirsIs] = [base, mine, theirs].map((side) => side.i18n[text][language]);
      if (!mineIs || same(was, mineIs)) continue;
      if (same(was, theirsIs) || same(mineIs, theirsIs)) texts[language] = mineIs;
      else conflicts.push({ property: 'i18n', part: language, text });
    }
    return texts;
  }

  function mergeOptions(
    was: FieldOption[],
    mineAre: FieldOption[],
    theirsAre: FieldOption[],
    clash: (value: string) => void,
  ): FieldOption[] {
    const [old, my, their] = [was, mineAre, theirsAre].map((list) => new Map(list.map((one) => [one.value, one])));
    const choose = (value: string): FieldOption | undefined => {
      const [o, m, t] = [old?.get(value), my?.get(value), their?.get(value)];
      if (same(m, o)) return t;
      if (same(t, o) || same(t, m)) return m;
      clash(value);
      return t ?? m;
    };
    // The order is mine if I moved options that all three sides have, else theirs. Options that the other side added
    // stay behind the option that they followed there.
    const common = (list: FieldOption[]) =>
      list.filter(({ value }) => old?.has(value) && my?.has(value) && their?.has(value));
    const moved = !same(
      common(mineAre).map(({ value }) => value),
      common(was).map(({ value }) => value),
    );
    const [first, second] = moved ? [mineAre, theirsAre] : [theirsAre, mineAre];
    const order = first.map(({ value }) => value);
    const placed = new Set(order);
    for (const [index, { value }] of second.entries()) {
      if (placed.has(value)) continue;
      const before = second.slice(0, index).findLast((one) => placed.has(one.value));
      order.splice(before ? order.indexOf(before.value) + 1 : 0, 0, value);
      placed.add(value);
    }
    return order.flatMap((value) => choose(value) ?? []);
  }
}

/** A definition that takes one side of a conflict. */
export function takeSide(field: FieldDefinition, side: FieldDefinition, conflict: Conflict): FieldDefinition {
  if (conflict.property === 'i18n') {
    const { text, part } = conflict;
    const texts = { ...field.i18n[text], [part]: side.i18n[text][part] };
    return { ...field, i18n: { ...field.i18n, [text]: texts } };
  }
  if (conflict.property === 'options') {
    if (!('options' in field) || !('options' in side)) return field;
    const { part } = conflict;
    const own = side.options.find(({ value }) => value === part);
    const others = field.options.filter(({ value }) => value !== part);
    const at = field.options.findIndex(({ value }) => value === part);
    return { ...field, options: own ? others.toSpliced(at < 0 ? others.length : at, 0, own) : others };
  }
  const { property } = conflict;
  const value = new Map<string, unknown>(Object.entries(side)).get(property);
  // The property comes from a field of the same type.
  return { ...field, [property]: value } as FieldDefinition;
}

const optionsOf = (field: FieldDefinition): FieldOption[] => ('options' in field ? field.options : []);
