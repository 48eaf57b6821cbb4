import type { Input } from '#contract/endpoints';
import type { OpenSession, Session } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import type { Context, WriteContext } from '../context.ts';
import { lockStaff } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import { recordActivity } from '../record/activity.ts';
import { accept, findInvitation, readPassword } from './invitations.ts';
import { proveSelf, requireStillHere } from './prove.ts';
import { begin } from './service.ts';
import { findAccount, findSession } from './store.ts';

// Actions of a person on their own account.

/** Makes the account of an invitation, and signs in. */
export async function acceptInvitation(
  context: Context,
  { token, name, password }: Input<'acceptInvitation'>,
): Promise<Session> {
  const { database } = context;
  const invitation = await findInvitation(database.read, token);
  const stored = await readPassword(password, { email: invitation.email, name }, 'password');
  const id = await transact(database, async (trx) => {
    await lockStaff(trx);
    const made = await accept(trx, invitation, { name, password: stored });
    const actor = { ...context.actor, kind: 'staff' as const, id: made, name, through: 'console' as const };
    await recordActivity(trx, actor, [{ event: 'accepted' }]);
    return made;
  });
  return begin(context, await findAccount(database.read, id));
}

/** Changes the caller's password and ends their other sessions. */
export async function changePassword(context: Context, { current, next }: Input<'changePassword'>): Promise<void> {
  const { database, actor } = context;
  const account = await findAccount(database.read, actor.id);
  await proveSelf(database.brief, account, current, 'current');
  const password = await readPassword(next, account, 'next');
  await transact(database, async (trx) => {
    const here = await requireStillHere(trx, context, account);
    await trx.updateTable('staff').set({ password }).where('id', '=', account.id).execute();
    await trx.deleteFrom('sessions').where('staffId', '=', account.id).where('id', '<>', here).execute();
    await recordActivity(trx, actor, [{ event: 'passwordChanged' }]);
  });
}

export async function findOwnSessions(context: Context): Promise<OpenSession[]> {
  const here = await thisSession(context);
  const rows = await context.db
    .selectFrom('sessions')
    .select(['id', 'createdAt', 'seenAt', 'agent'])
    .where('staffId', '=', context.actor.id)
    .where('expiresAt', '>', new Date().toISOString())
    .orderBy('seenAt', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, isThis: row.id === here }));
}

export async function endOwnSession({ db, actor }: WriteContext, id: string): Promise<void> {
  const gone = await db.deleteFrom('sessions').where('staffId', '=', actor.id).where('id', '=', id).executeTakeFirst();
  if (!Number(gone.numDeletedRows)) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  await recordActivity(db, actor, [{ event: 'signedOut' }]);
}

async function thisSession({ database, sessionToken }: Context): Promise<string> {
  if (!sessionToken) return '';
  const found = await findSession(database.read, sessionToken, new Date().toISOString());
  return found?.sessionId ?? '';
}
