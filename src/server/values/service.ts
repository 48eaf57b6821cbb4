import { ApiError } from '#contract/errors';
import { type Issue, issuesOf, nameIssue } from '#contract/issue';
import type { TargetType } from '#contract/target';
import { type Value, valueSchema } from '#contract/value';
import { claim, claimKey, fieldScope, release } from '../claims.ts';
import type { Actor, Context } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { lockTarget } from '../directory/targets.ts';
import { findFieldsLocked, type StoredField } from '../fields/store.ts';
import { type Change, recordChanges } from '../history/store.ts';
import { makeRefusals, type Refusals } from '../refusals.ts';
import { deleteValues, findRows, findValues, type Target, upsertValues } from './store.ts';

/** A value that somebody sends: null clears, undefined is missing. */
export interface SentValue {
  key: string;
  value: unknown;
  tenantId: string;
  path: Issue['path'];
}

/** Sets and clears values of one target, all of the list or none. What the target already holds is accepted as it is. */
export async function setValues(trx: Trx, actor: Actor, target: Target, list: SentValue[]): Promise<void> {
  const fields = await loadFields(trx, target.targetType, list);
  await lockTarget(trx, target);
  const held = await findRows(trx, target.id);
  const refusals = makeRefusals();
  const wanted = new Map<number, { stored: StoredField; value: Value | null; path: Issue['path'] }>();
  for (const sent of list) {
    const stored = fields.get(sent.tenantId)?.get(sent.key);
    if (!stored) refusals.add('fieldUndefined', [...sent.path, sent.key], 'fieldUndefined');
    else if (wanted.has(stored.id)) refusals.add('validation', [...sent.path, sent.key], 'repeated');
    else {
      const value = judge(sent, stored, held.get(stored.id), refusals);
      if (value !== undefined) wanted.set(stored.id, { stored, value, path: [...sent.path, sent.key] });
    }
  }
  refusals.throwIfAny();

  const changed = [...wanted.values()].filter(({ stored, value }) => (held.get(stored.id) ?? null) !== value);
  await claimUnique(trx, target.id, changed, refusals);
  refusals.throwIfAny();
  const kept = changed.flatMap(({ stored, value }) =>
    value === null ? [] : [{ fieldId: stored.id, targetId: target.id, value }],
  );
  const cleared = changed.filter(({ value }) => value === null).map(({ stored }) => stored.id);
  await upsertValues(trx, kept);
  await deleteValues(trx, target.id, cleared);
  await recordChanges(
    trx,
    actor,
    changed.map(({ stored, value }): Change => {
      const before = held.get(stored.id);
      return {
        kind: 'value',
        fieldId: stored.id,
        targetId: target.id,
        before: before === undefined ? null : JSON.stringify(before),
        after: value === null ? null : JSON.stringify(value),
      };
    }),
  );
}

/** The `customData` of create- and update-calls: merges like set-custom-data. Needs the right to write values. */
export async function mergeCustomData(
  context: Pick<Context, 'actor' | 'rights' | 'secrets' | 'header'> & { db: Trx },
  target: Target,
  customData: Record<string, unknown> | null | undefined,
  tenantId: string,
  path: Issue['path'],
): Promise<void> {
  const entries = Object.entries(customData ?? {});
  if (!entries.length) return;
  if (!context.rights.includes('write')) throw new ApiError('forbidden', [{ path, name: 'needsWriteRight' }]);
  await requireUnchanged(context, target, tenantId);
  const list = entries.map(([key, value]) => ({ key, value, tenantId, path }));
  await setValues(context.db, context.actor, target, list);
}

/** The tag of what a target holds: keyed, so that it answers no guesses. */
export function etagOf(secrets: Context['secrets'], targetId: number, data: Record<string, Value>): string {
  const content = JSON.stringify([targetId, Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return `"${secrets.digest('etag', content)}"`;
}

/** Refuses a write whose If-Match names another state than the present one, which it gives back. */
export async function requireUnchanged(
  context: Pick<Context, 'secrets' | 'header'> & { db: Trx },
  target: Target,
  tenantId: string,
): Promise<void> {
  const wanted = context.header('if-match');
  if (!wanted || wanted === '*') return;
  const fields = await findFieldsLocked(context.db, tenantId, target.targetType, 'share');
  await lockTarget(context.db, target);
  const current = (await findValues(context.db, fields, [target.id])).get(target.id) ?? {};
  if (etagOf(context.secrets, target.id, current) !== wanted) throw new ApiError('versionChanged', [], { current });
}

async function loadFields(
  trx: Trx,
  targetType: TargetType,
  list: SentValue[],
): Promise<Map<string, Map<string, StoredField>>> {
  const fields = new Map<string, Map<string, StoredField>>();
  for (const { tenantId } of list) {
    if (fields.has(tenantId)) continue;
    const found = await findFieldsLocked(trx, tenantId, targetType, 'share');
    fields.set(tenantId, new Map(found.map((stored) => [stored.field.key, stored])));
  }
  return fields;
}

/** What is to be stored, null to clear; undefined once it has said why not. */
function judge(
  sent: SentValue,
  stored: StoredField,
  held: Value | undefined,
  refusals: Refusals,
): Value | null | undefined {
  const path = [...sent.path, sent.key];
  if (sent.value === undefined) {
    refusals.add('validation', path, 'required');
    return undefined;
  }
  if (sent.value === null) return null;
  // Who reads everything and writes it all back must not fail, whatever the rules are by now.
  if (held !== undefined && sent.value === held) return held;
  const parsed = valueSchema(stored.field).safeParse(sent.value, { error: nameIssue });
  if (parsed.success) return parsed.data;
  // SDKs whose `value` is a string send back the text of what they read.
  if (held !== undefined && sent.value === String(held)) return held;
  for (const issue of issuesOf(parsed.error)) refusals.push('validation', { ...issue, path: [...path, ...issue.path] });
  return undefined;
}

async function claimUnique(
  trx: Trx,
  targetId: number,
  changed: { stored: StoredField; value: Value | null; path: Issue['path'] }[],
  refusals: Refusals,
): Promise<void> {
  for (const { stored, value, path } of changed) {
    if (!stored.field.isUnique) continue;
    await release(trx, fieldScope(stored.id), targetId);
    const holder = value === null ? undefined : await claim(trx, fieldScope(stored.id), claimKey(value), targetId);
    if (holder !== undefined) refusals.add('valueTaken', path, 'valueTaken');
  }
}
