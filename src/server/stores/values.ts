import { sql } from 'kysely';
import type { TargetType } from '#contract/target';
import { type Value, value } from '#contract/value';
import type { Data } from '../context.ts';
import { inSlices } from '../database/open.ts';
import type { Db, Trx, ValueRow } from '../database/schema.ts';
import type { Change } from '../record/history.ts';
import type { StoredField } from './fields.ts';

const sortLength = 64;

/** The plus keeps SQLite from looking up each field of each target. */
const ofFields = sql<number>`+field_id`;

const cells = (db: Db) => db.selectFrom('fieldValues').select(['fieldId', 'targetId', 'value']);

/** The values of targets as plain text, by target and key, in field order. access/seen.ts makes the answers. */
export async function findHeld(
  data: Data,
  fields: StoredField[],
  targetIds: number[],
): Promise<Map<number, Record<string, Value>>> {
  const wanted = fields.map(({ id }) => id);
  const byTarget = new Map<number, Map<number, Value>>(targetIds.map((id) => [id, new Map()]));
  const rows = await inSlices(wanted.length ? targetIds : [], (ids) =>
    cells(data.db).where('targetId', 'in', ids).where(ofFields, 'in', wanted).execute(),
  );
  for (const { fieldId, targetId, value: held } of await openValues(data, rows))
    byTarget.get(targetId)?.set(fieldId, held);
  const ordered = (held: Map<number, Value>) =>
    Object.fromEntries(
      fields.flatMap(({ id, field }) => {
        const found = held.get(id);
        return found === undefined ? [] : [[field.key, found]];
      }),
    );
  return new Map([...byTarget].map(([id, held]) => [id, ordered(held)]));
}

/** The size of a stored value in bytes, which both databases know without reading it. */
export const storedSize = sql<number>`octet_length(value)`;

/** How many bytes of stored values are read at once, unless one target has more. */
const portion = 4_000_000;

/** How many of the first values can be read at once, by their sizes in bytes. At least one, if there is any. */
export function fitting(sizes: number[]): number {
  if (!sizes.length) return 0;
  let bytes = 0;
  const over = sizes.findIndex((size) => {
    bytes += size;
    return bytes > portion;
  });
  return over < 0 ? sizes.length : Math.max(over, 1);
}

/** The size of the values of each of these targets, in bytes as they are stored, in the same order. */
export async function sizesOf(db: Db, fieldIds: number[], targetIds: number[]): Promise<number[]> {
  const rows = await inSlices(fieldIds.length ? targetIds : [], (ids) =>
    db
      .selectFrom('fieldValues')
      .select(['targetId', (of) => of.fn.sum<number>(storedSize).as('size')])
      .where('targetId', 'in', ids)
      .where(ofFields, 'in', fieldIds)
      .groupBy('targetId')
      .execute(),
  );
  const sizes = new Map(rows.map(({ targetId, size }) => [targetId, Number(size)]));
  return targetIds.map((id) => sizes.get(id) ?? 0);
}

/** The values of one target by field, of these fields. */
export async function findRows(data: Data, targetId: number, fieldIds: number[]): Promise<Map<number, Value>> {
  const rows = await inSlices(fieldIds, (ids) =>
    cells(data.db).where('targetId', '=', targetId).where('fieldId', 'in', ids).execute(),
  );
  return new Map((await openValues(data, rows)).map(({ fieldId, value: held }) => [fieldId, held]));
}

/** The values of one field by target, of these targets. */
export async function findColumn(data: Data, fieldId: number, targetIds: number[]): Promise<Map<number, Value>> {
  const rows = await inSlices(targetIds, (ids) =>
    cells(data.db).where('fieldId', '=', fieldId).where('targetId', 'in', ids).execute(),
  );
  return new Map((await openValues(data, rows)).map(({ targetId, value: held }) => [targetId, held]));
}

/** Stored rows with decrypted values. Rows whose key was destroyed are left out. */
export async function openValues<R extends { fieldId: number; targetId: number; value: string }>(
  { db, vault }: Data,
  rows: R[],
): Promise<(Omit<R, 'value'> & { value: Value })[]> {
  const texts = await vault.open(
    db,
    rows.map(({ fieldId, targetId, value: text }) => ({ fieldId, targetId, text })),
  );
  return rows.flatMap((row, at) => {
    const json = texts[at];
    return json ? [{ ...row, value: value.parse(JSON.parse(json)) }] : [];
  });
}

/** A value to store. */
export interface Entry {
  stored: StoredField;
  targetId: number;
  value: Value;
}

export async function upsertValues(data: Data<Trx>, entries: Entry[]): Promise<void> {
  const updatedAt = new Date().toISOString();
  await inSlices(entries, async (slice) => {
    const rows = await rowsOf(data, slice);
    await data.db
      .insertInto('fieldValues')
      .values(rows.map((row) => ({ ...row, updatedAt })))
      .onConflict((conflict) =>
        conflict.columns(['fieldId', 'targetId']).doUpdateSet(({ ref }) => ({
          value: ref('excluded.value'),
          sortKey: ref('excluded.sortKey'),
          number: ref('excluded.number'),
          hash: ref('excluded.hash'),
          updatedAt: ref('excluded.updatedAt'),
        })),
      )
      .execute();
    return [];
  });
}

