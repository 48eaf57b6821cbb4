import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Tenant } from '#contract/directory';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import type { Actor, Context } from '../context.ts';
import type { Db, Schema, Trx } from '../database/schema.ts';
import { recordChanges } from '../record/history.ts';
import { containing } from '../search/search.ts';
import { poolId } from '../staff/store.ts';

const details = z.object({
  logo: z.string(),
  rejectHint: z.string(),
  appIds: z.array(z.string()),
  sourceAppId: z.string(),
  enterpriseDomains: z.array(z.string()),
  creator: z.string(),
});

export async function findTenant(db: Db, id: string): Promise<Tenant> {
  const row = await db
    .selectFrom('tenants')
    .selectAll()
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!row) throw new ApiError('tenantNotFound');
  return fromRow(row, await poolId(db));
}

export async function findTenants(
  { db, tenants }: Pick<Context, 'db' | 'tenants'>,
  { keywords, page, limit }: { keywords: string; page: number; limit: number },
) {
  let query = db.selectFrom('tenants').where('deletedAt', 'is', null);
  if (keywords) query = query.where(containing(db, 'name', keywords));
  if (tenants) query = query.where('id', 'in', [...tenants, '']);
  const { total } = await query.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .selectAll()
    .orderBy('createdAt')
    .orderBy('id')
    .limit(limit)
    .offset((page - 1) * limit)
    .execute();
  const pool = await poolId(db);
  return { totalCount: total, list: rows.map((row) => fromRow(row, pool)) };
}

export async function createTenant(trx: Trx, actor: Actor, input: Input<'createTenant'>): Promise<Tenant> {
  const row = {
    id: randomBytes(12).toString('hex'),
    name: input.name,
    description: input.description ?? '',
    details: JSON.stringify({
      logo: [input.logo ?? ''].flat()[0] ?? '',
      rejectHint: input.rejectHint ?? '',
      appIds: input.appIds ?? [],
      sourceAppId: input.sourceAppId ?? '',
      enterpriseDomains: input.enterpriseDomains ?? [],
      creator: actor.name,
    } satisfies z.output<typeof details>),
    createdAt: new Date().toISOString(),
    deletedAt: null,
  };
  await trx.insertInto('tenants').values(row).execute();
  await recordChanges(trx, actor, [{ kind: 'target', before: null, after: JSON.stringify(row) }]);
  return fromRow(row, await poolId(trx));
}

function fromRow(row: Schema['tenants'], userPoolId: string): Tenant {
  const { id, name, description, createdAt } = row;
  return {
    tenantId: id,
    userPoolId,
    name,
    description,
    createdAt,
    source: '',
    code: '',
    host: '',
    ...details.parse(JSON.parse(row.details)),
  };
}
