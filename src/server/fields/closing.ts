import type { FieldDefinition } from '#contract/field';
import { ApiError } from '#contract/wire/errors';
import { administrators, powerOfRole } from '../access/power.ts';
import { findRole } from '../access/roles.ts';
import { closedTo, covers, mostOf, powersOf, type Viewer } from '../access/seen.ts';
import type { Context } from '../context.ts';
import { isPostgres } from '../database/open.ts';
import type { Db } from '../database/schema.ts';

type Access = FieldDefinition['access'];
type Closer = Viewer & Pick<Context, 'db' | 'config'>;

/** Why a change of access is refused: it closes the field to somebody with more power, or to all who could open it again. */
export async function closesTooFar(
  context: Closer,
  before: Access,
  after: Access,
): Promise<'closesBeyondOwn' | 'closesToAll' | undefined> {
  if (!closedTo(before, after).length) return undefined;
  if (await closesBeyond(context, before, after)) return 'closesBeyondOwn';
  return (await closesToAll(context, before, after)) ? 'closesToAll' : undefined;
}

/**
 * Whether a change of access takes a field from a role that has more than the caller: nobody blinds whoever watches them,
 * nor makes another small enough to take over. For a key of the command line, which nobody is behind, to manage staff
 * isn't compared: no key can have it.
 */
async function closesBeyond({ db, ...caller }: Closer, before: Access, after: Access): Promise<boolean> {
  for (const id of closedTo(before, after)) {
    const role = await findRole(db, id);
    if (!role) continue;
    const rights = caller.role === null ? role.rights.filter((right) => right !== 'staff') : role.rights;
    for (const power of powersOf(caller)) if (!(await covers(db, power, powerOfRole({ ...role, rights })))) return true;
  }
  return false;
}

/** Whether all who sign in and may do everything would have less of a field than one of them has now. */
async function closesToAll(context: Closer, before: Access, after: Access): Promise<boolean> {
  const roles = await rolesOfAdministrators(context);
  return mostOf(roles, after) < mostOf(roles, before);
}

async function rolesOfAdministrators({ db, config }: Closer): Promise<string[]> {
  const found = [...(await administrators({ db, config })).keys()];
  // Before the first account, the role that it will have.
  return found.length ? found : ['administrator'];
}

/**
 * The end of a transaction that changed accesses: whoever changes or disables an administrator at the same time waits
 * for it, or this for theirs. It is called last, so that nobody waits for long. Refuses if by now a field is closed to
 * all who could open it.
 */
export async function holdOpen(context: Closer, changes: { before: Access; after: Access }[]): Promise<void> {
  const roles = await rolesOfAdministrators(context);
  const closing = changes.filter(({ before, after }) => closedTo(before, after).some((role) => roles.includes(role)));
  if (!closing.length) return;
  await holdAccounts(context.db, roles);
  for (const { before, after } of closing)
    if (await closesToAll(context, before, after))
      throw new ApiError('forbidden', [{ path: ['access'], name: 'closesToAll' }]);
}

/** Holds these accounts as they are until the transaction ends. */
async function holdAccounts(db: Db, roles: string[]): Promise<void> {
  if (!isPostgres(db) || !db.isTransaction) return;
  await db.selectFrom('staff').select('id').where('role', 'in', roles).orderBy('id').forShare().execute();
}
