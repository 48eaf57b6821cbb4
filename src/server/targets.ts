import { randomBytes } from 'node:crypto';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { defaultNamespace, type TargetReference, type TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { fieldsFor, valuesFor } from './access/seen.ts';
import { spaceFor } from './access/space.ts';
import type { Context } from './context.ts';
import { lockTargets } from './database/locks.ts';
import { inSlices } from './database/open.ts';
import type { Db, Trx } from './database/schema.ts';
import { kinds } from './kinds/kinds.ts';
import { requireReason } from './record/history.ts';
import { claim, release } from './stores/claims.ts';
import type { Target } from './stores/values.ts';
import { type Bound, met } from './tenancy.ts';

/** A new public id in GenAuth's format. */
export const newUid = () => randomBytes(12).toString('hex');

declare const isLocked: unique symbol;

/**
 * A living target that this transaction alone writes. Only this file makes one, so that no write goes to a target that
 * was found before the lock.
 */
export interface LockedTarget extends Target {
  readonly [isLocked]: true;
}

/** Inserts a new internal id. Values, claims and the change history refer to it. */
export async function insertTarget(trx: Trx, targetType: TargetType): Promise<LockedTarget> {
  const { id } = await trx.insertInto('targets').values({ type: targetType }).returning('id').executeTakeFirstOrThrow();
  return { id, targetType } as LockedTarget;
}

/** The living target that the wire names, if the caller meets it. Throws the not-found error of its type. */
export async function findTarget({ db, ...bound }: Bound & { db: Db }, reference: TargetReference): Promise<Target> {
  const { targetType } = reference;
  const { table, notFound } = kinds[targetType];
  const found = await db
    .selectFrom(table)
    .select('id')
    .where(isNamed(reference))
    .where('deletedAt', 'is', null)
    .where(met(bound, targetType))
    .executeTakeFirst();
  if (!found) throw new ApiError(notFound);
  return { id: found.id, targetType };
}

/** Whom the wire names, as a condition on the table of its type. */
export function isNamed({ targetType, targetIdentifier, namespace }: TargetReference): RawBuilder<SqlBool> {
  const { table, identifier, within } = kinds[targetType];
  const isIt = sql<SqlBool>`${sql.ref(`${table}.${identifier}`)} = ${targetIdentifier}`;
  return within ? sql<SqlBool>`(${isIt} and ${within(namespace || defaultNamespace)})` : isIt;
}

/**
 * Finds living targets and locks them, so that concurrent writers wait and the change history of each is one sequence.
 * Finds them again under the lock: a name can have become another's while this waited. That is refused as not found.
 */
export async function lockFound(
  trx: Trx,
  targetType: TargetType,
  find: () => Promise<{ id: number }[]>,
): Promise<LockedTarget[]> {
  const idsNow = async () => new Set((await find()).map(({ id }) => id));
  const locked = await idsNow();
  await lockTargets(trx, targetType, [...locked]);
  const found = [...(await idsNow())];
  if (!found.every((id) => locked.has(id))) throw new ApiError(kinds[targetType].notFound);
  return found.map((id) => ({ id, targetType }) as LockedTarget);
}

/** The same for one. */
export async function lockOne(
  trx: Trx,
  targetType: TargetType,
  find: () => Promise<{ id: number }>,
): Promise<LockedTarget> {
  const [target] = await lockFound(trx, targetType, async () => [await find()]);
  if (!target) throw new ApiError(kinds[targetType].notFound);
  return target;
}

/** The living target that the wire names, locked. */
export const lockNamed = (context: Bound & { db: Trx }, reference: TargetReference): Promise<LockedTarget> =>
  lockOne(context.db, reference.targetType, () => findTarget(context, reference));

/** All that these codes name, locked. */
export const lockCodes = (
  context: Bound & { db: Trx },
  targetType: TargetType,
  codes: string[],
  namespace: string | null | undefined,
): Promise<LockedTarget[]> =>
  lockFound(context.db, targetType, async () => {
    const found: Target[] = [];
    for (const targetIdentifier of codes)
      found.push(await findTarget(context, { targetType, targetIdentifier, namespace: namespace ?? null }));
    return found;
  });

/** The ids of the targets that aren't in the trash. */
export async function findLiving(db: Db, targetType: TargetType, ids: number[]): Promise<Set<number>> {
  const rows = await inSlices(ids, (slice) =>
    db
      .selectFrom(kinds[targetType].table)
      .select('id')
      .where('id', 'in', slice)
      .where('deletedAt', 'is', null)
      .execute(),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Gives a target a name of its own in a scope, in place of the one it had. Throws at `path` if somebody else bears it. */
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
 * An edit of built-in fields. Without `read`, every property that was sent counts as changed: neither the answer nor
 * the activity must show whether it was equal.
 */
export function editOf({ actor, rights }: Pick<Context, 'actor' | 'rights'>, before: object, sent: object) {
  if (rights.includes('read')) return difference(before, sent);
  const said = Object.entries(sent).filter(([, value]) => value !== undefined);
  if (!said.length) return undefined;
  requireReason(actor);
  return changeOf(before, said);
}

/** The changed built-in fields of a target, for the change history. Undefined if nothing changed. */
export function difference(before: object, after: object): { before: string; after: string } | undefined {
  const old = new Map(Object.entries(before));
  const keys = Object.entries(after).filter(([key, value]) => value !== undefined && old.get(key) !== value);
  return keys.length ? changeOf(before, keys) : undefined;
}

function changeOf(before: object, said: [string, unknown][]): { before: string; after: string } {
  const old = new Map(Object.entries(before));
  return {
    before: JSON.stringify(Object.fromEntries(said.map(([key]) => [key, old.get(key) ?? null]))),
    after: JSON.stringify(Object.fromEntries(said)),
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

/** What a write said itself, which its answer repeats to whoever isn't told the rest. */
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
