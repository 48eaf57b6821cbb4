import type { Field } from '#contract/field';
import { loadPatternEngine } from '#contract/pattern';

/** Whoever meets a pattern needs the engine that judges it; everybody else is spared its weight. */
export async function withPatterns(fields: Field[]): Promise<Field[]> {
  if (fields.some(({ validateRules }) => validateRules.some(({ type }) => type === 'regExp')))
    await loadPatternEngine();
  return fields;
}
