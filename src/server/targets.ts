import { randomBytes } from 'node:crypto';
import { defaultNamespace, type TargetReference, type TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError, type ErrorName } from '#contract/wire/errors';
import { fieldsFor, valuesFor } from './access/seen.ts';
import { spaceFor } from './access/space.ts';
import type { Context } from './context.ts';
import { inSlices, lockTargets } from './database/open.ts';
import { type Db, type Trx, targetTables } from './database/schema.ts';
import { requireReason } from './record/history.ts';
import { claim, release } from './stores/claims.ts';
import type { Target } from './stores/values.ts';
import { type Bound, met } from './tenancy.ts';

/** A new public id in GenAuth's format. */
export const newUid = () => randomBytes(12).toString('hex');

/** Inserts a new internal id. Values, claims and the change history refer to it. */
export async function insertTarget(trx: Trx, type: TargetType): Promise<number> {
  const { id } = await trx.insertInto('targets').values({ type }).returning('id').executeTakeFirstOrThrow();
  return id;
}

export const notFound: Record<TargetType, ErrorName> = {
  USER: 'userNotFound',
  ROLE: 'roleNotFound',
  GROUP: 'groupNotFound',
  DEPARTMENT: 'departmentNotFound',
};

/** The target of a reference, if the caller can see it and it isn't in the trash. Throws its type's not-found error. */
export async function findTarget(
  { db, ...bound }: Bound & { db: Db },
  { targetType, targetIdentifier, namespace }: TargetReference,
): Promise<Target> {
  const id = await find[targetType]({ db, ...bound }, targetIdentifier, namespace || defaultNamespace);
  if (id === undefined) throw new ApiError(notFound[targetType]);
  return { id, targetType };
}

/**
 * Locks a target, so that concurrent writers wait and its change history is one sequence. Throws not-found if the
 * target is in the trash now.
 */
export async function lockTarget(trx: Trx, { id, targetType }: Target): Promise<void> {
  await lockTargets(trx, targetType, [id]);
  const table = targetTables[targetType];
  const living = await trx
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!living) throw new ApiError(notFound[targetType]);
}

/** The ids of the targets that aren't in the trash. */
export async function findLiving(db: Db, targetType: TargetType, ids: number[]): Promise<Set<number>> {
  const rows = await inSlices(ids, (slice) =>
    db
      .selectFrom(targetTables[targetType])
      .select('id')
      .where('id', 'in', slice)
      .where('deletedAt', 'is', null)
      .execute(),
  );
  return new Set(rows.map(({ id }) => id));
}

type Find = (caller: Bound & { db: Db }, identifier: string, namespace: string) => Promise<number | undefined>;

const find: Record<TargetType, Find> = {
  async USER({ db }, userId) {
    const query = db.selectFrom('users').select('id').where('userId', '=', userId).where('deletedAt', 'is', null);
    return (await query.executeTakeFirst())?.id;
  },
  async ROLE({ db }, code, namespace) {
    const query = db
      .selectFrom('roles')
      .innerJoin('namespaces', 'namespaces.id', 'roles.namespaceId')
      .select('roles.id')
      .where('roles.code', '=', code)
      .where('namespaces.code', '=', namespace)
      .where('roles.deletedAt', 'is', null);
    return (await query.executeTakeFirst())?.id;
  },
  async GROUP({ db }, code) {
    const query = db.selectFrom('groups').select('id').where('code', '=', code).where('deletedAt', 'is', null);
    return (await query.executeTakeFirst())?.id;
  },
  async DEPARTMENT({ db, ...bound }, departmentId) {
    const query = db
      .selectFrom('departments')
      .select('id')
      .where('departmentId', '=', departmentId)
      .where('deletedAt', 'is', null)
      .where(met(bound, 'DEPARTMENT'));
    return (await query.executeTakeFirst())?.id;
  },
};

/** Gives a target a unique name in a scope and releases the old one. Throws at `path` if the name is taken. */
export async function claimName(
  trx: Trx,
  scope: string,
  name: string | null,
  targetId: number,
  refusal: { error: 'codeTaken' | 'valueTaken'; path: (string | number)[] },
): Promise<void> {
  await release(trx, scope, targetId);
  if (name === null || name === '') return;
  const holder = await claim(trx, scope, name, targetId);
  if (holder !== undefined) throw new ApiError(refusal.error, [{ path: refusal.path, name: refusal.error }]);
}

/**
 * An edit of built-in fields. Without `read`, an empty edit needs a reason too: the answer must not show old values.
 */
export function editOf({ actor, rights }: Pick<Context, 'actor' | 'rights'>, before: object, sent: object) {
  if (!rights.includes('read') && Object.keys(stated(sent)).length) requireReason(actor);
  return difference(before, sent);
}

/** The changed built-in fields of a target, for the change history. Undefined if nothing changed. */
export function difference(before: object, after: object): { before: string; after: string } | undefined {
  const old = new Map(Object.entries(before));
  const keys = Object.entries(after).filter(([key, value]) => value !== undefined && old.get(key) !== value);
  if (!keys.length) return undefined;
  return {
    before: JSON.stringify(Object.fromEntries(keys.map(([key]) => [key, old.get(key) ?? null]))),
    after: JSON.stringify(Object.fromEntries(keys)),
  };
}

/** Reads the `customData` of many targets. If both flags are absent, it reads nothing. */
export async function customDataFor(
  context: Context,
  targetType: TargetType,
  ids: number[],
  flags: {
    withCustomData?: boolean | null | undefined;
    flatCustomData?: boolean | null | undefined;
    tenantId?: string | undefined;
  },
): Promise<(id: number) => { customData?: Record<string, Value> } & Record<string, unknown>> {
  if (!flags.withCustomData && !flags.flatCustomData) return () => ({});
  const fields = await fieldsFor(context, await spaceFor(context, flags.tenantId), targetType);
  const values = await valuesFor(context, fields, ids);
  return (id) => {
    const customData = values.get(id) ?? {};
    return { ...(flags.flatCustomData && customData), customData };
  };
}

/** What an answer contains of a target: everything, or only its ids if the caller doesn't have `read`. */
export const disclosed = <T extends object>({ rights }: Pick<Context, 'rights'>, all: T, idsAlone: T): T =>
  rights.includes('read') ? all : idsAlone;

/** The properties that a write itself sent. Its answer may repeat them to a caller without `read`. */
export function stated<T extends object>(sent: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const said = Object.entries(sent).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Refuses a change of built-in fields without the `directory` permission. */
export function requireDirectory({ rights }: Pick<Context, 'rights'>, changed: object): void {
  const keys = Object.entries(changed).filter(([, value]) => value !== undefined);
  if (!keys.length || rights.includes('directory')) return;
  throw new ApiError(
    'forbidden',
    keys.map(([key]) => ({ path: [key], name: 'needsDirectoryRight' })),
  );
}
