import type { Value } from '#contract/value';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { claim, claimKey, fieldScope, release } from './claims.ts';
import type { StoredField } from './fields.ts';
import { hashesOf } from './values.ts';

/** What is claimed for a value of a unique field; while a hash key is being changed both hashes are, so that none is free under the other. */
export const claimKeysOf = async (data: Data, stored: StoredField, value: Value): Promise<string[]> =>
  stored.field.encrypted ? hashesOf(data, stored, value) : [claimKey(value)];

/** Makes a value of a unique field a target's own, in place of the one it had. Its present holder if that is somebody else. */
export async function claimValue(
  data: Data<Trx>,
  stored: StoredField,
  targetId: number,
  value: Value | null,
): Promise<number | undefined> {
  const scope = fieldScope(stored.id);
  await release(data.db, scope, targetId);
  for (const key of value === null ? [] : await claimKeysOf(data, stored, value)) {
    const holder = await claim(data.db, scope, key, targetId);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** The same, but whoever can't have the value keeps the one they hold; false then, and where the field is unique. */
export async function takeOver(
  data: Data<Trx>,
  stored: StoredField,
  targetId: number,
  { is, was }: { is: Value | null; was: Value | null },
): Promise<boolean> {
  if (!stored.field.isUnique) return true;
  if ((await claimValue(data, stored, targetId, is)) === undefined) return true;
  await claimValue(data, stored, targetId, was);
  return false;
}
