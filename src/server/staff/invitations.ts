import { createHash, randomBytes } from 'node:crypto';
import type { Input } from '#contract/endpoints';
import type { Invitation } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import { giverOf, mayGive, powerOf, requireRole, requireTaking } from '../access/power.ts';
import type { Context, WriteContext } from '../context.ts';
import type { Db, Schema, Trx } from '../database/schema.ts';
import { recordActivity } from '../record/activity.ts';
import { faultOfPassword, hashPassword } from './passwords.ts';
import { insertStaff } from './store.ts';

const days = 7;
const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Invites somebody. Whoever has the link can make the account, so the link is shown once and works once. */
export async function invite(context: WriteContext, { email, name, role }: Input<'inviteStaff'>) {
  const { db, actor } = context;
  const giver = await giverOf(context);
  await requireRole(context, giver, role);
  const known = await db
    .selectFrom('staff')
    .select(['issuer', 'password'])
    .where('email', '=', email)
    .executeTakeFirst();
  if (known) throw new ApiError('validation', [{ path: ['email'], name: 'accountExists' }]);
  const former = await findInvitationOf(db, email);
  if (former) await requireTaking(context, giver, await powerOf(context, former.role), 'email');
  await db.deleteFrom('invitations').where('email', '=', email).execute();
  const token = randomBytes(32).toString('base64url');
  const now = Date.now();
  const expiresAt = new Date(now + days * 86_400_000).toISOString();
  await db
    .insertInto('invitations')
    .values({
      id: randomBytes(12).toString('hex'),
      digest: digestOf(token),
      email,
      name,
      role,
      invitedBy: actor.name,
      invitedById: actor.id,
      createdAt: new Date(now).toISOString(),
      expiresAt,
    })
    .execute();
  await recordActivity(db, actor, [{ event: 'invited', subject: email }]);
  return { token, expiresAt };
}

export async function findInvitations({ db }: Context): Promise<Invitation[]> {
  const rows = await open(db).orderBy('createdAt', 'desc').execute();
  return Promise.all(rows.map(async ({ digest: _, ...row }) => ({ ...row, isValid: await isValid(db, row) })));
}

/** Whether the inviter may still give this role. */
const isValid = async (db: Db, { invitedById, role }: Pick<Schema['invitations'], 'invitedById' | 'role'>) =>
  invitedById === '' || (await mayGive(db, invitedById, role));

export async function revokeInvitation(context: WriteContext, id: string): Promise<void> {
  const { db, actor } = context;
  const giver = await giverOf(context);
  const found = await open(db).where('id', '=', id).executeTakeFirst();
  if (!found) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  await requireTaking(context, giver, await powerOf(context, found.role), 'id');
  await db.deleteFrom('invitations').where('id', '=', id).execute();
  await recordActivity(db, actor, [{ event: 'invitationRevoked', subject: found.email }]);
}

export async function findInvitation(db: Db, token: string) {
  const found = await open(db).where('digest', '=', digestOf(token)).executeTakeFirst();
  if (!found || !(await isValid(db, found))) throw new ApiError('invitationNotFound');
  return found;
}

/** The open invitation of an email address that a provider has verified. It needs no link. */
export async function findInvitationFor(db: Db, email: string) {
  const found = await findInvitationOf(db, email);
  return found && (await isValid(db, found)) ? found : undefined;
}

const findInvitationOf = (db: Db, email: string) => open(db).where('email', '=', email).executeTakeFirst();

/**
 * Makes the account of an invitation, with its role or the provider's role, and returns the id. Hash the password
 * before the transaction.
 */
export async function accept(
  trx: Trx,
  invitation: Pick<Schema['invitations'], 'id' | 'email' | 'role' | 'invitedById'>,
  account: { name: string; password: string; role?: string; issuer?: string; subject?: string },
): Promise<string> {
  const { id, email, role } = invitation;
  const gone = await trx.deleteFrom('invitations').where('id', '=', id).executeTakeFirst();
  // If two requests accept it at once, only one makes the account.
  if (!Number(gone.numDeletedRows)) throw new ApiError('invitationNotFound');
  if (!(await isValid(trx, invitation))) throw new ApiError('invitationNotFound');
  const staffId = randomBytes(12).toString('hex');
  const made = await insertStaff(trx, { role, ...account, id: staffId, email, createdAt: new Date().toISOString() });
  if (!made) throw new ApiError('validation', [{ path: ['email'], name: 'accountExists' }]);
  return staffId;
}

/** Refuses a password that is easy to guess. Returns the hash of a good one. */
export async function readPassword(
  password: string,
  account: { email: string; name: string },
  path: string,
): Promise<string> {
  const fault = faultOfPassword(password, account);
  if (fault) throw new ApiError('validation', [{ path: [path], name: fault }]);
  return hashPassword(password);
}

const open = (db: Db) => db.selectFrom('invitations').selectAll().where('expiresAt', '>', new Date().toISOString());
