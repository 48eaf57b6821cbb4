import { ApiError } from '#contract/wire/errors';
import type { Context } from '../context.ts';

/** The space of definitions and values of a call. "" is the user pool itself. An unknown tenant is refused. */
export async function spaceFor(
  { db, tenantId, tenants }: Pick<Context, 'db' | 'tenantId' | 'tenants'>,
  said: string | undefined,
): Promise<string> {
  const id = said || tenantId;
  // A role that is limited to tenants sees no others. It must not learn whether another tenant exists.
  if (tenants && !tenants.includes(id)) throw new ApiError('forbidden');
  if (!id) return id;
  const tenant = await db
    .selectFrom('tenants')
    .select('id')
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!tenant) throw new ApiError('tenantNotFound');
  return id;
}
