import type { TargetType } from '#contract/target';

/** Other pages next to fields. A field with such a key has a tilde in its path, because no key starts with one. */
const pages = new Set(['new', 'built-in', 'translations', 'preview', 'files', 'trash']);

export const fieldPath = (targetType: TargetType, key: string): string =>
  `/fields/${targetType}/${pages.has(key) ? '~' : ''}${encodeURIComponent(key)}`;

export const keyOfPath = (segment: string | undefined): string | undefined => segment?.replace(/^~/, '');

/** The path of a target's page. */
export function holderPath(
  targetType: TargetType,
  { identifier, namespace }: { identifier: string; namespace?: string | undefined },
): string {
  const id = encodeURIComponent(identifier);
  const paths: Record<TargetType, string> = {
    USER: `/users/${id}`,
    ROLE: `/roles/${encodeURIComponent(namespace ?? 'default')}/${id}`,
    GROUP: `/groups/${id}`,
    DEPARTMENT: `/departments/${id}`,
  };
  return paths[targetType];
}
