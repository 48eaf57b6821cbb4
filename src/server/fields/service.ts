import { isDeepStrictEqual } from 'node:util';
import { type Field, type FieldDefinition, isProtected, limits } from '#contract/field';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { requireCounted } from '../access/guesses.ts';
import { disclosesValues, isHidden, see, told, type Viewer } from '../access/seen.ts';
import { breather } from '../breather.ts';
import type { Context, Data } from '../context.ts';
import { lockFields, lockFieldsById, lockPool } from '../database/locks.ts';
import type { Trx } from '../database/schema.ts';
import { collectIssues, type IssueCollector } from '../issues.ts';
import { recordChanges } from '../record/history.ts';
import { findAccesses, setPurgedAccess } from '../stores/accesses.ts';
import { claimAll, fieldScope } from '../stores/claims.ts';
import { findAnyFields, findFields, insertField, type StoredField, trashField, updateField } from '../stores/fields.ts';
import { requireRoomForOptions } from '../stores/options.ts';
import { claimKeysOf } from '../stores/unique.ts';
import { meetsAll, unbound } from '../tenancy.ts';
import { dropTyped, dropTypedInto, requireHashKey } from '../vault/switch.ts';
import { holdOpen } from './closing.ts';
import { findDuplicates, heldPages } from './held.ts';
import { type Item, judge } from './judge.ts';

type Place = { tenantId: string };

/** The caller who changes definitions, and the database. */
export type Definer = Data<Trx> & Viewer & Pick<Context, 'guesses' | 'config'>;

/** A validated change of one field: the stored field (if any) and the new definition. */
export interface Change {
  item: { targetType: TargetType; key: string } & Place;
  stored: StoredField | undefined;
  next: FieldDefinition;
  /** The place in the request. */
  path: Issue['path'];
  /** It also decides on inactive options. */
  settles?: boolean;
}

/** Creates and changes fields: the whole list or nothing. The answer has the same order. */
export async function setFields(context: Definer, list: Item[]): Promise<Field[]> {
  const { db: trx } = context;
  await lockPool(trx);
  const issues = collectIssues();
  refuseRepeats(list, issues);
  const spaces = await loadSpaces(trx, list);
  const changes: Change[] = [];
  const breathe = breather();
  for (const [index, item] of list.entries()) {
    await breathe();
    const path = ['list', index];
    const space = spaces.get(spaceOf(item)) ?? [];
    const stored = space.find(({ field }) => field.key === item.key);
    const next = await judge(context, item, stored, space, { issues, path });
    if (next) changes.push({ item, stored, next, path });
  }
  issues.throwIfAny();
  return writeFields(context, changes);
}

/** Writes validated changes while their spaces are locked. The answer has the same order. */
export async function writeFields(context: Definer, changes: Change[]): Promise<Field[]> {
  const { db: trx } = context;
  const issues = collectIssues();
  const fresh = changes.filter(({ stored }) => !stored).map(({ item }) => item);
  const spaces = await loadSpaces(trx, fresh);
  refuseTooMany(spaces, fresh);
  const ids: number[] = [];
  for (const [index, { item, stored, next, path, settles }] of changes.entries()) {
    // Which inactive options are still held is no change that anybody is told of.
    if (stored && isSame(stored.field, next)) {
      if (settles) await updateField(trx, stored.id, stored.field.version, next);
    } else if (stored) {
      await changeField(context, stored, next, { issues, path: [...path, 'isUnique'] });
    }
    const position = () => nextPosition(spaces.get(spaceOf(item)) ?? [], index);
    ids.push(stored?.id ?? (await createField(context, item.tenantId, position(), next)));
  }
  issues.throwIfAny();
  for (const place of placesOf(changes)) await requireRoomForOptions(trx, place);
  await holdOpen(
    context,
    changes.map(({ stored, next }) => ({ before: stored?.field.access ?? {}, after: next.access })),
  );
  const written = await findAnyFields(trx, ids);
  const answer = await Promise.all(ids.flatMap((id) => written.get(id) ?? []).map((stored) => told(context, stored)));
  return answer.map(({ field }) => field);
}

