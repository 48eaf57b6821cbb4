import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Value } from '#contract/value';
import { normalise } from '#contract/wire/fold';
import { inSlices } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';

// Encryption of values. Each target has its own key, encrypted under a key of `FIELDBOOK_ENCRYPTION_KEYS`. A change of
// that key only rewraps the targets' keys. Destroying a target's key erases everything that it encrypted, everywhere.

/** A stored text. The encryption binds it to its target and field. */
export interface Cell {
  fieldId: number;
  targetId: number;
  /** JSON, or its encrypted form. */
  text: string;
}

/** A text to encrypt. `room` is the length of the longest possible text, if there are few. */
export type Sealable = Cell & { room: number };

export interface Vault {
  /** Decrypts stored texts to JSON. Plain text stays; null if the key was destroyed. */
  open(db: Db, cells: Cell[]): Promise<(string | null)[]>;
  /** Encrypts JSON texts. Makes missing keys of targets. */
  seal(trx: Trx, cells: Sealable[]): Promise<string[]>;
  /** Hashes that find an encrypted value without decryption: one per hash key, the current key first. */
  hashes(db: Db, fieldId: number, values: Value[]): Promise<string[][]>;
  /** Puts some keys of targets under the current key. Returns how many remain. */
  rewrap(trx: Trx, atOnce: number): Promise<number>;
  /** Makes a new hash key. It is current at once; the former ones still find values. */
  addHashKey(trx: Trx): Promise<void>;
  /** Whether `FIELDBOOK_ENCRYPTION_KEYS` has a key with this name. */
  knows(keyId: string): boolean;
  /** Puts the hash keys under the current key. */
  rewrapHashKeys(trx: Trx): Promise<void>;
}

/** The first character of encrypted text. JSON never starts with it. */
export const sealedMark = '~';
export const isSealed = (text: string): boolean => text.startsWith(sealedMark);

// The length of a ciphertext shows the length of its text, which would disclose a yes or no. So spaces pad the text.
const step = 64;
const padded = (text: string, room: number) => {
  const length = Buffer.byteLength(text);
  return text + ' '.repeat(Math.ceil(Math.max(length, room, 1) / step) * step - length);
};

/** Whether a text is encrypted and padded. Older versions didn't pad. */
export function isSealedWell(text: string, room: number): boolean {
  const length = Buffer.from(text.split('.')[1] ?? '', 'base64url').length;
  return isSealed(text) && length % step === 0 && length >= room;
}

interface Wrapping {
  id: string;
  key: Uint8Array;
}

/** `secrets`: the keys of `FIELDBOOK_ENCRYPTION_KEYS`, the current one first. */
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

  /** Newest first. There are few rows, read in each transaction, so that every process knows a new key at once. */
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
      // If two transactions make a target's first key at once, one wins and both use it.
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

/** Text after NFC, numbers by value, like claims. With the field, so that equal values of two fields differ. */
const compared = (fieldId: number, value: Value) =>
  typeof value === 'string' ? `${fieldId} s${normalise(value, 'NFC')}` : `${fieldId} ${typeof value}${value}`;

function encrypt(key: Uint8Array, text: Buffer, about: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return [nonce, body, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
}

/** Throws if the key is wrong, or if the text was moved from another target or field. */
function decrypt(key: Uint8Array, sealed: string, about: string): Buffer {
  const [nonce, body, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!nonce || !body || tag?.length !== 16) throw new Error('A sealed text is damaged.');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
