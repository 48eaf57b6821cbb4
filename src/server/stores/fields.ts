import type { Insertable } from 'kysely';
import { type Field, type FieldDefinition, field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { noTranslations } from '#contract/translation';
import { nameIssue } from '#contract/wire/issue';
import { breather } from '../breather.ts';
import { lockFields } from '../database/locks.ts';
import { inSlices } from '../database/open.ts';
import type { BaseFieldRow, Db, FieldRow, Trx } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { type Bound, met } from '../tenancy.ts';
import { findOptions, type OptionRow, writeOptions } from './options.ts';
import { oncePerVersion } from './versions.ts';

/** A definition with the id that its values refer to. */
export interface StoredField {
  id: number;
  position: number;
  field: Field;
}

export type Row = Omit<FieldRow, 'id'> & { id: number };

const readOnce = oncePerVersion(({ field }: StoredField) =>
  'options' in field ? 1 + field.options.length + field.retiredOptions.length : 1,
);

/** The fields of a space outside the trash, in the administrators' order. */
export function findFields(db: Db, tenantId: string, targetType: TargetType): Promise<StoredField[]> {
  return readOnce(db, { tenantId, targetType }, async () => {
    const rows = await db
      .selectFrom('fields')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('targetType', '=', targetType)
      .where('deletedAt', 'is', null)
      .orderBy('position')
      .orderBy('id')
      .execute();
    return withOptions(db, rows);
  });
}

/** Like `findFields`, locked until the transaction ends: `share` to write values, `update` to change definitions. */
export async function findFieldsLocked(
  trx: Trx,
  tenantId: string,
  targetType: TargetType,
  strength: 'share' | 'update',
): Promise<StoredField[]> {
  await lockFields(trx, [targetType], strength);
  return findFields(trx, tenantId, targetType);
}

/** The unique fields of a type that aren't in the trash, in all namespaces. */
export async function findUniqueFields(db: Db, targetType: TargetType): Promise<StoredField[]> {
  const rows = await db
    .selectFrom('fields')
    .selectAll()
    .where('targetType', '=', targetType)
    .where('isUnique', '=', 1)
    .where('deletedAt', 'is', null)
    .orderBy('id')
    .execute();
  return withOptions(db, rows);
}

/** Fields by id, including those in the trash. */
export async function findAnyFields(
  db: Db,
  ids: number[],
): Promise<Map<number, StoredField & { deletedAt: string | null }>> {
  const rows = await inSlices([...new Set(ids)], (slice) =>
    db.selectFrom('fields').selectAll().where('id', 'in', slice).execute(),
  );
  const deletedAt = new Map(rows.map((row) => [row.id, row.deletedAt]));
  const stored = await withOptions(db, rows);
  return new Map(stored.map((one) => [one.id, { ...one, deletedAt: deletedAt.get(one.id) ?? null }]));
}

export async function findFieldById(db: Db, id: number) {
  return (await findAnyFields(db, [id])).get(id);
}

export async function insertField(
  trx: Trx,
  tenantId: string,
  position: number,
  definition: FieldDefinition,
): Promise<number> {
  const now = new Date().toISOString();
  const inserted = await trx
    .insertInto('fields')
    .values({
      ...toRow(definition),
      tenantId,
      position,
      version: 1,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
      sealedAt: definition.encrypted ? now : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeOptions(trx, inserted.id, definition);
  return inserted.id;
}

export async function updateField(trx: Trx, id: number, version: number, definition: FieldDefinition): Promise<void> {
  await trx
    .updateTable('fields')
    .set({ ...toRow(definition), version, updatedAt: new Date().toISOString() })
    .where('id', '=', id)
    .execute();
  await writeOptions(trx, id, definition);
}

/** Moves a field to the trash, or restores it (`deletedAt` is null). Its values stay. */
export async function trashField(trx: Trx, id: number, deletedAt: string | null): Promise<void> {
  await trx
    .updateTable('fields')
    .set({ deletedAt, updatedAt: new Date().toISOString() })
    .where('id', '=', id)
    .execute();
}

/** How many targets outside the trash have a value of each field of a space, by key. */
export async function countHolders(
  { db, ...bound }: Bound & { db: Db },
  tenantId: string,
  targetType: TargetType,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('fields')
    .innerJoin('fieldValues', 'fieldValues.fieldId', 'fields.id')
    .select(['fields.key', (count) => count.fn.countAll<number>().as('holders')])
    .where('fields.tenantId', '=', tenantId)
    .where('fields.targetType', '=', targetType)
    .where('fields.deletedAt', 'is', null)
    .where('fieldValues.targetId', 'in', (query) =>
      query
        .selectFrom(kinds[targetType].table)
        .select('id')
        .where('deletedAt', 'is', null)
        .where(met(bound, targetType)),
    )
    .groupBy('fields.key')
    .execute();
  return new Map(rows.map(({ key, holders }) => [key, holders]));
}

export async function countTargets({ db, ...bound }: Bound & { db: Db }, targetType: TargetType): Promise<number> {
  const found = await db
    .selectFrom(kinds[targetType].table)
    .select((count) => count.fn.countAll<number>().as('targets'))
    .where('deletedAt', 'is', null)
    .where(met(bound, targetType))
    .executeTakeFirstOrThrow();
  return found.targets;
}

export async function findBaseFieldRows(db: Db): Promise<Map<string, BaseFieldRow>> {
  const rows = await db.selectFrom('baseFields').selectAll().execute();
  return new Map(rows.map((row) => [row.key, row]));
}

export async function upsertBaseField(trx: Trx, row: BaseFieldRow): Promise<void> {
  const { key: _, ...changed } = row;
  await trx
    .insertInto('baseFields')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(changed))
    .execute();
}

/** Rows of fields with their options, in the shape of the contract. */
export async function withOptions(db: Db, rows: Row[]): Promise<StoredField[]> {
  const enums = rows.filter((row) => row.dataType === 'ENUM').map(({ id }) => id);
  const byField = await findOptions(db, enums);
  const breathe = breather();
  const fields: StoredField[] = [];
  for (const row of rows) {
    await breathe();
    fields.push({ id: row.id, position: row.position, field: fromRow(row, byField.get(row.id) ?? []) });
  }
  return fields;
}

function toRow(
  definition: FieldDefinition,
): Omit<
  Insertable<FieldRow>,
  'id' | 'tenantId' | 'position' | 'version' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'sealedAt'
> {
  return {
    targetType: definition.targetType,
    key: definition.key,
    dataType: definition.dataType,
    label: definition.label,
    description: definition.description,
    groupName: definition.group,
    isUnique: Number(definition.isUnique),
    encrypted: Number(definition.encrypted),
    desensitization: Number(definition.desensitization),
    mask: definition.mask,
    access: JSON.stringify(definition.access),
    userEditable: Number(definition.userEditable),
    visibleInAdminConsole: Number(definition.visibleInAdminConsole),
    visibleInUserCenter: Number(definition.visibleInUserCenter),
    precision: 'precision' in definition ? definition.precision : 'instant',
    validateRules: JSON.stringify(definition.validateRules),
    appIds: JSON.stringify(definition.appIds),
    i18n: JSON.stringify(definition.i18n),
  };
}

/** Parses with the contract, which gives the union type. */
function fromRow(row: Row, options: OptionRow[]): Field {
  const toOption = ({ value, label, i18n }: OptionRow) => ({ value, label, ...(i18n && { i18n: JSON.parse(i18n) }) });
  return field.parse(
    {
      ...row,
      isUnique: row.isUnique === 1,
      encrypted: row.encrypted === 1,
      desensitization: row.desensitization === 1,
      access: JSON.parse(row.access),
      userEditable: row.userEditable === 1,
      visibleInAdminConsole: row.visibleInAdminConsole === 1,
      visibleInUserCenter: row.visibleInUserCenter === 1,
      validateRules: JSON.parse(row.validateRules),
      appIds: JSON.parse(row.appIds),
      group: row.groupName,
      // Older rows only have translations of the label.
      i18n: { description: noTranslations(), group: noTranslations(), ...JSON.parse(row.i18n) },
      options: options.filter(({ retired }) => !retired).map(toOption),
      retiredOptions: options.filter(({ retired }) => retired).map(toOption),
    },
    { error: nameIssue },
  );
}