/** The history rows of changed values, encrypted if the field is. */
export async function changesOf(
  { db, vault }: Data<Trx>,
  list: { stored: StoredField; targetId: number; before: Value | null; after: Value | null }[],
): Promise<Change[]> {
  const sealed = list.flatMap(({ stored, targetId, before, after }, at) =>
    stored.field.encrypted
      ? [before, after].flatMap((one, side) =>
          one === null
            ? []
            : [{ at, side, fieldId: stored.id, targetId, text: JSON.stringify(one), room: roomOf(stored) }],
        )
      : [],
  );
  const texts = sealed.length ? await vault.seal(db, sealed) : [];
  const sealedAt = new Map(sealed.map(({ at, side }, index) => [`${at} ${side}`, texts[index] ?? null]));
  const json = (one: Value | null) => (one === null ? null : JSON.stringify(one));
  return list.map(({ stored, targetId, before, after }, at) => ({
    kind: 'value',
    fieldId: stored.id,
    targetId,
    before: sealedAt.get(`${at} 0`) ?? json(before),
    after: sealedAt.get(`${at} 1`) ?? json(after),
    digested: { before: json(before), after: json(after) },
  }));
}

export async function deleteValues(trx: Trx, targetId: number, fieldIds: number[]): Promise<void> {
  if (!fieldIds.length) return;
  await trx.deleteFrom('fieldValues').where('targetId', '=', targetId).where('fieldId', 'in', fieldIds).execute();
}

/** Clears one field of many targets. */
export async function clearField(trx: Trx, fieldId: number, targetIds: number[]): Promise<void> {
  await inSlices(targetIds, async (ids) => {
    await trx.deleteFrom('fieldValues').where('fieldId', '=', fieldId).where('targetId', 'in', ids).execute();
    return [];
  });
}

/** The start of a text that the index stores. */
export const sortKeyOf = (text: string) => [...text.slice(0, 2 * sortLength)].slice(0, sortLength).join('');

const utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Values in stored form. Encrypted ones have nothing that an index could disclose except a keyed hash. */
export async function rowsOf({ db, vault }: Data<Trx>, entries: Entry[]): Promise<Omit<ValueRow, 'updatedAt'>[]> {
  const secret = entries.filter(({ stored }) => stored.field.encrypted);
  const cells = secret.map(({ stored, targetId, value: one }) => ({
    fieldId: stored.id,
    targetId,
    text: JSON.stringify(one),
    room: roomOf(stored),
  }));
  const texts = secret.length ? await vault.seal(db, cells) : [];
  const hashes = await Promise.all(secret.map(({ stored, value: one }) => hashesOf({ db, vault }, stored, one)));
  const sealed = new Map(secret.map((entry, at) => [entry, { text: texts[at] ?? '', hash: hashes[at]?.[0] ?? null }]));
  return entries.map((entry) => {
    const { stored, targetId } = entry;
    const own = sealed.get(entry);
    const place = { fieldId: stored.id, targetId };
    return own
      ? { ...place, value: own.text, sortKey: null, number: null, hash: own.hash }
      : { ...place, ...rowOf(entry.value), hash: null };
  });
}

const rooms = new WeakMap<StoredField['field'], number>();

/** The padded length of a field's encrypted values, so that the length doesn't disclose the option. */
export function roomOf({ field }: StoredField): number {
  if (!('options' in field)) return 0;
  const known = rooms.get(field);
  if (known !== undefined) return known;
  const options = [...field.options, ...field.retiredOptions];
  const room = options.reduce((most, { value: one }) => Math.max(most, Buffer.byteLength(JSON.stringify(one))), 0);
  rooms.set(field, room);
  return room;
}

/** The hashes that find an encrypted value. None for types with few values: a hash would disclose them. */
export async function hashesOf({ db, vault }: Data, { id, field }: StoredField, one: Value): Promise<string[]> {
  if (!field.encrypted || field.dataType === 'BOOLEAN' || field.dataType === 'ENUM') return [];
  return (await vault.hashes(db, id, [one]))[0] ?? [];
}

/** A value in its plain stored form, with its index columns. */
export function rowOf(stored: Value): Pick<ValueRow, 'value' | 'sortKey' | 'number'> {
  const json = JSON.stringify(stored);
  if (typeof stored !== 'string') return { value: json, sortKey: null, number: Number(stored) };
  return { value: json, sortKey: sortKeyOf(stored), number: utc.test(stored) ? Date.parse(stored) : null };
}

/** A target by its internal id. */
export interface Target {
  id: number;
  targetType: TargetType;
}
