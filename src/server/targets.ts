import { randomBytes } from 'node:crypto';
import { defaultNamespace, type TargetReference, type TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError, type ErrorName } from '#contract/wire/errors';
import { fieldsFor, valuesFor } from './access/seen.ts';
import { spaceFor } from './access/space.ts';
import type { Context } from './context.ts';
import { lockTargets } from './database/locks.ts';
import { inSlices } from './database/open.ts';
import { type Db, type Trx, targetTables } from './database/schema.ts';
import { requireReason } from './record/history.ts';
import { claim, release } from './stores/claims.ts';
import type { Target } from './stores/values.ts';
import { type Bound, met } from './tenancy.ts';

/** A new public id, in the form of the vendor's. */
export const newUid = () => randomBytes(12).toString('hex');

/** A new id that values, claims and history hang on. */
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

/** The living target that the wire names, if the caller meets it. Throws the not-found error of its type. */
export async function findTarget(
  { db, ...bound }: Bound & { db: Db },
  { targetType, targetIdentifier, namespace }: TargetReference,
): Promise<Target> {
  const id = await find[targetType]({ db, ...bound }, targetIdentifier, namespace || defaultNamespace);
  if (id === undefined) throw new ApiError(notFound[targetType]);
  return { id, targetType };
}

/**
 * Makes writers of one target wait for each other, so that what was and what is form one line in its history; throws
 * not-found if it went into the trash meanwhile.
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

/** Those of some targets that aren't in the trash. */
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

/** What somebody changes of a target's built-in fields. Without the right to read, no answer tells what was so already. */
export function editOf({ actor, rights }: Pick<Context, 'actor' | 'rights'>, before: object, sent: object) {
  if (!rights.includes('read') && Object.keys(stated(sent)).length) requireReason(actor);
  return difference(before, sent);
}

/** What changed of a target's built-in fields, for history; undefined when nothing did. */
export function difference(before: object, after: object): { before: string; after: string } | undefined {
  const old = new Map(Object.entries(before));
  const keys = Object.entries(after).filter(([key, value]) => value !== undefined && old.get(key) !== value);
  if (!keys.length) return undefined;
  return {
    before: JSON.stringify(Object.fromEntries(keys.map(([key]) => [key, old.get(key) ?? null]))),
    after: JSON.stringify(Object.fromEntries(keys)),
  };
}

/** Reads `customData` of many targets for the answers' flags; both absent reads nothing. */
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

/** What an answer tells of a target: all of it, or its ids alone to whoever lacks the right to read. */
export const disclosed = <T extends object>({ rights }: Pick<Context, 'rights'>, all: T, idsAlone: T): T =>
  rights.includes('read') ? all : idsAlone;

/** What a write said itself, which its answer repeats to whoever isn't told the rest. */
export function stated<T extends object>(sent: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const said = Object.entries(sent).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Refuses a change of built-in fields without the right to edit the directory. */
export function requireDirectory({ rights }: Pick<Context, 'rights'>, changed: object): void {
  const keys = Object.entries(changed).filter(([, value]) => value !== undefined);
  if (!keys.length || rights.includes('directory')) return;
  throw new ApiError(
    'forbidden',
    keys.map(([key]) => ({ path: [key], name: 'needsDirectoryRight' })),
  );
}
