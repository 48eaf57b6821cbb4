import type { Value } from '#contract/value';
import type { Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { claim, claimKey, fieldScope, release } from './claims.ts';
import type { StoredField } from './fields.ts';
import { hashesOf } from './values.ts';

/**
 * The claim keys of a unique field's value. During a change of the hash key there are both hashes, so that no value
 * looks free under one of them.
 */
export const claimKeysOf = async (data: Data, stored: StoredField, value: Value): Promise<string[]> =>
  stored.field.encrypted ? hashesOf(data, stored, value) : [claimKey(value)];

/** Claims a value of a unique field for a target and releases the old one. Returns another target that has it. */
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

/** Like `claimValue`, but a target keeps its old claim if the value is taken. False then; true if not unique. */
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
