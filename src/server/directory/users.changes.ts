import { type User, type UserPatch, userPatch } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { noteNames } from '../access/guesses.ts';
import { spaceFor } from '../access/space.ts';
import type { WriteContext } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { blankUser } from '../kinds/user.ts';
import { recordChanges } from '../record/history.ts';
import { claimName, editOf, insertTarget, lockFound, lockOne, newUid, requireDirectory } from '../targets.ts';
import { type Bound, met } from '../tenancy.ts';
import { beginSave, mergeCustomData } from '../values/service.ts';
import { trashTargets } from './trash.ts';
import { findUser, findUserRow, findUserRows, nameKey } from './users.ts';

type NewUser = Input<'createUsersBatch'>['list'][number];

/** A user whose names aren't claimed yet. */
interface Made {
  id: number;
  userId: string;
  profile: UserPatch;
  path: (string | number)[];
}

export async function createUser(context: WriteContext, sent: NewUser, tenantId: string | undefined): Promise<string> {
  const made = await insertUser(context, sent, tenantId, []);
  noteNames(context, namesIn(made.profile));
  await claimProfile(context, made);
  return made.userId;
}

/** Creates all or none. What is wrong with one of them is said before a name of any is looked up. */
export async function createUsers(
  context: WriteContext,
  list: NewUser[],
  tenantId: string | undefined,
): Promise<string[]> {
  const all: Made[] = [];
  for (const [index, sent] of list.entries()) all.push(await insertUser(context, sent, tenantId, ['list', index]));
  noteNames(
    context,
    all.reduce((sum, { profile }) => sum + namesIn(profile), 0),
  );
  for (const made of all) await claimProfile(context, made);
  return all.map(({ userId }) => userId);
}

async function insertUser(
  context: WriteContext,
  sent: NewUser,
  tenantId: string | undefined,
  path: (string | number)[],
): Promise<Made> {
  const profile = userPatch.parse(sent);
  const now = new Date().toISOString();
  const target = await insertTarget(context.db, 'USER');
  const { id } = target;
  const userId = newUid();
  const row = { ...blankUser, ...toColumns(profile), id, userId, createdAt: now, updatedAt: now, deletedAt: null };
  await context.db.insertInto('users').values(row).execute();
  await setDepartments(context, id, sent.departmentIds ?? [], path);
  const { id: _, ...after } = row;
  await recordChanges(context.db, context.actor, [
    { kind: 'target', targetId: id, before: null, after: JSON.stringify(after) },
  ]);
  await mergeCustomData(context, target, sent.customData, await spaceFor(context, tenantId), [...path, 'customData']);
  return { id, userId, profile, path };
}

export async function updateUser(context: WriteContext, input: Input<'updateUser'>): Promise<User> {
  const { db } = context;
  const profile = userPatch.parse(input);
  requireDirectory(context, profile);
  const space = await spaceFor(context, input.tenantId);
  const target = await lockOne(db, 'USER', () => findUserRow(context, input.userId, input.options?.userIdType));
  await beginSave(context, target, space);
  const stored = await db.selectFrom('users').selectAll().where('id', '=', target.id).executeTakeFirstOrThrow();
  const change = editOf(context, stored, toColumns(profile));
  if (change) {
    const now = new Date().toISOString();
    const statusChanged = profile.status && profile.status !== stored.status;
    await db
      .updateTable('users')
      .set({ ...toColumns(profile), updatedAt: now, ...(statusChanged && { statusChangedAt: now }) })
      .where('id', '=', stored.id)
      .execute();
    await recordChanges(db, context.actor, [{ kind: 'target', targetId: stored.id, ...change }]);
  }
  await mergeCustomData(context, target, input.customData, space, ['customData']);
  if (change) {
    noteNames(context, namesIn(profile));
    await claimProfile(context, { id: stored.id, profile, path: [] });
  }
  const withCustomData = Boolean(input.customData);
  const user = await findUser(context, stored.userId, 'user_id', { withCustomData, tenantId: input.tenantId });
  return { ...user, ...profile };
}

export async function deleteUsers(
  context: WriteContext,
  { userIds, options }: Input<'deleteUsersBatch'>,
): Promise<void> {
  const users = await lockFound(context.db, 'USER', () => findUserRows(context, userIds, options?.userIdType));
  if (users.length < new Set(userIds).size) throw new ApiError('userNotFound');
  await trashTargets(context, 'USER', users);
}

function toColumns({ emailVerified, phoneVerified, ...profile }: UserPatch) {
  return {
    ...profile,
    ...(emailVerified !== undefined && { emailVerified: Number(emailVerified) }),
    ...(phoneVerified !== undefined && { phoneVerified: Number(phoneVerified) }),
  };
}

/** How many names tell by which somebody is known. Everybody finds users by external id (users.ts). */
const namesIn = ({ username, email, phone }: UserPatch): number => [username, email, phone].filter(Boolean).length;

/** Unique in the pool: email and username without regard to case, phone and external id exactly. */
async function claimProfile(context: WriteContext, { id, profile, path }: Omit<Made, 'userId'>): Promise<void> {
  for (const key of ['username', 'email', 'phone', 'externalId'] as const) {
    const name = profile[key];
    if (name === undefined) continue;
    const refusal = { error: 'valueTaken' as const, path: [...path, key] };
    await claimName(context.db, `user:${key}`, name === null ? null : nameKey(key, name), id, refusal);
  }
}

async function setDepartments(
  { db: trx, ...bound }: Bound & { db: Trx },
  userId: number,
  departmentIds: string[],
  path: (string | number)[],
): Promise<void> {
  for (const [index, departmentId] of departmentIds.entries()) {
    const department = await trx
      .selectFrom('departments')
      .select('id')
      .where('departmentId', '=', departmentId)
      .where('deletedAt', 'is', null)
      .where(met(bound, 'DEPARTMENT'))
      .executeTakeFirst();
    if (!department) {
      throw new ApiError('departmentNotFound', [{ path: [...path, 'departmentIds', index], name: 'notFound' }]);
    }
    await trx
      .insertInto('departmentMembers')
      .values({ departmentId: department.id, userId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
