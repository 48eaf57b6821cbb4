import type { TargetType } from '#contract/target';
import { type Value, valueSchema } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { type Issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { requireCounted } from '../access/guesses.ts';
import { allSeen, disclosesValues, fieldsFor, type Seen, sendsMask, shown } from '../access/seen.ts';
import { breather } from '../breather.ts';
import type { Actor, Context, Data } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { collectIssues, type IssueCollector } from '../issues.ts';
import { kinds } from '../kinds/kinds.ts';
import { recordChanges } from '../record/history.ts';
import { putDraft } from '../stores/drafts.ts';
import { findFieldsLocked } from '../stores/fields.ts';
import { claimValue } from '../stores/unique.ts';
import { changesOf, deleteValues, findHeld, findRows, type Target, upsertValues } from '../stores/values.ts';
import type { LockedTarget } from '../targets.ts';
import { meetsAll } from '../tenancy.ts';

/** A value from a request: null clears; undefined is missing. */
export interface SentValue {
  key: string;
  value: unknown;
  tenantId: string;
  path: Issue['path'];
  /** The target had it before. One that the caller isn't told is judged by no rule: the answer would tell of it. */
  isFormer?: true;
}

/** Sets and clears values of one target: the whole list or nothing. A value that the target already has is accepted. */
export async function setValues(context: Writer, target: LockedTarget, list: SentValue[]): Promise<void> {
  const { db: trx, actor } = context;
  const fields = await loadFields(context, target.targetType, list);
  const held = await findRows(
    context,
    target.id,
    list.flatMap(({ tenantId, key }) => fields.get(tenantId)?.get(key)?.id ?? []),
  );
  const issues = collectIssues();
  const wanted = new Map<number, { stored: Seen; value: Value | null; path: Issue['path'] }>();
  const breathe = breather();
  for (const sent of list) {
    await breathe();
    const stored = fields.get(sent.tenantId)?.get(sent.key);
    if (!stored) issues.add('fieldUndefined', [...sent.path, sent.key], 'fieldUndefined');
    else if (!stored.mayEdit) issues.add('forbidden', [...sent.path, sent.key], 'fieldReadOnly');
    else if (wanted.has(stored.id)) issues.add('validation', [...sent.path, sent.key], 'repeated');
    else {
      const value = judge(sent, stored, held.get(stored.id), issues);
      if (value !== undefined) wanted.set(stored.id, { stored, value, path: [...sent.path, sent.key] });
    }
  }
  issues.throwIfAny();

  // For a value that the caller can't know, an equal value counts as a change, so that nothing discloses that it was
  // equal. Whoever may read knows whether there is a value.
  const changed = [...wanted.values()].filter(({ stored, value }) => {
    const was = held.get(stored.id) ?? null;
    return was !== value || (was === null ? !stored.isRead : !disclosesValues(stored));
  });
  if (actor.needsReason && !actor.reason && [...wanted.values()].some(({ stored }) => !disclosesValues(stored))) {
    throw new ApiError('validation', [{ path: ['reason'], name: 'reasonRequired' }]);
  }
  await claimUnique(context, target.id, changed, issues);
  issues.throwIfAny();
  const kept = changed.flatMap(({ stored, value }) => (value === null ? [] : [{ stored, targetId: target.id, value }]));
  const cleared = changed.filter(({ value }) => value === null).map(({ stored }) => stored.id);
  await upsertValues(context, kept);
  await deleteValues(trx, target.id, cleared);
  await recordChanges(
    trx,
    actor,
    await changesOf(
      context,
      changed.map(({ stored, value }) => ({
        stored,
        targetId: target.id,
        before: held.get(stored.id) ?? null,
        after: value,
      })),
    ),
  );
}

/** The caller who writes values, and the database. */
type Writer = Data<Trx> & { actor: Actor } & Pick<Context, 'rights' | 'role' | 'tenants' | 'guesses'>;

/** The `customData` of create and update calls. It merges like set-custom-data and needs the `write` permission. */
export async function mergeCustomData(
  context: Writer,
  target: LockedTarget,
  customData: Record<string, unknown> | null | undefined,
  tenantId: string,
  path: Issue['path'],
): Promise<void> {
  const entries = Object.entries(customData ?? {});
  if (!entries.length) return;
  if (!context.rights.includes('write')) throw new ApiError('forbidden', [{ path, name: 'needsWriteRight' }]);
  const list = entries.map(([key, value]) => ({ key, value, tenantId, path }));
  await setValues(context, target, list);
}

/**
 * The tag of what a caller sees of a target. A change of a built-in field or a masked value changes the tag; a change
 * of a hidden value doesn't. It is keyed, so that it can't verify guesses. For values that aren't disclosed it includes
 * the time of the last write: without it, the tag would stay the same when a written guess equals the old value.
 */
async function tagOf(
  { db, secrets, rights }: Data & Pick<Context, 'secrets' | 'rights'>,
  { id: targetId, targetType }: Target,
  fields: Seen[],
  held: Record<string, Value>,
): Promise<string> {
  const undisclosed = fields.filter((stored) => !disclosesValues(stored) && Object.hasOwn(held, stored.field.key));
  const written = undisclosed.length
    ? await db
        .selectFrom('fieldValues')
        .select(['fieldId', 'updatedAt'])
        .where('targetId', '=', targetId)
        .where(
          'fieldId',
          'in',
          undisclosed.map(({ id }) => id),
        )
        .orderBy('fieldId')
        .execute()
    : [];
  const values = Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1));
  const builtin = rights.includes('read')
    ? await db.selectFrom(kinds[targetType].table).selectAll().where('id', '=', targetId).executeTakeFirst()
    : null;
  return `"${secrets.digest('etag', JSON.stringify([targetId, values, written, builtin]))}"`;
}

