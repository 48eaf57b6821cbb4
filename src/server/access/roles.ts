import { type PresetRole, presetRoles, rightsOf, type StaffRole } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import type { Context } from '../context.ts';
import type { Db, Schema } from '../database/schema.ts';

export type Role = Omit<StaffRole, 'people'>;

/** The roles that a caller meets, the ready-made ones first: those for all tenants, and those for one of the caller's. */
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
  // Accounts are the pool's, and so is how many there are.
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

/** Whoever manages staff may look at what a role sees; never at more than they see themselves. */
export async function viewedRole(db: Db, own: Role, id: string): Promise<Role> {
  const role = await findRole(db, id);
  if (!role || !own.rights.includes('staff')) throw new ApiError('forbidden');
  return bothOf(own, role);
}

/** A role with no more than another has: the rights and tenants of both. */
export function bothOf(own: Role, role: Role): Role {
  const { tenants } = role;
  const shared = own.tenants && tenants ? tenants.filter((tenant) => own.tenants?.includes(tenant)) : null;
  return {
    ...role,
    rights: role.rights.filter((right) => own.rights.includes(right)),
    tenants: shared ?? own.tenants ?? tenants,
  };
}

/** Names the first right that somebody gives and lacks. */
export function requireOwn({ rights }: Pick<Context, 'rights'>, given: readonly Right[]): void {
  const beyond = given.findIndex((right) => !rights.includes(right));
  if (beyond >= 0) throw new ApiError('forbidden', [{ path: ['rights', beyond], name: 'scopeBeyondOwn' }]);
}

const ready = (id: PresetRole): Role => ({ id, name: '', rights: [...rightsOf[id]], tenants: null, isPreset: true });

function fromRow({ id, name, rights, tenants }: Schema['staffRoles']): Role {
  return { id, name, rights: JSON.parse(rights), tenants: tenants && JSON.parse(tenants), isPreset: false };
}
