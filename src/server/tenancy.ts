import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TargetType } from '#contract/target';
import type { Context } from './context.ts';
import { kinds } from './kinds/kinds.ts';

// The law of tenants, which every query asks: whoever is bound to some tenants (`tenants`; null is bound to none) meets
// the fields, departments, plans and views of these, and what has no tenant by its nature: users, groups, roles and the
// built-in fields. What is of another tenant, or of the pool's own space, can't be told from what isn't there.

/** Whoever may be bound to some tenants. */
export type Bound = Pick<Context, 'tenants'>;

/** Nobody in particular: what is done to all that hold a value is done to those too whom the caller doesn't meet. */
export const unbound: Bound = { tenants: null };

const always = sql<SqlBool>`1 = 1`;
const never = sql<SqlBool>`1 = 0`;

/** Rows whose tenant, which stands in the column, is one of the caller's. */
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
 * Entries of the activity that a caller meets, of those of a space: about a field of the space, or a target that they
 * meet. What is about neither concerns the pool (accounts, roles, keys, tenants), and so nobody who is bound; nor does a
 * field that an older version removed for good, which has no space any more.
 */
export function metActivity(bound: Bound, space: string): RawBuilder<SqlBool> {
  const home = sql`coalesce(fields.tenant_id, purged_fields.tenant_id)`;
  if (!bound.tenants) return sql<SqlBool>`(${home} is null or ${home} = ${space})`;
  return sql<SqlBool>`(activity.field_id is not null or activity.target_id is not null)
    and (activity.field_id is null or ${home} = ${space})
    and ${metTarget(bound, 'activity.targetId')}`;
}
