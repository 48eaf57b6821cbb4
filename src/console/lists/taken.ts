import type { ApiError } from '#contract/wire/errors';

/**
 * The fields that somebody can't have again who comes out of the trash; undefined where something else is refused too, or the
 * code by which a role, group or department is known: those can't be left empty.
 */
export function takenOf(canLoseNames: boolean, { issues }: ApiError): string[] | undefined {
  const keys = issues.flatMap(({ name, path }) => {
    const key = path[1];
    const canBeEmpty = name === 'valueTaken' || (name === 'codeTaken' && canLoseNames);
    return canBeEmpty && typeof key === 'string' ? [key] : [];
  });
  return keys.length && keys.length === issues.length ? keys : undefined;
}
