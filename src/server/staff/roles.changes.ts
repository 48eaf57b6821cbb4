import { randomBytes } from 'node:crypto';
import type { Input } from '#contract/endpoints';
import { presetRoles, type StaffRole } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import { fold } from '#contract/wire/fold';
import { giverOf, isAdministrator, keepingAdministrator, powerOf, powerOfRole, requireCover } from '../access/power.ts';
import { findRole, findRoles, type Role, requireOwn } from '../access/roles.ts';
import type { WriteContext } from '../context.ts';
import { lockPool } from '../database/locks.ts';
import { restrictLike } from '../fields/service.ts';
import { recordChanges } from '../record/history.ts';

/** Makes or changes a role. It takes effect with the next request of its accounts. Nobody gives more than they have. */
export async function saveRole(context: WriteContext, input: Input<'saveStaffRole'>): Promise<StaffRole> {
  const { db, actor } = context;
  await lockPool(db);
  const giver = await giverOf(context);
  requireOwn(giver, input.rights);
  const stored = input.id === undefined ? undefined : await findRole(db, input.id);
  if (input.id !== undefined && (!stored || stored.isPreset))
    throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  // Nobody changes their own permissions.
  if (input.id !== undefined && input.id === context.role)
    throw new ApiError('forbidden', [{ path: ['id'], name: 'notYourself' }]);
  if (stored) await requireCover(context, giver, powerOfRole(stored), 'id');
  await requireNameFree(context, input);
  // A provider's claim gives a role by its name, so a new name can give the role to other people.
  const isNamed = context.config.oidc?.roleClaim !== undefined && input.name !== stored?.name;
  if (isNamed && !isAdministrator(giver)) throw new ApiError('forbidden', [{ path: ['name'], name: 'beyondOwn' }]);
  const id = input.id ?? randomBytes(12).toString('hex');
  const row = {
    name: input.name,
    rights: JSON.stringify(input.rights),
    tenants: input.tenants && JSON.stringify(input.tenants),
  };
  await keepingAdministrator(context, 'rights', async () => {
    if (stored) await db.updateTable('staffRoles').set(row).where('id', '=', id).execute();
    else
      await db
        .insertInto('staffRoles')
        .values({ ...row, id, createdAt: new Date().toISOString() })
        .execute();
  });
  // No field names a new role, so the role would have full access even where its creator doesn't.
  if (!stored && giver.role !== null) await restrictLike(context, giver.role, id);
  await requireCover(context, giver, powerOfRole({ ...input, id }), 'tenants');
  await recordChanges(db, actor, [
    { kind: 'target', before: stored ? said(stored) : null, after: said({ id, ...input }) },
  ]);
  const saved = (await findRoles(context)).find((role) => role.id === id);
  if (!saved) throw new ApiError('internal');
  return saved;
}

/** A provider's claim names a role by id or name in any case, so a name must be unique. */
async function requireNameFree({ db }: WriteContext, { id = '', name }: Input<'saveStaffRole'>): Promise<void> {
  const own = fold(name.trim());
  const others = await db.selectFrom('staffRoles').select(['id', 'name']).where('id', '<>', id).execute();
  const taken = [...presetRoles, ...others.flatMap((role) => [role.id, role.name])];
  if (taken.some((one) => fold(one.trim()) === own))
    throw new ApiError('codeTaken', [{ path: ['name'], name: 'codeTaken' }]);
}

/** Access keys of the role stop working too. */
export async function deleteRole(context: WriteContext, id: string): Promise<void> {
  const { db, actor } = context;
  await lockPool(db);
  const giver = await giverOf(context);
  const stored = await findRole(db, id);
  if (!stored || stored.isPreset) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  await requireCover(context, giver, await powerOf(context, id), 'id');
  const holder = await db.selectFrom('staff').select('id').where('role', '=', id).executeTakeFirst();
  if (holder) throw new ApiError('validation', [{ path: ['id'], name: 'roleHeld' }]);
  const now = new Date().toISOString();
  const invited = await db
    .selectFrom('invitations')
    .select('id')
    .where('role', '=', id)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  if (invited) throw new ApiError('validation', [{ path: ['id'], name: 'roleInvited' }]);
  await db.deleteFrom('staffRoles').where('id', '=', id).execute();
  await recordChanges(db, actor, [
    { kind: 'target', before: said(stored), after: JSON.stringify({ ...JSON.parse(said(stored)), deletedAt: now }) },
  ]);
}

const said = ({ name, rights, tenants }: Pick<Role, 'name' | 'rights' | 'tenants'>) =>
  JSON.stringify({ name, rights, tenants });
