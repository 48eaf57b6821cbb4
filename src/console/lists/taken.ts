import type { ApiError } from '#contract/wire/errors';

/**
 * The fields that a restored target can't have again. Undefined if the server also refused something else, or the code
 * of a role, group or department, because these can't stay empty.
 */
export function takenOf(canLoseNames: boolean, { issues }: ApiError): string[] | undefined {
  const keys = issues.flatMap(({ name, path }) => {
    const key = path[1];
    const canBeEmpty = name === 'valueTaken' || (name === 'codeTaken' && canLoseNames);
    return canBeEmpty && typeof key === 'string' ? [key] : [];
  });
  return keys.length && keys.length === issues.length ? keys : undefined;
}
