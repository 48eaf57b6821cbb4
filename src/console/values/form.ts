import type { Resolver, ResolverResult } from 'react-hook-form';
import { textOf } from '#contract/translation';
import { type Value, valueSchema } from '#contract/value';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import type { Language } from '#contract/wire/language';
import { loadPatternEngine } from '#contract/wire/pattern';
import type { Values } from '../kinds.ts';
import type { TargetData } from './targets.ts';

/** The values of the form. Keys have no dot, so they work as paths. */
export interface FormValues {
  builtin: Values;
  custom: Values;
}
export type Part = keyof FormValues;

/** A field that somebody else changed during the edit. */
export interface Clash {
  path: string;
  base: Value | null;
  theirs: Value | null;
}

/** The stored values of a target, as the form's initial values. */
export function valuesOf({ entity, builtin, custom, customData }: TargetData): FormValues {
  const read = (value: unknown): Value | null =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return {
    builtin: Object.fromEntries(builtin.map(({ key }) => [key, read(entity[key])])),
    custom: Object.fromEntries(custom.map(({ key }) => [key, read(customData[key])])),
  };
}

/**
 * Validates the changes with the contract's rules, but never a stored value. The pattern engine loads with the first
 * value that needs it.
 */
export function resolverFor({ custom }: TargetData, before: FormValues, language: Language): Resolver<FormValues> {
  return async (values): Promise<ResolverResult<FormValues>> => {
    const changed = custom.flatMap((field) => {
      const value = values.custom[field.key] ?? null;
      return value === null || value === before.custom[field.key] ? [] : [{ field, value }];
    });
    if (changed.some(({ field }) => field.validateRules.some(({ type }) => type === 'regExp'))) {
      await loadPatternEngine();
    }
    const issues = changed.flatMap(({ field, value }) => {
      const parsed = valueSchema(field).safeParse(value, { error: nameIssue });
      const [first] = parsed.success ? [] : issuesOf(parsed.error);
      if (!first) return [];
      const own = first.says && textOf(first.says.error, first.says.i18n?.error, language);
      const message = own ?? issue(first.name, first.limit);
      return [[field.key, { type: 'value', message }] as const];
    });
    if (!issues.length) return { values, errors: {} };
    return { values: {}, errors: { custom: Object.fromEntries(issues) } };
  };
}