/**
 * The first step of every change of a target and its values. Refuses a change whose If-Match names an
 * older state, and deletes the draft that the form saves.
 */
export async function beginSave(
  context: Writer & Pick<Context, 'secrets' | 'header'>,
  target: LockedTarget,
  tenantId: string,
): Promise<void> {
  await requireUnchanged(context, target, tenantId);
  const { actor, db } = context;
  if (actor.kind === 'staff' && context.header('x-fieldbook-draft') === 'saved')
    await putDraft(db, { staffId: actor.id, targetId: target.id, tenantId }, null);
}

/** Returns the current state in the error if it isn't the one of If-Match. */
async function requireUnchanged(
  context: Writer & Pick<Context, 'secrets' | 'header'>,
  target: Target,
  tenantId: string,
): Promise<void> {
  const wanted = context.header('if-match');
  if (!wanted || wanted === '*') return;
  const fields = allSeen(context, await findFieldsLocked(context.db, tenantId, target.targetType, 'share'));
  const held = (await findHeld(context, fields, [target.id])).get(target.id) ?? {};
  if ((await tagOf(context, target, fields, held)) === wanted) return;
  throw new ApiError('versionChanged', [], context.rights.includes('read') ? { current: shown(fields, held) } : {});
}

/** The values of one target as the caller sees them, and the tag of what it really has. */
export async function readValues(context: Context, target: Target, tenantId: string) {
  const fields = await fieldsFor(context, tenantId, target.targetType);
  const held = (await findHeld(context, fields, [target.id])).get(target.id) ?? {};
  return { data: shown(fields, held), etag: await tagOf(context, target, fields, held) };
}

async function loadFields(
  context: Writer,
  targetType: TargetType,
  list: SentValue[],
): Promise<Map<string, Map<string, Seen>>> {
  const fields = new Map<string, Map<string, Seen>>();
  for (const { tenantId } of list) {
    if (fields.has(tenantId)) continue;
    const found = allSeen(context, await findFieldsLocked(context.db, tenantId, targetType, 'share'));
    fields.set(tenantId, new Map(found.map((stored) => [stored.field.key, stored])));
  }
  return fields;
}

/** The value to store, or null to clear. Undefined if it is refused; `issues` then has the reason. */
function judge(
  sent: SentValue,
  stored: Seen,
  held: Value | undefined,
  issues: IssueCollector,
): Value | null | undefined {
  const path = [...sent.path, sent.key];
  if (sent.value === undefined) {
    issues.add('validation', path, 'required');
    return undefined;
  }
  if (sent.value === null) return null;
  if (sent.isFormer && !disclosesValues(stored)) return sent.value as Value;
  if (sendsMask(stored, sent.value)) {
    issues.add('validation', path, 'masked');
    return undefined;
  }
  // A client that reads everything and writes it back must not fail, whatever the rules are now. For a hidden value
  // this would disclose it.
  const isDisclosed = disclosesValues(stored);
  if (isDisclosed && held !== undefined && sent.value === held) return held;
  const parsed = valueSchema(stored.field).safeParse(sent.value, { error: nameIssue });
  if (parsed.success) return parsed.data;
  // SDKs whose `value` is a string send back the text of what they read.
  if (isDisclosed && held !== undefined && sent.value === String(held)) return held;
  for (const issue of issuesOf(parsed.error)) issues.push('validation', { ...issue, path: [...path, ...issue.path] });
  return undefined;
}

async function claimUnique(
  context: Writer,
  targetId: number,
  changed: { stored: Seen; value: Value | null; path: Issue['path'] }[],
  issues: IssueCollector,
): Promise<void> {
  for (const { stored, value, path } of changed) {
    if (!stored.field.isUnique) continue;
    // A target that the caller can't see may have the value too. That it is taken would disclose that target.
    const isTold = disclosesValues(stored) && meetsAll(context, stored.field.targetType);
    if (value !== null && !isTold) requireCounted(context, stored.id);
    const holder = await claimValue(context, stored, targetId, value);
    if (holder !== undefined) issues.add('valueTaken', path, 'valueTaken');
  }
}
