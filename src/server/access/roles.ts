import { type PresetRole, presetRoles, rightsOf, type StaffRole } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import type { Context } from '../context.ts';
import type { Db, Schema } from '../database/schema.ts';

export type Role = Omit<StaffRole, 'people'>;

/** The roles that a caller can see, built-in ones first: for all tenants, or for one of the caller's tenants. */
export async function findRoles({ db, tenants }: Pick<Context, 'db' | 'tenants'>): Promise<StaffRole[]> {
  const own = await db.selectFrom('staffRoles').selectAll().orderBy('name').orderBy('id').execute();
  const held = await db
    .selectFrom('staff')
    .select(['role', (of) => of.fn.countAll<number>().as('people')])
    .groupBy('role')
    .execute();
  const people = new Map(held.map((row) => [row.role, Number(row.people)]));
  const all = [...presetRoles.map(ready), ...own.map(fromRow)];
  if (!tenants) return all.map((role) => ({ ...role, people: people.get(role.id) ?? 0 }));
  // Accounts belong to the pool, so their number is hidden too.
  return all.flatMap((role) => {
    const shared = role.tenants?.filter((tenant) => tenants.includes(tenant));
    return shared?.length === 0 ? [] : [{ ...role, tenants: shared ?? null, people: null }];
  });
}

export async function findRole(db: Db, id: string): Promise<Role | undefined> {
  const known = presetRoles.find((name) => name === id);
  if (known) return ready(known);
  const row = await db.selectFrom('staffRoles').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** A person who manages the team can view as a role, but never sees more than with their own role. */
export async function viewedRole(db: Db, own: Role, id: string): Promise<Role> {
  const role = await findRole(db, id);
  if (!role || !own.rights.includes('staff')) throw new ApiError('forbidden');
  return bothOf(own, role);
}

/** The intersection of two roles: the permissions and tenants that both have. */
export function bothOf(own: Role, role: Role): Role {
  const { tenants } = role;
  const shared = own.tenants && tenants ? tenants.filter((tenant) => own.tenants?.includes(tenant)) : null;
  return {
    ...role,
    rights: role.rights.filter((right) => own.rights.includes(right)),
    tenants: shared ?? own.tenants ?? tenants,
  };
}

/** Refuses a gift of permissions that the giver doesn't have, and names the first one. */
export function requireOwn({ rights }: Pick<Context, 'rights'>, given: readonly Right[]): void {
  const beyond = given.findIndex((right) => !rights.includes(right));
  if (beyond >= 0) throw new ApiError('forbidden', [{ path: ['rights', beyond], name: 'scopeBeyondOwn' }]);
}

const ready = (id: PresetRole): Role => ({ id, name: '', rights: [...rightsOf[id]], tenants: null, isPreset: true });

function fromRow({ id, name, rights, tenants }: Schema['staffRoles']): Role {
  return { id, name, rights: JSON.parse(rights), tenants: tenants && JSON.parse(tenants), isPreset: false };
}