/** The spaces whose options change. */
function placesOf(changes: Change[]): ({ targetType: TargetType } & Place)[] {
  const touched = changes.filter(({ next }) => 'options' in next).map(({ item }) => item);
  return [...new Map(touched.map((item) => [spaceOf(item), item])).values()];
}

/**
 * Whether somebody would change nothing. Which inactive options are still held follows from values: if it counted, the
 * version would disclose it.
 */
function isSame(before: Field, after: FieldDefinition): boolean {
  const said = (one: FieldDefinition) => ('retiredOptions' in one ? { ...one, retiredOptions: [] } : one);
  return isDeepStrictEqual(said(bare(before)), said(after));
}

/** Moves fields and their values to the trash. */
export async function deleteFields(
  context: Definer,
  list: ({ targetType: TargetType; key: string } & Place)[],
): Promise<void> {
  const { db: trx, actor } = context;
  await lockPool(trx);
  const spaces = await loadSpaces(trx, list);
  const issues = collectIssues();
  const doomed = new Map<number, StoredField>();
  for (const [index, item] of list.entries()) {
    const stored = spaces.get(spaceOf(item))?.find(({ field }) => field.key === item.key);
    if (!stored) issues.add('fieldNotFound', ['list', index, 'key'], 'notFound');
    else if (isHidden(context, stored.field.access)) issues.add('forbidden', ['list', index, 'key'], 'accessBeyondOwn');
    else doomed.set(stored.id, stored);
  }
  issues.throwIfAny();
  const now = new Date().toISOString();
  for (const { id, field } of doomed.values()) {
    await trashField(trx, id, now);
    await trx.deleteFrom('claims').where('scope', '=', fieldScope(id)).execute();
    await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: snapshot(field), after: null }]);
  }
}

/** The definition without dates and version, as the change history stores it. */
export function bare(definition: FieldDefinition | Field): FieldDefinition {
  const {
    createdAt: _,
    updatedAt: __,
    version: ___,
    ...rest
  } = { createdAt: '', updatedAt: '', version: 0, ...definition };
  // A member of the union without these properties is still that member. TypeScript can't see that.
  return rest as FieldDefinition;
}

export const snapshot = (definition: FieldDefinition) => JSON.stringify(bare(definition));

const spaceOf = ({ tenantId, targetType }: { tenantId: string; targetType: TargetType }) => `${tenantId} ${targetType}`;

async function loadSpaces(trx: Trx, list: ({ targetType: TargetType } & Place)[]): Promise<Map<string, StoredField[]>> {
  const spaces = new Map<string, StoredField[]>();
  await lockFields(
    trx,
    list.map(({ targetType }) => targetType),
    'update',
  );
  for (const item of list) {
    const name = spaceOf(item);
    if (!spaces.has(name)) spaces.set(name, await findFields(trx, item.tenantId, item.targetType));
  }
  return spaces;
}

function refuseRepeats(list: Item[], issues: IssueCollector): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const name = `${spaceOf(item)} ${item.key.toLowerCase()}`;
    if (seen.has(name)) issues.add('validation', ['list', index, 'key'], 'repeated');
    seen.add(name);
  }
}

function refuseTooMany(spaces: Map<string, StoredField[]>, fresh: Change['item'][]): void {
  for (const [name, fields] of spaces) {
    const more = fresh.filter((item) => spaceOf(item) === name).length;
    if (!hasRoom(fields, more)) throw new ApiError('tooManyFields');
  }
}

/** Whether a space can have some fields more, new or from the trash. */
export const hasRoom = (space: StoredField[], more: number) => space.length + more <= limits.fields;

const nextPosition = (space: StoredField[], index: number) =>
  Math.max(0, ...space.map(({ position }) => position)) + index + 1;

