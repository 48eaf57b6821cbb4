import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type FieldDefinition, type FieldOption, limits } from '#contract/field';
import type { TargetType } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { inSlices } from '../database/open.ts';
import type { Db, Schema, Trx } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { type Bound, met } from '../tenancy.ts';

/** Whether a stored value, in a column of JSON, is an inactive option of a field. */
export const isInactiveOption = (column: string, fieldId: number): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref(column)} like '"%' and plain(${sql.ref(column)}) in
    (select o.value from field_options o where o.field_id = ${fieldId} and o.retired = 1)`;

export type OptionRow = Schema['fieldOptions'];

/** The options of fields by field, in order. */
export async function findOptions(db: Db, fieldIds: number[]): Promise<Map<number, OptionRow[]>> {
  const options = await inSlices(fieldIds, (ids) =>
    db.selectFrom('fieldOptions').selectAll().where('fieldId', 'in', ids).orderBy('position').execute(),
  );
  const groups = new Map<number, OptionRow[]>();
  for (const option of options) {
    const group = groups.get(option.fieldId);
    if (group) group.push(option);
    else groups.set(option.fieldId, [option]);
  }
  return groups;
}

/** The options of a field that somebody whom the caller meets holds. */
export async function findOptionsMet(
  { db, ...bound }: Bound & { db: Db },
  { id, field: { targetType } }: { id: number; field: FieldDefinition },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('fieldValues')
    .select('value')
    .distinct()
    .where('fieldId', '=', id)
    .where('targetId', 'in', (query) =>
      query.selectFrom(kinds[targetType].table).select('id').where(met(bound, targetType)),
    )
    .execute();
  return new Set(rows.map(({ value }) => JSON.parse(value)));
}

/** Refuses more options than a space may have. Whoever reads a definition reads all of its space. */
export async function requireRoomForOptions(
  trx: Trx,
  { tenantId, targetType }: { tenantId: string; targetType: TargetType },
): Promise<void> {
  const { count } = await trx
    .selectFrom('fieldOptions')
    .innerJoin('fields', 'fields.id', 'fieldOptions.fieldId')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('fields.tenantId', '=', tenantId)
    .where('fields.targetType', '=', targetType)
    .where('fields.deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (count > limits.optionsOfSpace) throw new ApiError('tooManyOptions');
}

/** Writes only the options that changed. */
export async function writeOptions(trx: Trx, fieldId: number, definition: FieldDefinition): Promise<void> {
  if (!('options' in definition)) return;
  const row = (option: FieldOption, position: number, retired: 0 | 1): OptionRow => ({
    fieldId,
    value: option.value,
    label: option.label,
    i18n: option.i18n ? JSON.stringify(option.i18n) : null,
    position,
    retired,
  });
  const wanted = [
    ...definition.options.map((option, index) => row(option, index, 0)),
    ...definition.retiredOptions.map((option, index) => row(option, definition.options.length + index, 1)),
  ];
  const stored = await trx.selectFrom('fieldOptions').selectAll().where('fieldId', '=', fieldId).execute();
  const same = (a: OptionRow | undefined, b: OptionRow) =>
    a?.label === b.label && a.i18n === b.i18n && a.position === b.position && a.retired === b.retired;
  const storedByValue = new Map(stored.map((option) => [option.value, option]));
  const wantedByValue = new Map(wanted.map((option) => [option.value, option]));
  const gone = stored.filter((option) => !same(wantedByValue.get(option.value), option)).map((option) => option.value);
  const fresh = wanted.filter((option) => !same(storedByValue.get(option.value), option));
  await inSlices(gone, async (values) => {
    await trx.deleteFrom('fieldOptions').where('fieldId', '=', fieldId).where('value', 'in', values).execute();
    return [];
  });
  await inSlices(fresh, async (rows) => {
    await trx.insertInto('fieldOptions').values(rows).execute();
    return [];
  });
}
