import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Value } from '#contract/value';
import { inSlices } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';

// Values of encrypted fields. Each target has a key of its own, kept under a key of FIELDBOOK_ENCRYPTION_KEYS: changing
// that one rewraps keys and no values, and destroying a target's key erases whatever is sealed with it, everywhere.

/** One stored text of one target and field, on which it is bound. */
export interface Cell {
  fieldId: number;
  targetId: number;
  /** JSON, or what sealing made of it. */
  text: string;
}

/** A text to be sealed; `room` is the length of the longest that it could be, where those are few. */
export type Sealable = Cell & { room: number };

export interface Vault {
  /** The JSON of stored texts: what isn't sealed as it is; null for what nobody can open any more, as its key was destroyed. */
  open(db: Db, cells: Cell[]): Promise<(string | null)[]>;
  /** Seals JSON texts, and makes the keys of targets that have none. */
  seal(trx: Trx, cells: Sealable[]): Promise<string[]>;
  /** What finds a value of an encrypted field without opening any: one for each hash key, the current one first. */
  hashes(db: Db, fieldId: number, values: Value[]): Promise<string[][]>;
  /** Keys of targets that aren't under the current key yet are put under it, some at a time; how many are left. */
  rewrap(trx: Trx, atOnce: number): Promise<number>;
  /** Makes another hash key; it is current at once, and the former ones go on finding. */
  addHashKey(trx: Trx): Promise<void>;
  /** Whether a key of this name is among those of FIELDBOOK_ENCRYPTION_KEYS. */
  knows(keyId: string): boolean;
  /** Puts the hash keys under the current key. */
  rewrapHashKeys(trx: Trx): Promise<void>;
}

/** What is sealed begins with this, as no JSON does. */
export const sealedMark = '~';
export const isSealed = (text: string): boolean => text.startsWith(sealedMark);

// What is sealed is as long as what was in it, and of yes and no that tells which: spaces are added before.
const step = 64;
const padded = (text: string, room: number) => {
  const length = Buffer.byteLength(text);
  return text + ' '.repeat(Math.ceil(Math.max(length, room, 1) / step) * step - length);
};

/** Whether a text is sealed in a length that tells no more than it has to; older versions added nothing. */
export function isSealedWell(text: string, room: number): boolean {
  const length = Buffer.from(text.split('.')[1] ?? '', 'base64url').length;
  return isSealed(text) && length % step === 0 && length >= room;
}

interface Wrapping {
  id: string;
  key: Uint8Array;
}