async function createField(context: Definer, tenantId: string, position: number, next: FieldDefinition) {
  const { db: trx, actor } = context;
  if (next.encrypted) await requireHashKey(context);
  // Drafts for a deleted field with this key don't belong to the new field.
  await dropTyped(trx, { tenantId, targetType: next.targetType, key: next.key });
  const fieldId = await insertField(trx, tenantId, position, next);
  await recordChanges(trx, actor, [{ kind: 'field', fieldId, before: null, after: snapshot(next) }]);
  return fieldId;
}

/** Replaces a stored definition. Duplicates that prevent `isUnique` become an issue at `path`. */
export async function changeField(
  context: Definer,
  stored: StoredField,
  next: FieldDefinition,
  { issues, path }: { issues: IssueCollector; path: Issue['path'] },
): Promise<void> {
  const { db: trx, actor } = context;
  const { id, field } = stored;
  if (isDeepStrictEqual(bare(field), next)) return;
  const after = { ...stored, field: { ...next, version: field.version } };
  const isSealedNow = next.encrypted && !field.encrypted;
  if (isSealedNow) await requireHashKey(context);
  if (isProtected(next) && (isSealedNow || !isProtected(field))) await dropTypedInto(trx, after);
  if (next.isUnique && (!field.isUnique || isSealedNow)) await claimHeld(context, after, issues, path);
  if (!next.isUnique && field.isUnique) await trx.deleteFrom('claims').where('scope', '=', fieldScope(id)).execute();
  await updateField(trx, id, field.version + 1, next);
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: snapshot(field), after: snapshot(next) }]);
}

/** Gives a new role the access of another role to each field that names it: in every space, and also to deleted ones. */
export async function restrictLike(context: Definer, role: string, fresh: string): Promise<void> {
  const { db: trx, actor } = context;
  const all = await findAccesses(trx);
  const ids = all.flatMap(({ id, isPurged }) => (isPurged ? [] : [id]));
  await lockFieldsById(trx, ids, 'update');
  for (const { id, access } of all.filter(({ isPurged }) => isPurged))
    if (access[role]) await setPurgedAccess(trx, id, { ...access, [fresh]: access[role] });
  for (const { id, field } of (await findAnyFields(trx, ids)).values()) {
    const access = field.access[role];
    if (!access) continue;
    const next = { ...bare(field), access: { ...field.access, [fresh]: access } };
    await updateField(trx, id, field.version + 1, next);
    await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: snapshot(field), after: snapshot(next) }]);
  }
}

/** What a message says of a value. */
const beginningOf = (value: Value) => {
  const signs = [...String(value).slice(0, 200)];
  return signs.length > 80 ? `${signs.slice(0, 80).join('')}…` : signs.join('');
};

/** Claims every value of a field that becomes unique, or whose claims become hashes. Names duplicates. */
export async function claimHeld(
  context: Definer,
  stored: StoredField,
  issues: IssueCollector,
  path: Issue['path'],
): Promise<void> {
  const { db: trx } = context;
  const isDisclosed = disclosesValues(see(context, stored)) && meetsAll(context, stored.field.targetType);
  if (!isDisclosed) requireCounted(context, stored.id);
  const all = { ...context, ...unbound };
  const { targetType } = stored.field;
  const { count, samples } = await findDuplicates(all, stored.id, targetType, 10);
  if (count) {
    const shown = samples.map(({ value, holders }) => `${beginningOf(value)} × ${holders}`);
    const said = shown.join(', ') + (count > shown.length ? ` … +${count - shown.length}` : '');
    issues.add('duplicatesBlockUnique', path, 'duplicates', isDisclosed ? said : '…');
    return;
  }
  const claims: { key: string; targetId: number }[] = [];
  for await (const page of heldPages(all, stored.id, targetType)) {
    const keys = await Promise.all(page.map(({ value }) => claimKeysOf(context, stored, value)));
    for (const [at, { targetId }] of page.entries()) for (const key of keys[at] ?? []) claims.push({ key, targetId });
  }
  await claimAll(trx, fieldScope(stored.id), claims);
}
