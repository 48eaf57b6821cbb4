import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { nameOfUser } from '#contract/directory';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import type { Draft, Value } from '#contract/value';
import { call, callTagged } from '../api.ts';
import { holderPath } from '../paths.ts';

/** The target of a page, from its URL. */
export interface Reference {
  targetType: TargetType;
  id: string;
  namespace?: string | undefined;
}

export type Entity = Record<string, unknown>;
export type Values = Record<string, Value | null>;
type Headers = Record<string, string>;

interface Kind {
  /** Its list page. */
  page: string;
  /** The target with its values, as the API returns it. */
  raw: (reference: Reference) => Promise<unknown>;
  /** Saves built-in fields and values in one call. */
  update: (
    reference: Reference,
    entity: Entity,
    builtin: Values,
    customData: Values,
    headers: Headers,
  ) => Promise<unknown>;
  /** Moves it to the trash. */
  remove: (reference: Reference, entity: Entity) => Promise<unknown>;
  name: (entity: Entity) => string;
  /** Short facts that distinguish it. */
  facts: (entity: Entity) => string[];
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** The differences between the four target types. The compiler requires every type. */
export const kinds: Record<TargetType, Kind> = {
  USER: {
    page: '/users',
    raw: ({ id }) => call('getUser', { userId: id, withCustomData: true }),
    update: ({ id }, _entity, builtin, customData, headers) =>
      call('updateUser', { userId: id, ...builtin, customData }, headers),
    remove: ({ id }) => call('deleteUsersBatch', { userIds: [id] }),
    name: (user) => nameOfUser(user as Parameters<typeof nameOfUser>[0]),
    facts: (user) => [
      text(user.email),
      [text(user.phoneCountryCode), text(user.phone)].filter(Boolean).join(' '),
      text(user.userId),
    ],
  },
  ROLE: {
    page: '/roles',
    raw: async (reference) => ({
      ...(await call('getRole', { code: reference.id, namespace: reference.namespace })),
      customData: await call('getCustomData', wire(reference)),
    }),
    update: ({ id, namespace }, _entity, builtin, customData, headers) =>
      call('updateRole', { code: id, namespace, ...plain(builtin), customData }, headers),
    remove: ({ id, namespace }) => call('deleteRolesBatch', { codeList: [id], namespace }),
    name: (role) => text(role.name) || text(role.code),
    facts: (role) => [text(role.code), text(role.namespaceName)],
  },
  GROUP: {
    page: '/groups',
    raw: ({ id }) => call('getGroup', { code: id, withCustomData: true }),
    update: ({ id }, _entity, builtin, customData, headers) =>
      call('updateGroup', { code: id, ...plain(builtin), customData }, headers),
    remove: ({ id }) => call('deleteGroupsBatch', { codeList: [id] }),
    name: (group) => text(group.name) || text(group.code),
    facts: (group) => [text(group.code)],
  },
  DEPARTMENT: {
    page: '/departments',
    raw: ({ id }) => call('getDepartmentById', { departmentId: id, withCustomData: true }),
    update: ({ id }, entity, builtin, customData, headers) =>
      call(
        'updateDepartment',
        { organizationCode: text(entity.organizationCode), departmentId: id, ...plain(builtin), customData },
        headers,
      ),
    remove: ({ id }, entity) =>
      call('deleteDepartment', { organizationCode: text(entity.organizationCode), departmentId: id }),
    name: (department) => text(department.name),
    facts: (department) => [text(department.organizationCode), text(department.code), text(department.departmentId)],
  },
};

/** These texts can be empty but not absent. */
function plain(builtin: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(builtin).map(([key, value]) => [key, String(value ?? '')]));
}

/** The path of its page. */
export const targetPath = ({ targetType, id, namespace }: Reference): string =>
  holderPath(targetType, { identifier: id, namespace });

export const wire = ({ targetType, id, namespace }: Reference) => ({
  targetType,
  targetIdentifier: id,
  ...(namespace && { namespace }),
});

/** A target with its current values and the tag of this state. */
export async function readTarget(reference: Reference): Promise<Omit<TargetData, 'builtin' | 'custom'>> {
  const { data, etag } = await callTagged('getTarget', wire(reference));
  return { entity: data.entity, customData: data.customData as Record<string, Value>, etag };
}

/** The data of a target's page: the target, its values and its fields. */
export interface TargetData {
  entity: Entity;
  customData: Record<string, Value>;
  etag: string | null;
  builtin: Field[];
  custom: Field[];
}

export const valueQueries = {
  target: (reference: Reference) =>
    queryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id],
      queryFn: () => readTarget(reference),
    }),
  raw: (reference: Reference) =>
    queryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id, 'raw'],
      queryFn: () => kinds[reference.targetType].raw(reference),
    }),
  draft: (reference: Reference) =>
    queryOptions({
      queryKey: ['drafts', reference.targetType, reference.namespace ?? '', reference.id],
      queryFn: () => call('getDraft', wire(reference)),
      // Read once, when the form starts.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    }),
  history: (reference: Reference, key: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id, 'history', key ?? ''],
      initialPageParam: undefined as number | undefined,
      queryFn: ({ pageParam }) => call('listHistory', { ...wire(reference), key, before: pageParam }),
      getNextPageParam: ({ list, hasMore }) => (hasMore ? list.at(-1)?.id : undefined),
    }),
  at: (reference: Reference, entry: number) =>
    queryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id, 'at', entry],
      queryFn: async () => (await call('getValuesAt', { ...wire(reference), entry })) as Record<string, Value>,
    }),
};

/** Saves or deletes the draft. An error is ignored, because the form still has the input. */
export const saveDraft = (reference: Reference, draft: Draft | null) =>
  void call('saveDraft', { ...wire(reference), draft }).catch(() => undefined);

/** The id of the last change of a value. 0 if there was none. */
export async function lastChangeOf(reference: Reference, key: string): Promise<number> {
  const { list } = await call('listHistory', { ...wire(reference), key, limit: 1 });
  return list[0]?.id ?? 0;
}

/** The masked values that somebody else replaced since the person started to replace them, with their last change. */
export async function replacedMeanwhile(
  reference: Reference,
  mine: Values,
  lastSeen: Map<string, number>,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const [key, seen] of lastSeen) {
    const last = key in mine ? await lastChangeOf(reference, key) : seen;
    if (last !== seen) found.set(key, last);
  }
  return found;
}

/** Restores a deleted target with its values. */
export const restoreTarget = (reference: Reference) => call('restoreTarget', wire(reference));

/**
 * Saves changes and deletes the draft, in one call. Values alone need no `directory` permission. Refused if the state
 * isn't `etag`'s.
 */
export function saveTarget(
  reference: Reference,
  entity: Entity,
  changed: { builtin: Values; custom: Values },
  { etag, reason }: { etag: string | null; reason: string },
): Promise<unknown> {
  const { builtin, custom } = changed;
  const headers: Headers = {
    ...(etag && { 'if-match': etag }),
    'x-fieldbook-draft': 'saved',
    // Headers hold only ASCII.
    ...(reason.trim() && { 'x-fieldbook-reason': encodeURIComponent(reason.trim()) }),
  };
  const list = Object.entries(custom).map(([key, value]) => ({ key, value }));
  if (!Object.keys(builtin).length && list.length <= 50) {
    return call('setCustomData', { ...wire(reference), list }, headers);
  }
  return kinds[reference.targetType].update(reference, entity, builtin, custom, headers);
}