/** `secrets`: the keys of FIELDBOOK_ENCRYPTION_KEYS, the current one first. */
export function makeVault(secrets: string[]): Vault {
  const wrappings = secrets.map((secret): Wrapping => {
    const key = createHmac('sha256', secret).update('fieldbook:encryption').digest();
    return { id: createHash('sha256').update(key).digest('base64url').slice(0, 8), key };
  });
  const [current] = wrappings;
  if (!current) throw new Error('There is no encryption key.');

  const wrap = (key: Uint8Array, about: string) => encrypt(current.key, Buffer.from(key), about);
  const unwrap = (keyId: string, sealed: string, about: string) => {
    const wrapping = wrappings.find(({ id }) => id === keyId);
    if (!wrapping) throw new Error(`A value is under the key ${keyId}, which FIELDBOOK_ENCRYPTION_KEYS no longer has.`);
    return decrypt(wrapping.key, sealed, about);
  };

  async function keysOf(db: Db, targetIds: number[]): Promise<Map<number, Uint8Array>> {
    const rows = await inSlices([...new Set(targetIds)], (ids) =>
      db.selectFrom('targetKeys').selectAll().where('targetId', 'in', ids).execute(),
    );
    return new Map(rows.map((row) => [row.targetId, unwrap(row.keyId, row.sealed, `target ${row.targetId}`)]));
  }

  /** Newest first: rows are few, and read in each transaction, so that every process knows a new one at once. */
  async function hashKeys(db: Db): Promise<{ id: number; key: Uint8Array }[]> {
    const rows = await db.selectFrom('hashKeys').selectAll().orderBy('id', 'desc').execute();
    return rows.map(({ id, keyId, sealed }) => ({ id, key: unwrap(keyId, sealed, 'hash') }));
  }

  async function addHashKey(trx: Trx): Promise<void> {
    const row = { keyId: current?.id ?? '', sealed: wrap(randomBytes(32), 'hash') };
    await trx.insertInto('hashKeys').values(row).execute();
  }

  return {
    addHashKey,
    knows: (keyId) => wrappings.some(({ id }) => id === keyId),
    async open(db, cells) {
      const sealed = cells.filter(({ text }) => isSealed(text));
      if (!sealed.length) return cells.map(({ text }) => text);
      const keys = await keysOf(
        db,
        sealed.map(({ targetId }) => targetId),
      );
      return cells.map(({ fieldId, targetId, text }) => {
        if (!isSealed(text)) return text;
        const key = keys.get(targetId);
        return key ? decrypt(key, text.slice(1), `${fieldId}:${targetId}`).toString('utf8').trimEnd() : null;
      });
    },
    async seal(trx, cells) {
      const keys = await keysOf(
        trx,
        cells.map(({ targetId }) => targetId),
      );
      const fresh = [...new Set(cells.map(({ targetId }) => targetId))].filter((id) => !keys.has(id));
      await inSlices(fresh, async (ids) => {
        const made = ids.map((targetId) => ({
          targetId,
          keyId: current.id,
          sealed: wrap(randomBytes(32), `target ${targetId}`),
        }));
        await trx
          .insertInto('targetKeys')
          .values(made)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return [];
      });
      // Of two who make a target's first key at once one wins, and both use that one.
      if (fresh.length) for (const [targetId, key] of await keysOf(trx, fresh)) keys.set(targetId, key);
      return cells.map(({ fieldId, targetId, text, room }) => {
        const key = keys.get(targetId) as Uint8Array;
        return sealedMark + encrypt(key, Buffer.from(padded(text, room)), `${fieldId}:${targetId}`);
      });
    },
    async hashes(db, fieldId, values) {
      const ring = await hashKeys(db);
      return values.map((value) =>
        ring.map(
          ({ id, key }) => `${id}.${createHmac('sha256', key).update(compared(fieldId, value)).digest('base64url')}`,
        ),
      );
    },
    async rewrap(trx, atOnce) {
      const rows = await trx
        .selectFrom('targetKeys')
        .selectAll()
        .where('keyId', '<>', current.id)
        .orderBy('targetId')
        .limit(atOnce)
        .execute();
      for (const { targetId, keyId, sealed } of rows) {
        const about = `target ${targetId}`;
        const row = { keyId: current.id, sealed: wrap(unwrap(keyId, sealed, about), about) };
        // Not one that was made anew meanwhile, for somebody who was erased and came again.
        await trx
          .updateTable('targetKeys')
          .set(row)
          .where('targetId', '=', targetId)
          .where('sealed', '=', sealed)
          .execute();
      }
      const left = await trx
        .selectFrom('targetKeys')
        .select((of) => of.fn.countAll<number>().as('count'))
        .where('keyId', '<>', current.id)
        .executeTakeFirstOrThrow();
      return Number(left.count);
    },
    async rewrapHashKeys(trx) {
      for (const { id, keyId, sealed } of await trx.selectFrom('hashKeys').selectAll().execute()) {
        const row = { keyId: current.id, sealed: wrap(unwrap(keyId, sealed, 'hash'), 'hash') };
        await trx.updateTable('hashKeys').set(row).where('id', '=', id).execute();
      }
    },
  };
}

/** Text exactly after NFC, numbers by value, as claims compare; of one field alone, so that equal values of two don't show. */
const compared = (fieldId: number, value: Value) =>
  typeof value === 'string' ? `${fieldId} s${value.normalize('NFC')}` : `${fieldId} ${typeof value}${value}`;

function encrypt(key: Uint8Array, text: Buffer, about: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return [nonce, body, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
}

/** Throws where the text isn't of this key, or stands in another place than it was sealed for. */
function decrypt(key: Uint8Array, sealed: string, about: string): Buffer {
  const [nonce, body, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!nonce || !body || tag?.length !== 16) throw new Error('A sealed text is damaged.');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
