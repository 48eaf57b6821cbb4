import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TargetType } from '#contract/target';
import type { Context } from './context.ts';
import { kinds } from './kinds/kinds.ts';

// Tenant isolation. Every query uses these conditions. A caller with `tenants` sees the fields, departments, plans and
// views of these tenants, and everything that has no tenant: users, groups, roles and built-in fields. `tenants: null`
// has no limit. To the caller, objects of other tenants and of the user pool itself don't exist.

/** A caller who may be limited to tenants. */
export type Bound = Pick<Context, 'tenants'>;

/** No tenant limit: an operation on all targets that have a value also covers targets that the caller can't see. */
export const unbound: Bound = { tenants: null };

const always = sql<SqlBool>`1 = 1`;
const never = sql<SqlBool>`1 = 0`;

/** Rows whose tenant in this column is one of the caller's. */
function inTenants({ tenants }: Bound, column: string): RawBuilder<SqlBool> {
  if (!tenants) return always;
  return tenants.length ? sql<SqlBool>`${sql.ref(column)} in (${sql.join(tenants)})` : never;
}

/** Targets that a caller meets, as a condition on their own table. */
export function met(bound: Bound, targetType: TargetType): RawBuilder<SqlBool> {
  const { tenantColumn } = kinds[targetType];
  return tenantColumn ? inTenants(bound, tenantColumn) : always;
}

/** The same for a column that holds the ids of targets of any type. */
export function metTarget(bound: Bound, column: string): RawBuilder<SqlBool> {
  if (!bound.tenants) return always;
  const unmet = Object.values(kinds).flatMap(({ table, tenantColumn }) =>
    tenantColumn
      ? sql`select 1 from ${sql.table(table)}
          where ${sql.ref(`${table}.id`)} = ${sql.ref(column)} and not ${inTenants(bound, tenantColumn)}`
      : [],
  );
  return sql<SqlBool>`not exists (${sql.join(unmet, sql` union all `)})`;
}

/** Whether a caller meets all targets of a type; null is one that isn't known. */
export const meetsAll = ({ tenants }: Bound, targetType: TargetType | null): boolean =>
  tenants === null || (targetType !== null && kinds[targetType].tenantColumn === null);

/**
 * The audit log entries of a space that a caller can see: about a field of the space, or a target that the caller can
 * see. Other entries concern the pool (accounts, roles, keys, tenants), so a caller with `tenants` doesn't see them.
 * Neither do they see a field that an older version permanently deleted, because it has no space any more.
 */
export function metActivity(bound: Bound, space: string): RawBuilder<SqlBool> {
  const home = sql`coalesce(fields.tenant_id, purged_fields.tenant_id)`;
  if (!bound.tenants) return sql<SqlBool>`(${home} is null or ${home} = ${space})`;
  return sql<SqlBool>`(activity.field_id is not null or activity.target_id is not null)
    and (activity.field_id is null or ${home} = ${space})
    and ${metTarget(bound, 'activity.targetId')}`;
}
