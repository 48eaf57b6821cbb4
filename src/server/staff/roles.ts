import { randomBytes } from 'node:crypto';
import type { Right } from '#contract/endpoint';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import { type ReadyRole, readyRoles, rightsOf, type StaffRole } from '#contract/staff';
import type { Context, WriteContext } from '../context.ts';
import type { Db, Schema } from '../database/schema.ts';
import { recordChanges } from '../history/store.ts';

export type Role = Omit<StaffRole, 'people'>;

/** All roles, the ready-made ones first. */
export async function findRoles({ db }: Pick<Context, 'db'>): Promise<StaffRole[]> {
  const own = await db.selectFrom('staffRoles').selectAll().orderBy('name').orderBy('id').execute();
  const held = await db
    .selectFrom('staff')
    .select(['role', (of) => of.fn.countAll<number>().as('people')])
    .groupBy('role')
    .execute();
  const people = new Map(held.map((row) => [row.role, Number(row.people)]));
  return [...readyRoles.map(ready), ...own.map(fromRow)].map((role) => ({ ...role, people: people.get(role.id) ?? 0 }));
}

export async function findRole(db: Db, id: string): Promise<Role | undefined> {
  const known = readyRoles.find((name) => name === id);
  if (known) return ready(known);
  const row = await db.selectFrom('staffRoles').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Whoever manages staff may look at what a role sees; never at more than they see themselves. */
export async function viewedRole(db: Db, own: Role, id: string): Promise<Role> {
  const role = await findRole(db, id);
  if (!role || !own.rights.includes('staff')) throw new ApiError('forbidden');
  const { tenants } = role;
  const shared = own.tenants && tenants ? tenants.filter((tenant) => own.tenants?.includes(tenant)) : null;
  return {
    ...role,
    rights: role.rights.filter((right) => own.rights.includes(right)),
    tenants: shared ?? own.tenants ?? tenants,
  };
}

/** Makes a role or changes one; accounts that have it feel it with their next request. */
export async function saveRole(context: WriteContext, input: Input<'saveStaffRole'>): Promise<StaffRole> {
  const { db, actor } = context;
  requireOwn(context, input.rights);
  const stored = input.id === undefined ? undefined : await findRole(db, input.id);
  if (input.id !== undefined && (!stored || stored.isReady))
    throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  // What one may do oneself is another's to decide.
  if (input.id !== undefined && input.id === context.role)
    throw new ApiError('forbidden', [{ path: ['id'], name: 'notYourself' }]);
  const name = input.name;
  const twin = await db
    .selectFrom('staffRoles')
    .select('id')
    .where('name', '=', name)
    .where('id', '<>', input.id ?? '')
    .executeTakeFirst();
  if (twin) throw new ApiError('codeTaken', [{ path: ['name'], name: 'codeTaken' }]);
  const id = input.id ?? randomBytes(12).toString('hex');
  const row = {
    name,
    rights: JSON.stringify(input.rights),
    tenants: input.tenants && JSON.stringify(input.tenants),
  };
  if (stored) await db.updateTable('staffRoles').set(row).where('id', '=', id).execute();
  else
    await db
      .insertInto('staffRoles')
      .values({ ...row, id, createdAt: new Date().toISOString() })
      .execute();
  await recordChanges(db, actor, [
    { kind: 'target', before: stored ? said(stored) : null, after: said({ id, ...input }) },
  ]);
  const saved = (await findRoles(context)).find((role) => role.id === id);
  if (!saved) throw new ApiError('internal');
  return saved;
}

export async function deleteRole({ db, actor }: WriteContext, id: string): Promise<void> {
  const stored = await findRole(db, id);
  if (!stored || stored.isReady) throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  const holder = await db.selectFrom('staff').select('id').where('role', '=', id).executeTakeFirst();
  if (holder) throw new ApiError('validation', [{ path: ['id'], name: 'roleHeld' }]);
  await db.deleteFrom('staffRoles').where('id', '=', id).execute();
  const deletedAt = new Date().toISOString();
  await recordChanges(db, actor, [
    { kind: 'target', before: said(stored), after: JSON.stringify({ ...JSON.parse(said(stored)), deletedAt }) },
  ]);
}

export function requireOwn({ rights }: Pick<Context, 'rights'>, given: readonly Right[]): void {
  const beyond = given.findIndex((right) => !rights.includes(right));
  if (beyond >= 0) throw new ApiError('forbidden', [{ path: ['rights', beyond], name: 'scopeBeyondOwn' }]);
}

const ready = (id: ReadyRole): Role => ({ id, name: '', rights: [...rightsOf[id]], tenants: null, isReady: true });

function fromRow({ id, name, rights, tenants }: Schema['staffRoles']): Role {
  return { id, name, rights: JSON.parse(rights), tenants: tenants && JSON.parse(tenants), isReady: false };
}

const said = ({ name, rights, tenants }: Pick<Role, 'name' | 'rights' | 'tenants'>) =>
  JSON.stringify({ name, rights, tenants });
