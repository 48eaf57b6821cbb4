import type { Sent } from '#contract/endpoints';
import { blankField, type DataType, type FieldDefinition } from '#contract/field';
import { changes, type Property } from '#contract/plan';

type Patch = Sent<'setCustomFields'>['list'][number];

/** A change of one text sends all of them, because empty texts alone count as not sent. */
const withTexts: Property[] = ['i18n', 'options', 'validateRules'];

/** The identity and the changes. Another administrator's edit of something else stays. */
export function patchOf(before: FieldDefinition, after: FieldDefinition, isNew: boolean, version: number): Patch {
  const is = new Map<string, unknown>(Object.entries(after));
  const changed = changes(before, after).filter((name) => name !== 'key');
  return {
    targetType: after.targetType,
    key: after.key,
    create: isNew,
    ...(isNew ? { dataType: after.dataType } : { version }),
    ...Object.fromEntries(changed.map((name) => [name, is.get(name)])),
    ...(!isNew && changed.some((name) => withTexts.includes(name)) && { i18n: after.i18n, clearI18n: true }),
  };
}

/** The same field with another type. Shared texts stay; properties of the old type go. */
export function withDataType(values: FieldDefinition, next: DataType): FieldDefinition {
  const blank = blankField(next, values.targetType, values.key);
  const { label, description, group, userEditable, visibleInAdminConsole, visibleInUserCenter, i18n } = values;
  const { encrypted, desensitization, mask, access } = values;
  const shared = { label, description, group, userEditable, visibleInAdminConsole, visibleInUserCenter, i18n };
  return { ...blank, ...shared, encrypted, desensitization, mask, access };
}

/** A key from a name: `Hire date` gives hire_date. A name without Latin letters gives the next free field_n. */
export function keyFrom(label: string, taken: string[]): string {
  const plain = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_\d]+|_+$/g, '')
    .slice(0, 48);
  const base = plain || 'field';
  const used = new Set(taken.map((key) => key.toLowerCase()));
  for (let count = plain ? 1 : 2; ; count += 1) {
    const key = count === 1 ? base : `${base}_${count}`;
    if (!used.has(key)) return key;
  }
}

/** The key of a copy: the same if it is free, else with the next free number. */
export function copyKey(key: string, taken: string[]): string {
  const used = new Set(taken.map((known) => known.toLowerCase()));
  if (!used.has(key.toLowerCase())) return key;
  for (let count = 2; ; count += 1) if (!used.has(`${key}_${count}`.toLowerCase())) return `${key}_${count}`;
}
