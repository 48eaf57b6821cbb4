import { type ListFilter, writeFilter } from '#contract/list';
import { defaultNamespace, type TargetType } from '#contract/target';
import { kinds } from './kinds.ts';

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
  const { page, isNamespaced } = kinds[targetType];
  const above = isNamespaced ? `${page}/${encodeURIComponent(namespace ?? defaultNamespace)}` : page;
  return `${above}/${encodeURIComponent(identifier)}`;
}

/** The list of the targets that fit a filter. */
export const listPath = (targetType: TargetType, filter: ListFilter): string =>
  `${kinds[targetType].page}?filter=${encodeURIComponent(writeFilter(filter))}`;
