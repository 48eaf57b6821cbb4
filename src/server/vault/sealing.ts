import type { Server } from '../context.ts';
import { withLease } from '../database/lease.ts';
import { lockFieldsById, lockRows } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { findAnyFields, type StoredField } from '../stores/fields.ts';
import { openValues, roomOf, rowsOf } from '../stores/values.ts';
import { type Bound, metTarget } from '../tenancy.ts';
import { holdsClear, owePages, payPages } from './pages.ts';
import { isSealedWell, sealedMark } from './vault.ts';

const atOnce = 100;

/** Every few seconds, looks for newly encrypted fields and encrypts their stored plain text. */
export function sealInBackground(server: Server, onError: (error: unknown) => void): void {
  let busy = false;
  setInterval(async () => {
    if (busy) return;
    busy = true;
    await sealStored(server).catch(onError);
    busy = false;
  }, 2_000).unref();
}

/** Encrypts the stored values and history of encrypted fields, in slices, so that nobody waits. */
export async function sealStored(server: Server): Promise<void> {
  const { database } = server;
  const owed = await database.read.selectFrom('owedPages').select('fieldId').execute();
  const sealed = new Set(owed.map(({ fieldId }) => fieldId));
  const unsealed = await database.read
    .selectFrom('fields')
    .select('id')
    .where('encrypted', '=', 1)
    .where('sealedAt', 'is', null)
    .execute();
  const waiting = unsealed.map(({ id }) => id).filter((id) => !sealed.has(id));
  if (!waiting.length && !owed.length) return;
  await withLease(database, 'sealing', async (isHeld) => {
    for (const id of waiting) {
      await everySlice(server, isHeld, id, (trx, stored, after) => sealValues(server, trx, stored, after));
      await everySlice(server, isHeld, id, (trx, stored, after) => sealHistory(server, trx, stored, after));
      if (!isHeld()) return;
      await transact(database, async (trx) => {
        // A backup that was restored meanwhile holds values in clear before the place where this went on: the next look seals them.
        if ((await findEncrypted(trx, id)) && !(await holdsClear(trx, id))) await owePages(trx, id);
      });
    }
    await payPages(database);
  });
}

/**
 * How many values of a field are still plain text. Its remaining history counts as 1. Null, as long as there are some, if
 * the caller may not know who has a value.
 */
export async function countUnsealed(
  caller: Pick<Server, 'database'> & Bound,
  fieldId: number,
  isTold: boolean,
): Promise<number | null> {
  const { read } = caller.database;
  const field = await read.selectFrom('fields').select('sealedAt').where('id', '=', fieldId).executeTakeFirst();
  if (!field || field.sealedAt) return 0;
  if (!isTold) return null;
  const { count } = await read
    .selectFrom('fieldValues')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('fieldId', '=', fieldId)
    .where('value', 'not like', `${sealedMark}%`)
    .where(metTarget(caller, 'fieldValues.targetId'))
    .executeTakeFirstOrThrow();
  // Only history is left. It comes after the last value.
  return Number(count) || 1;
}

/** The locked field, if its values must be encrypted. A restore may have come in between. */
async function findEncrypted(trx: Trx, id: number): Promise<StoredField | undefined> {
  // A plan writes values under the lock of their field, and whoever writes one under that of its target.
  await lockFieldsById(trx, [id], 'share');
  const stored = (await findAnyFields(trx, [id])).get(id);
  return stored?.field.encrypted ? stored : undefined;
}

async function everySlice(
  { database }: Server,
  isHeld: () => boolean,
  id: number,
  work: (trx: Trx, stored: StoredField, after: number) => Promise<number | undefined>,
): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined && isHeld(); ) {
    const from: number = after;
    after = await transact(database, async (trx) => {
      const stored = await findEncrypted(trx, id);
      return stored && work(trx, stored, from);
    });
  }
}

async function sealValues({ vault }: Server, db: Trx, stored: StoredField, after: number): Promise<number | undefined> {
  const found = await db
    .selectFrom('fieldValues')
    .select('targetId')
    .where('fieldId', '=', stored.id)
    .where('targetId', '>', after)
    .orderBy('targetId')
    .limit(atOnce)
    .execute();
  const ids = found.map(({ targetId }) => targetId);
  // What is read from here on is what stands until it is sealed.
  await lockRows(db, 'targets', ids);
  if (!ids.length) return undefined;
  const rows = await db
    .selectFrom('fieldValues')
    .select(['fieldId', 'targetId', 'value'])
    .where('fieldId', '=', stored.id)
    .where('targetId', 'in', ids)
    .execute();
  const data = { db, vault };
  const clear = await openValues(
    data,
    rows.filter(({ value }) => !isSealedWell(value, roomOf(stored))),
  );
  const sealed = await rowsOf(
    data,
    clear.map(({ targetId, value }) => ({ stored, targetId, value })),
  );
  for (const { fieldId, targetId, ...row } of sealed) {
    await db
      .updateTable('fieldValues')
      .set(row)
      .where('fieldId', '=', fieldId)
      .where('targetId', '=', targetId)
      .execute();
  }
  return ids.length < atOnce ? undefined : ids.at(-1);
}

async function sealHistory(
  { vault }: Server,
  db: Trx,
  stored: StoredField,
  after: number,
): Promise<number | undefined> {
  const page = await db
    .selectFrom('history')
    .select(['id', 'targetId'])
    .where('fieldId', '=', stored.id)
    .where('kind', '=', 'value')
    .where('id', '>', after)
    .orderBy('id')
    .limit(atOnce)
    .execute();
  const ids = page.map(({ id }) => id);
  if (!ids.length) return undefined;
  // Sealing makes the key of a target that has none: not of somebody who is erased meanwhile.
  const targets = new Set(page.flatMap(({ targetId }) => targetId ?? []));
  await lockRows(db, 'targets', [...targets]);
  const rows = await db
    .selectFrom('history')
    .select(['id', 'targetId', 'before', 'after'])
    .where('id', 'in', ids)
    .execute();
  const room = roomOf(stored);
  for (const row of rows) {
    const { targetId } = row;
    if (targetId === null) continue;
    const cells = (['before', 'after'] as const).flatMap((side) => {
      const text = row[side];
      return text === null || isSealedWell(text, room) ? [] : [{ side, fieldId: stored.id, targetId, text, room }];
    });
    const clear = await vault.open(db, cells);
    // A value that nobody can decrypt stays as it is.
    const open = cells.flatMap((cell, at) => {
      const text = clear[at];
      return text ? [{ ...cell, text }] : [];
    });
    if (!open.length) continue;
    const texts = await vault.seal(db, open);
    const changed = Object.fromEntries(open.map(({ side }, at) => [side, texts[at] ?? null]));
    await db.updateTable('history').set(changed).where('id', '=', row.id).execute();
  }
  return ids.length < atOnce ? undefined : ids.at(-1);
}
