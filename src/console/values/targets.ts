import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Output } from '#contract/endpoints';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import type { Draft, Value } from '#contract/value';
import { call, callTagged } from '../api.ts';
import { type Entity, type Headers, kinds, type Reference, type Values, wire } from '../kinds.ts';
import { holderPath } from '../paths.ts';
import { noticeSignOut } from '../query.ts';

/** Where its page is. */
export const targetPath = ({ targetType, id, namespace }: Reference): string =>
  holderPath(targetType, { identifier: id, namespace });

/** A target and its values as they stand now, and the tag that names their state. */
export async function readTarget(reference: Reference): Promise<Omit<TargetData, 'builtin' | 'custom'>> {
  const { data, etag } = await callTagged('getTarget', wire(reference));
  return {
    entity: data.entity,
    customData: data.customData as Record<string, Value>,
    memberships: data.memberships,
    etag,
  };
}

/** The data of a target's page: the target, its values and its fields. */
export interface TargetData {
  entity: Entity;
  customData: Record<string, Value>;
  memberships: Output<'getTarget'>['memberships'];
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
  /** What it stands in, from the top. */
  above: ({ targetType, id }: Reference, entity: Entity | undefined) =>
    queryOptions({
      queryKey: ['directory', 'above', targetType, id, entity ? kinds[targetType].parent?.(entity) : undefined],
      queryFn: () => (entity ? readAbove(targetType, entity) : []),
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
  /** The last change of each field in a state. A save doesn't read it again: whoever looks at a field does. */
  latest: (reference: Reference, etag: string | null) =>
    queryOptions({
      queryKey: ['changes', reference.targetType, reference.namespace ?? '', reference.id, etag],
      queryFn: async () => (await call('listHistory', { ...wire(reference), latest: true })).list,
      // What has the focus stays there while the next is read.
      placeholderData: keepPreviousData,
    }),
  at: (reference: Reference, entry: number) =>
    queryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id, 'at', entry],
      queryFn: async () => (await call('getValuesAt', { ...wire(reference), entry })) as Record<string, Value>,
    }),
};

async function readAbove(targetType: TargetType, entity: Entity): Promise<{ to: string; label: string }[]> {
  const { parent, name } = kinds[targetType];
  const steps: { to: string; label: string }[] = [];
  for (let id = parent?.(entity); id; ) {
    const reference = { targetType, id };
    const { entity: upper } = await readTarget(reference);
    steps.unshift({ to: targetPath(reference), label: name(upper) });
    id = parent?.(upper);
  }
  return steps;
}

/** The last draft on its way. Drafts are sent one after another, and a save after them: it has the server forget them. */
let lastDraft: Promise<unknown> = Promise.resolve();
/** For how long a save waits for a draft that doesn't arrive, in milliseconds. */
const draftPatience = 3_000;

/** Stores the draft, or deletes it with null. A failure shows nothing, except that the session has ended; the form still has the input. */
export function saveDraft(reference: Reference, draft: Draft | null): void {
  lastDraft = lastDraft.then(() => call('saveDraft', { ...wire(reference), draft })).catch(noticeSignOut);
}

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
 * isn't `etag`'s. Returns the id of the call.
 */
export async function saveTarget(
  reference: Reference,
  entity: Entity,
  changed: { builtin: Values; custom: Values },
  { etag, reason }: { etag: string | null; reason: string },
): Promise<{ requestId: string }> {
  const { builtin, custom } = changed;
  await Promise.race([lastDraft, new Promise((resume) => setTimeout(resume, draftPatience))]);
  const headers: Headers = {
    ...(etag && { 'if-match': etag }),
    'x-fieldbook-draft': 'saved',
    // Headers hold only ASCII.
    ...(reason.trim() && { 'x-fieldbook-reason': encodeURIComponent(reason.trim()) }),
  };
  const list = Object.entries(custom).map(([key, value]) => ({ key, value }));
  if (!Object.keys(builtin).length && list.length <= 50) {
    return callTagged('setCustomData', { ...wire(reference), list }, headers);
  }
  return kinds[reference.targetType].update(reference, entity, builtin, custom, headers);
}
