import { sql } from 'kysely';
import type { Input } from '#contract/endpoints';
import type { Person } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import { giverOf, keepingAdministrator, powerOf, requireCover, requireRole, requireTaking } from '../access/power.ts';
import type { Context, WriteContext } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { recordActivity } from '../record/activity.ts';
import { recordChanges } from '../record/history.ts';
import { endSessions } from './ended.ts';
import { forgetTotp } from './totp.ts';

const own = [
  'staff.id',
  'staff.email',
  'staff.name',
  'staff.role',
  'staff.createdAt',
  'staff.disabledAt',
  'staff.totpSecret',
  'staff.issuer',
] as const;

/** The accounts of the team, with their current sessions. */
export async function findPeople({ db }: Pick<Context, 'db'>): Promise<Person[]> {
  const now = new Date().toISOString();
  const rows = await db
    .selectFrom('staff')
    .leftJoin('sessions', (join) => join.onRef('sessions.staffId', '=', 'staff.id').on('sessions.expiresAt', '>', now))
    .select(own)
    .select([
      sql<number>`count(sessions.digest)`.as('sessions'),
      sql<string | null>`max(sessions.created_at)`.as('signedInAt'),
    ])
    .groupBy(own)
    .orderBy('staff.name')
    .orderBy('staff.id')
    .execute();
  return rows.map(({ totpSecret, ...row }) => ({
    ...row,
    hasTotp: totpSecret !== null,
    sessions: Number(row.sessions),
  }));
}

/** Changes a role, or disables or enables an account. Nobody changes their own, so one administrator always remains. */
export async function changePerson(
  context: WriteContext,
  { id, role, isDisabled }: Input<'changeStaff'>,
): Promise<void> {
  const { db, actor } = context;
  const giver = await giverOf(context);
  const stored = await findPerson(db, id);
  if (id === actor.id) throw new ApiError('forbidden', [{ path: ['id'], name: 'notYourself' }]);
  const isTaking = isDisabled === true && role === undefined;
  await (isTaking ? requireTaking : requireCover)(context, giver, await powerOf(context, stored.role), 'id');
  if (role !== undefined && role !== stored.role) await requireRole(context, giver, role);
  const isNow = stored.disabledAt !== null;
  const changed = {
    ...(role && role !== stored.role && { role }),
    ...(isDisabled !== undefined &&
      isDisabled !== isNow && { disabledAt: isDisabled ? new Date().toISOString() : null }),
  };
  if (!Object.keys(changed).length) return;
  await keepingAdministrator(context, 'id', async () => {
    await db.updateTable('staff').set(changed).where('id', '=', id).execute();
  });
  if (isDisabled) await endSessions(db, id);
  const { name, email } = stored;
  const was = { role: stored.role, disabledAt: stored.disabledAt };
  await recordChanges(db, actor, [
    {
      kind: 'target',
      before: JSON.stringify({ name, email, ...was }),
      after: JSON.stringify({ name, email, ...was, ...changed }),
    },
  ]);
}

/** Ends every session of a person, also of the caller. */
export async function signOutPerson(context: WriteContext, id: string): Promise<void> {
  const { db, actor } = context;
  const giver = await giverOf(context);
  const { name, role } = await findPerson(db, id);
  if (id !== actor.id) await requireTaking(context, giver, await powerOf(context, role), 'id');
  await endSessions(db, id);
  await recordActivity(db, actor, [{ event: 'signedOutEverywhere', subject: name }]);
}

async function findPerson(db: Db, id: string) {
  const found = await db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirst();
  if (!found) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  return found;
}

/** For a person who lost their app and recovery codes. It is recorded, and ends their sessions. */
export async function resetTotp(context: WriteContext, id: string): Promise<void> {
  const { db, actor } = context;
  const giver = await giverOf(context);
  const { name, role } = await findPerson(db, id);
  if (id === actor.id) throw new ApiError('forbidden', [{ path: ['id'], name: 'notYourself' }]);
  await requireCover(context, giver, await powerOf(context, role), 'id');
  await forgetTotp(db, id);
  await endSessions(db, id);
  await recordActivity(db, actor, [{ event: 'totpReset', subject: name }]);
}
