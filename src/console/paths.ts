import { type ListFilter, writeFilter } from '#contract/list';
import type { Property } from '#contract/plan';
import { defaultNamespace, type TargetType } from '#contract/target';
import { kinds } from './kinds.ts';

/** Other pages next to fields. A field with such a key has a tilde in its path, because no key starts with one. */
const pages = new Set(['new', 'built-in', 'translations', 'preview', 'files', 'trash']);

/** The tabs of a field, in their order. A field opens on its name: every field has one, and it is changed most often. */
export const fieldTabs = ['name', 'options', 'visibility', 'rules', 'protection'] as const;
export type FieldTab = (typeof fieldTabs)[number];

/** The tab in which a property of a field is changed. */
export const tabOf: Readonly<Record<Property | 'retiredOptions', FieldTab>> = {
  dataType: 'name',
  label: 'name',
  key: 'name',
  i18n: 'name',
  description: 'name',
  group: 'name',
  appIds: 'name',
  options: 'options',
  retiredOptions: 'options',
  visibleInAdminConsole: 'visibility',
  visibleInUserCenter: 'visibility',
  userEditable: 'visibility',
  precision: 'rules',
  isUnique: 'rules',
  validateRules: 'rules',
  encrypted: 'protection',
  desensitization: 'protection',
  mask: 'protection',
  access: 'protection',
};

/** The first tab with one of these properties. */
export const firstTabOf = (properties: string[]): FieldTab | undefined =>
  fieldTabs.find((tab) => properties.some((name) => tabOf[name as Property] === tab));

/** The path of a tab below that of its field. The first one has none of its own. */
const below = (tab: FieldTab) => (tab === fieldTabs[0] ? '' : `/${tab}`);

export const fieldPath = (targetType: TargetType, key: string, tab: FieldTab = 'name'): string =>
  `/fields/${targetType}/${pages.has(key) ? '~' : ''}${encodeURIComponent(key)}${below(tab)}`;

export const builtinPath = (key: string, tab: FieldTab = 'name'): string =>
  `/fields/USER/built-in/${encodeURIComponent(key)}${below(tab)}`;

export const keyOfPath = (segment: string | undefined): string | undefined => segment?.replace(/^~/, '');

/** The list of the targets of a field, with a column of it. */
export function columnPath(targetType: TargetType, key: string): string {
  const { page, columns } = kinds[targetType];
  return `${page}?${new URLSearchParams({ columns: [...columns, key].join(',') })}`;
}

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
