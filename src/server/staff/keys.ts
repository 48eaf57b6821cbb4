import { randomBytes } from 'node:crypto';
import type { Input } from '#contract/endpoints';
import { type AccessKey, accessKey, keyScopes } from '#contract/key';
import { ApiError } from '#contract/wire/errors';
import { giverOf, powerOfKey, requireCover, requireTaking } from '../access/power.ts';
import { covers } from '../access/seen.ts';
import type { Context, WriteContext } from '../context.ts';
import type { AccessKeyRow, Db } from '../database/schema.ts';
import { recordChanges } from '../record/history.ts';
import { insertAccessKey } from './store.ts';

// Only people manage access keys: no key can have that permission (key.ts in the contract).

const hour = 3_600_000;
const newSecret = () => randomBytes(24).toString('base64url');

export async function findKeys(context: Context): Promise<AccessKey[]> {
  const rows = await context.db
    .selectFrom('accessKeys')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Makes a key with scopes that the caller has. It sees what the caller's role sees, or a role that sees no more. */
export async function createKey(context: WriteContext, { name, scopes, days, role: wanted }: Input<'createAccessKey'>) {
  const giver = await giverOf(context);
  const beyond = scopes.findIndex((scope) => !giver.rights.includes(scope));
  if (beyond >= 0) throw new ApiError('forbidden', [{ path: ['scopes', beyond], name: 'scopeBeyondOwn' }]);
  const { db, actor, secrets } = context;
  const role = wanted ?? giver.role;
  const gift = await powerOfKey(db, { scopes: scopes.join(','), role, makerId: actor.id, makerRole: giver.role });
  if (!gift) throw new ApiError('validation', [{ path: ['role'], name: 'roleUnknown' }]);
  await requireCover(context, giver, gift, 'role');
  const maker = { createdBy: actor.name, makerId: actor.id, makerRole: giver.role };
  const made = await addKey({ db, secrets }, { name, scopes, days, role, ...maker });
  await recordChanges(db, actor, [
    { kind: 'target', before: null, after: JSON.stringify({ name, accessKey: made.id, scopes, days: days ?? null }) },
  ]);
  return made;
}

/** Stores a new key with an encrypted secret. Its id has no space, colon or comma. */
export async function addKey(
  { db, secrets }: Pick<Context, 'db' | 'secrets'>,
  key: {
    name: string;
    scopes: readonly string[];
    role?: string | null;
    createdBy: string;
    makerId?: string;
    makerRole?: string | null;
    days?: number | null | undefined;
    id?: string | undefined;
    secret?: string | undefined;
  },
): Promise<{ id: string; secret: string }> {
  const now = Date.now();
  const made = { id: key.id ?? randomBytes(12).toString('hex'), secret: key.secret ?? newSecret() };
  await insertAccessKey(db, {
    id: made.id,
    name: key.name,
    secret: secrets.seal('access-key', made.secret),
    scopes: key.scopes.join(','),
    role: key.role ?? null,
    createdAt: new Date(now).toISOString(),
    createdBy: key.createdBy,
    makerId: key.makerId ?? null,
    makerRole: key.makerRole ?? null,
    expiresAt: key.days ? new Date(now + key.days * 24 * hour).toISOString() : null,
  });
  return made;
}

/** Gives a key another secret. The old one works beside it for `overlapHours`. */
export async function rotateKey(context: WriteContext, { id, overlapHours }: Input<'rotateAccessKey'>) {
  const giver = await giverOf(context);
  const key = await requireOwnKey(context, id, requireCover);
  const { db, actor, rights, secrets } = context;
  // Checks all its scopes, because its role may get the missing permissions back.
  if (!scopesOf(key).every((scope) => rights.includes(scope)))
    throw new ApiError('forbidden', [{ path: ['id'], name: 'beyondOwn' }]);
  // Its former maker, who has less by now, may know the former secret.
  const after = await powerOfKey(db, { ...key, makerId: actor.id, makerRole: giver.role });
  const before = await powerOfKey(db, key);
  if (overlapHours && after && !(before && (await covers(db, before, after))))
    throw new ApiError('forbidden', [{ path: ['overlapHours'], name: 'formerMakerHasLess' }]);
  const secret = newSecret();
  const now = Date.now();
  const formerUntil = overlapHours ? new Date(now + overlapHours * hour).toISOString() : null;
  await db
    .updateTable('accessKeys')
    .set({
      secret: secrets.seal('access-key', secret),
      formerSecret: formerUntil ? key.secret : null,
      formerUntil,
      rotatedAt: new Date(now).toISOString(),
      makerId: actor.id,
      makerRole: giver.role,
    })
    .where('id', '=', id)
    .execute();
  await recordChanges(db, actor, [
    {
      kind: 'target',
      before: JSON.stringify({ name: key.name, accessKey: id, rotatedAt: key.rotatedAt }),
      after: JSON.stringify({ name: key.name, accessKey: id, rotatedAt: new Date(now).toISOString(), formerUntil }),
    },
  ]);
  return { id, secret };
}

/** The key stops working with the next request, in every process. This can't be undone. */
export async function revokeKey(context: WriteContext, id: string): Promise<void> {
  const { name } = await requireOwnKey(context, id, requireTaking);
  const revokedAt = new Date().toISOString();
  await context.db
    .updateTable('accessKeys')
    .set({ revokedAt, formerSecret: null, formerUntil: null })
    .where('id', '=', id)
    .execute();
  await recordChanges(context.db, context.actor, [
    {
      kind: 'target',
      before: JSON.stringify({ name, accessKey: id, deletedAt: null }),
      after: JSON.stringify({ name, accessKey: id, deletedAt: revokedAt }),
    },
  ]);
}

/** Records that a key was used, at most once a minute. Nobody waits for the write. */
export function noteUse(write: Db, { id, lastUsedAt }: AccessKeyRow): void {
  const now = new Date();
  if (lastUsedAt && now.getTime() - Date.parse(lastUsedAt) < 60_000) return;
  void write
    .updateTable('accessKeys')
    .set({ lastUsedAt: now.toISOString() })
    .where('id', '=', id)
    .execute()
    .catch(() => undefined);
}

/** A key that isn't revoked and, by `requireLaw`, has no more power than the caller. */
async function requireOwnKey(
  context: WriteContext,
  id: string,
  requireLaw: typeof requireCover | typeof requireTaking,
): Promise<AccessKeyRow> {
  const giver = await giverOf(context);
  const key = await context.db.selectFrom('accessKeys').selectAll().where('id', '=', id).executeTakeFirst();
  if (!key || key.revokedAt) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  await requireLaw(context, giver, await powerOfKey(context.db, key), 'id');
  return key;
}

/** The scopes of a key, even if its role no longer has all of them. */
const scopesOf = ({ scopes }: AccessKeyRow) => {
  const given = scopes.split(',');
  return keyScopes.filter((scope) => given.includes(scope));
};

const fromRow = (row: AccessKeyRow): AccessKey => accessKey.parse({ ...row, scopes: scopesOf(row) });
