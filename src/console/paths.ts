import { defaultNamespace, type TargetType } from '#contract/target';
import { kinds } from './kinds.ts';

/** The pages beside a target type's fields; a field of such a key is reached behind a tilde, which no key begins with. */
const pages = new Set(['new', 'built-in', 'translations', 'preview', 'files', 'trash']);

export const fieldPath = (targetType: TargetType, key: string): string =>
  `/fields/${targetType}/${pages.has(key) ? '~' : ''}${encodeURIComponent(key)}`;

export const keyOfPath = (segment: string | undefined): string | undefined => segment?.replace(/^~/, '');

/** Where a target's own page is. */
export function holderPath(
  targetType: TargetType,
  { identifier, namespace }: { identifier: string; namespace?: string | undefined },
): string {
  const { page, isNamespaced } = kinds[targetType];
  const above = isNamespaced ? `${page}/${encodeURIComponent(namespace ?? defaultNamespace)}` : page;
  return `${above}/${encodeURIComponent(identifier)}`;
}
