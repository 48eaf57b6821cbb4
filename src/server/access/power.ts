import { keyScopes } from '#contract/key';
import { rightsOf } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import type { Context, WriteContext } from '../context.ts';
import type { AccessKeyRow, Db } from '../database/schema.ts';
import { bothOf, findRole, type Role, requireOwn } from './roles.ts';
import { covers, type Power } from './seen.ts';

// Reads from the database what each principal may do now. `covers` (seen.ts) compares the results.

/** The power of a person with a role. The console reveals protected values one at a time. */
export const powerOfRole = ({ id, rights, tenants }: Pick<Role, 'id' | 'rights' | 'tenants'>): Power => {
  const clear = rights.includes('reveal');
  return { rights, role: id, tenants, clear: { encrypted: clear, desensitised: clear } };
};

/**
 * The power of an access key. Undefined if its role or its creator's role doesn't exist any more. A key never has
 * `staff`, because it could then give itself every permission. It sees of each field what both roles see. The creator
 * is the account that made or last rotated the key; its current role counts, even if it is disabled. A key of the
 * command line that nobody rotated has no creator's role.
 */
export async function powerOfKey(
  db: Db,
  key: Pick<AccessKeyRow, 'scopes' | 'role' | 'makerId' | 'makerRole'>,
): Promise<(Power & { ownRole: string | null }) | undefined> {
  const given = key.scopes.split(',');
  const own = keyScopes.filter((scope) => given.includes(scope));
  const makerRole = await roleOfMaker(db, key);
  const id = key.role ?? makerRole;
  if (id === null) {
    const clear = { encrypted: true, desensitised: own.includes('reveal') };
    return { rights: own, role: null, ownRole: null, tenants: null, clear };
  }
  const seenAs = await findRole(db, id);
  const maker = makerRole === null || makerRole === id ? seenAs : await findRole(db, makerRole);
  if (!seenAs || !maker) return undefined;
  const role = bothOf(maker, seenAs);
  const rights = own.filter((scope) => role.rights.includes(scope));
  const clear = { encrypted: role.rights.includes('reveal'), desensitised: rights.includes('reveal') };
  return { rights, role: id, ownRole: makerRole, tenants: role.tenants, clear };
}

async function roleOfMaker(
  db: Db,
  { makerId, makerRole }: Pick<AccessKeyRow, 'makerId' | 'makerRole'>,
): Promise<string | null> {
  if (makerId === null) return makerRole;
  const account = await db.selectFrom('staff').select('role').where('id', '=', makerId).executeTakeFirst();
  return account?.role ?? makerRole;
}

/** What the caller may do now. Call it under the pool's lock (route.ts): before, the caller may have had more. */
export async function giverOf({ db, actor, role: was }: WriteContext): Promise<Power> {
  const account = await db
    .selectFrom('staff')
    .select('role')
    .where('id', '=', actor.id)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
  const role = account && (await findRole(db, account.role));
  if (!role || role.id !== was || !role.rights.includes('staff')) throw new ApiError('forbidden');
  return powerOfRole(role);
}

/** Whether an account may currently give a role to others. */
export async function mayGive(db: Db, giverId: string, roleId: string): Promise<boolean> {
  const account = await db
    .selectFrom('staff')
    .select('role')
    .where('id', '=', giverId)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
  const own = account && (await findRole(db, account.role));
  const given = await findRole(db, roleId);
  if (!own?.rights.includes('staff') || !given) return false;
  return covers(db, powerOfRole(own), powerOfRole(given));
}

/** Refuses to change or give something that has more power than the caller. */
export async function requireCover(
  context: WriteContext,
  giver: Power,
  gift: Power | undefined,
  path: string,
): Promise<void> {
  if (gift && !(await covers(context.db, giver, gift)))
    throw new ApiError('forbidden', [{ path: [path], name: 'beyondOwn' }]);
}

/**
 * Like `requireCover`, for power that is taken and that nobody gets. It ignores access to single fields, so that a
 * field that is hidden from team managers doesn't prevent them from removing anybody.
 */
export const requireTaking = (context: WriteContext, giver: Power, from: Power | undefined, path: string) =>
  requireCover(context, giver, from && { ...from, role: giver.role, clear: giver.clear }, path);

/** The power of a role. Undefined if the role doesn't exist. */
export async function powerOf({ db }: Pick<Context, 'db'>, roleId: string): Promise<Power | undefined> {
  const role = await findRole(db, roleId);
  return role && powerOfRole(role);
}

/** Checks the new role of an account: it must not have more power than the giver. */
export async function requireRole(context: WriteContext, giver: Power, id: string): Promise<void> {
  const role = await findRole(context.db, id);
  if (!role) throw new ApiError('validation', [{ path: ['role'], name: 'roleUnknown' }]);
  requireOwn(giver, role.rights);
  await requireCover(context, giver, powerOfRole(role), 'role');
}

const withoutSlash = (address: string) => address.replace(/\/$/, '');

export const isAdministrator = ({ rights, tenants }: Pick<Power, 'rights' | 'tenants'>): boolean =>
  tenants === null && rightsOf.administrator.every((right) => rights.includes(right));

type Everybody = Pick<Context, 'db' | 'config'>;

/** What people have who can sign in and may do everything, by role; but for one who is left out. */
export async function administrators({ db, config }: Everybody, but = ''): Promise<Map<string, Power>> {
  const accounts = await db
    .selectFrom('staff')
    .select(['role', 'password', 'issuer'])
    .where('disabledAt', 'is', null)
    .where('id', '<>', but)
    .execute();
  // A person without a password can only sign in through the current provider.
  const provider = config.oidc && withoutSlash(config.oidc.issuer);
  const found = new Map<string, Power>();
  for (const { role: id, password, issuer } of accounts) {
    const canSignIn = password !== '' || (issuer !== null && withoutSlash(issuer) === provider);
    if (!canSignIn || found.has(id)) continue;
    const role = await findRole(db, id);
    if (role && isAdministrator(role)) found.set(id, powerOfRole(role));
  }
  return found;
}

/** Whether nobody is left who can give back what some administrators had. */
export async function areLast(db: Db, had: Map<string, Power>, left: Map<string, Power>): Promise<boolean> {
  for (const [id, power] of had) {
    if (left.has(id)) continue;
    let isCovered = false;
    for (const other of left.values()) isCovered ||= await covers(db, other, power);
    if (!isCovered) return true;
  }
  return false;
}

/** Runs a change after which somebody must still have all that administrators had. Staff is locked (route.ts). */
export async function keepingAdministrator(context: WriteContext, path: string, work: () => Promise<void>) {
  const had = await administrators(context);
  await work();
  if (await areLast(context.db, had, await administrators(context)))
    throw new ApiError('forbidden', [{ path: [path], name: 'lastAdministrator' }]);
}
