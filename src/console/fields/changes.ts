import type { Sent } from '#contract/endpoints';
import { blankField, type DataType, type FieldDefinition } from '#contract/field';
import { languages } from '#contract/target';

type Property = Exclude<
  keyof Sent<'setCustomFields'>['list'][number],
  'targetType' | 'tenantId' | 'create' | 'version' | 'clearI18n'
>;

/** What one may send of a field, in the order of the form. */
const properties = [
  'dataType',
  'label',
  'key',
  'i18n',
  'description',
  'options',
  'precision',
  'visibleInAdminConsole',
  'visibleInUserCenter',
  'userEditable',
  'isUnique',
] as const satisfies Property[];
export type Changeable = (typeof properties)[number];

/** The properties in which two definitions differ. */
export function changes(before: FieldDefinition, after: FieldDefinition): Changeable[] {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return properties.filter((name) => is.has(name) && JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)));
}

/** Identity and what changed: another administrator's edit of something else stays. */
export function patchOf(
  before: FieldDefinition,
  after: FieldDefinition,
  isNew: boolean,
  version: number,
): Sent<'setCustomFields'>['list'][number] {
  const is = new Map<string, unknown>(Object.entries(after));
  const changed = changes(before, after).filter((name) => name !== 'key');
  const emptied = languages.every(
    (language) => !after.i18n.label[language].enabled && !after.i18n.label[language].value,
  );
  return {
    targetType: after.targetType,
    key: after.key,
    create: isNew,
    ...(isNew ? { dataType: after.dataType } : { version }),
    ...Object.fromEntries(changed.map((name) => [name, is.get(name)])),
    ...(changed.includes('i18n') && emptied && { clearI18n: true }),
  };
}

/** The same field with another type: shared texts stay, what belongs to the old type goes. */
export function withDataType(values: FieldDefinition, next: DataType): FieldDefinition {
  const blank = blankField(next, values.targetType, values.key);
  const { label, description, userEditable, visibleInAdminConsole, visibleInUserCenter, i18n } = values;
  return { ...blank, label, description, userEditable, visibleInAdminConsole, visibleInUserCenter, i18n };
}

/** A key out of a name: `Hire date` becomes hire_date; a name without Latin letters gives the next free field_n. */
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
