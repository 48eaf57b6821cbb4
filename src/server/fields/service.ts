import { isDeepStrictEqual } from 'node:util';
import { ApiError, type ErrorName } from '#contract/errors';
import {
  blankField,
  type Field,
  type FieldDefinition,
  type FieldOption,
  type FieldPatch,
  fieldDefinition,
  isReservedKey,
  limits,
  type SentI18n,
} from '#contract/field';
import { type Issue, type IssueName, issuesOf, nameIssue } from '#contract/issue';
import { languages, noTranslations, type TargetType, type Translations } from '#contract/target';
import type { Value } from '#contract/value';
import { claim, claimKey, fieldScope } from '../claims.ts';
import type { Actor } from '../context.ts';
import { lockRows } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { recordChanges } from '../history/store.ts';
import { makeRefusals, type Refusals } from '../refusals.ts';
import {
  binField,
  findBinnedField,
  findFields,
  findFieldsLocked,
  findHeldValues,
  findHolders,
  insertField,
  type StoredField,
  updateField,
} from './store.ts';

type Place = { tenantId: string };
type Item = FieldPatch & Place;

/** Creates and changes fields, all of the list or none, and answers in its order. */
export async function setFields(trx: Trx, actor: Actor, list: Item[]): Promise<Field[]> {
  await lockRows(trx, 'pool', [1], 'update');
  const refusals = makeRefusals();
  refuseRepeats(list, refusals);
  const spaces = await loadSpaces(trx, list);
  const changes: { item: Item; stored: StoredField | undefined; next: FieldDefinition; index: number }[] = [];
  for (const [index, item] of list.entries()) {
    const space = spaces.get(spaceOf(item)) ?? [];
    const stored = space.find(({ field }) => field.key === item.key);
    const next = await judge(trx, item, stored, space, index, refusals);
    if (next) changes.push({ item, stored, next, index });
  }
  refusals.throwIfAny();
  refuseTooMany(spaces, changes);
  for (const { item, stored, next, index } of changes) {
    const position = nextPosition(spaces.get(spaceOf(item)) ?? [], index);
    await write(trx, actor, item, stored, next, position, refusals, ['list', index, 'isUnique']);
  }
  refusals.throwIfAny();
  const fresh = await loadSpaces(trx, list);
  return list.flatMap((item) => {
    const found = fresh.get(spaceOf(item))?.find(({ field }) => field.key === item.key);
    return found ? [found.field] : [];
  });
}

/** Puts fields and their values into the bin. */
export async function deleteFields(
  trx: Trx,
  actor: Actor,
  list: ({ targetType: TargetType; key: string } & Place)[],
): Promise<void> {
  await lockRows(trx, 'pool', [1], 'update');
  const spaces = await loadSpaces(trx, list);
  const refusals = makeRefusals();
  const doomed = new Map<number, StoredField>();
  for (const [index, item] of list.entries()) {
    const stored = spaces.get(spaceOf(item))?.find(({ field }) => field.key === item.key);
    if (stored) doomed.set(stored.id, stored);
    else refusals.add('fieldNotFound', ['list', index, 'key'], 'notFound');
  }
  refusals.throwIfAny();
  const now = new Date().toISOString();
  for (const { id, field } of doomed.values()) {
    await binField(trx, id, now);
    await trx.deleteFrom('claims').where('scope', '=', fieldScope(id)).execute();
    await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: snapshot(field), after: null }]);
  }
}

/** Takes the latest field of a key out of the bin, with its values. */
export async function restoreField(
  trx: Trx,
  actor: Actor,
  { targetType, key, tenantId }: { targetType: TargetType; key: string } & Place,
): Promise<Field> {
  await lockRows(trx, 'pool', [1], 'update');
  const living = await findFields(trx, tenantId, targetType);
  if (living.some(({ field }) => field.key.toLowerCase() === key.toLowerCase())) {
    throw new ApiError('keyTaken', [{ path: ['key'], name: 'keyTaken' }]);
  }
  const binned = await findBinnedField(trx, tenantId, targetType, key);
  if (!binned) throw new ApiError('fieldNotFound', [{ path: ['key'], name: 'notFound' }]);
  await binField(trx, binned.id, null);
  const refusals = makeRefusals();
  if (binned.field.isUnique) await claimHeld(trx, binned.id, targetType, refusals, ['key']);
  refusals.throwIfAny();
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: binned.id, before: null, after: snapshot(binned.field) }]);
  return binned.field;
}

/** Texts after a change: a language that isn't sent stays, and an all-empty i18n is one that an SDK always sends. */
export function mergeTexts(
  stored: Translations,
  sent: SentI18n | null | undefined,
  clear: boolean | undefined,
): Translations {
  const merged = clear ? noTranslations() : { ...stored };
  const units = languages.map((language) => sent?.label[language]);
  if (units.every((unit) => !unit || (!unit.enabled && !unit.value))) return merged;
  for (const [index, language] of languages.entries()) merged[language] = units[index] ?? merged[language];
  return merged;
}

/** The definition without its stamps, as history keeps it. */
function snapshot(definition: FieldDefinition): string {
  return JSON.stringify(fieldDefinition.parse(definition));
}

const spaceOf = ({ tenantId, targetType }: { tenantId: string; targetType: TargetType }) => `${tenantId} ${targetType}`;

async function loadSpaces(trx: Trx, list: ({ targetType: TargetType } & Place)[]): Promise<Map<string, StoredField[]>> {
  const spaces = new Map<string, StoredField[]>();
  for (const item of list) {
    const name = spaceOf(item);
    if (!spaces.has(name)) spaces.set(name, await findFieldsLocked(trx, item.tenantId, item.targetType, 'update'));
  }
  return spaces;
}

function refuseRepeats(list: Item[], refusals: Refusals): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const name = `${spaceOf(item)} ${item.key.toLowerCase()}`;
    if (seen.has(name)) refusals.add('validation', ['list', index, 'key'], 'repeated');
    seen.add(name);
  }
}

function refuseTooMany(
  spaces: Map<string, StoredField[]>,
  changes: { item: Item; stored: StoredField | undefined }[],
): void {
  for (const [name, fields] of spaces) {
    const fresh = changes.filter(({ item, stored }) => !stored && spaceOf(item) === name).length;
    if (fresh && fields.length + fresh > limits.fields) throw new ApiError('tooManyFields');
  }
}

const nextPosition = (space: StoredField[], index: number) =>
  Math.max(0, ...space.map(({ position }) => position)) + index + 1;

/** The definition that a patch leads to, or undefined once it has said why not. */
async function judge(
  trx: Trx,
  item: Item,
  stored: StoredField | undefined,
  space: StoredField[],
  index: number,
  refusals: Refusals,
): Promise<FieldDefinition | undefined> {
  const refuse = (name: ErrorName, property: string, issue: IssueName, limit?: string) => {
    refusals.add(name, ['list', index, property], issue, limit);
    return undefined;
  };
  if (stored) {
    if (item.create) return refuse('keyTaken', 'key', 'keyTaken');
    if (item.version !== undefined && item.version !== stored.field.version) {
      throw new ApiError('versionChanged', [{ path: ['list', index], name: 'versionChanged' }], {
        current: stored.field,
      });
    }
    if (item.dataType && item.dataType !== stored.field.dataType)
      return refuse('dataTypeFixed', 'dataType', 'dataTypeFixed');
    if (item.encrypted === false && stored.field.encrypted)
      return refuse('encryptedFixed', 'encrypted', 'encryptedFixed');
  } else {
    if (item.create === false) return refuse('fieldNotFound', 'key', 'keyMissing');
    if (isReservedKey(item.targetType, item.key)) return refuse('keyReserved', 'key', 'keyReserved');
    const twin = space.find(({ field }) => field.key.toLowerCase() === item.key.toLowerCase());
    if (twin) return refuse('keyTaken', 'key', 'keyTakenByCase', twin.field.key);
  }
  if (item.encrypted) return refuse('unsupported', 'encrypted', 'unsupported');
  if (item.desensitization) return refuse('unsupported', 'desensitization', 'unsupported');

  const base = stored?.field ?? {
    ...blankField(item.dataType ?? 'STRING', item.targetType, item.key),
    label: item.label || item.key,
  };
  const isUnique = wantsUnique(item, base);
  if (isUnique && base.dataType !== 'STRING' && base.dataType !== 'NUMBER') {
    return refuse('uniqueNotPossible', 'isUnique', 'uniqueNotPossible');
  }
  const merged = await merge(trx, item, base, isUnique, stored?.id);
  const parsed = fieldDefinition.safeParse(merged, { error: nameIssue });
  if (parsed.success) return parsed.data;
  for (const issue of issuesOf(parsed.error))
    refusals.push('validation', { ...issue, path: ['list', index, ...issue.path] });
  return undefined;
}

/** `isUnique` and a UNIQUE rule say the same; either switches it on, an explicit `isUnique` decides. */
function wantsUnique(item: Item, base: FieldDefinition): boolean {
  if (typeof item.isUnique === 'boolean') return item.isUnique;
  return item.validateRules?.some(isUniqueRule) || base.isUnique;
}

const isUniqueRule = ({ type }: { type: string }) => type.toUpperCase() === 'UNIQUE';

async function merge(
  trx: Trx,
  item: Item,
  base: FieldDefinition,
  isUnique: boolean,
  id: number | undefined,
): Promise<unknown> {
  const rules = item.validateRules ?? base.validateRules;
  return {
    ...base,
    label: item.label ?? base.label,
    description: item.description ?? base.description,
    userEditable: item.userEditable ?? base.userEditable,
    visibleInAdminConsole: item.visibleInAdminConsole ?? base.visibleInAdminConsole,
    visibleInUserCenter: item.visibleInUserCenter ?? base.visibleInUserCenter,
    appIds: item.appIds ?? base.appIds,
    validateRules: isUnique ? rules : rules.filter((rule) => !isUniqueRule(rule)),
    i18n: { label: mergeTexts(base.i18n.label, item.i18n, item.clearI18n) },
    isUnique,
    ...('precision' in base && { precision: item.precision ?? base.precision }),
    ...('options' in base && item.options && (await mergeOptions(trx, base, item.options, id))),
  };
}

/** The options after a change: a sent one keeps its translations, a dropped one that somebody holds is retired. */
async function mergeOptions(
  trx: Trx,
  base: Extract<FieldDefinition, { dataType: 'ENUM' }>,
  sent: NonNullable<FieldPatch['options']>,
  id: number | undefined,
): Promise<{ options: FieldOption[]; retiredOptions: FieldOption[] }> {
  const known = new Map([...base.retiredOptions, ...base.options].map((option) => [option.value, option]));
  const options = sent.map(({ value, label, i18n }) => {
    const texts = known.get(value)?.i18n?.label;
    const merged = i18n || texts ? { i18n: { label: mergeTexts(texts ?? noTranslations(), i18n, false) } } : {};
    return { value, label, ...merged };
  });
  for (const { value } of options) known.delete(value);
  const held: Set<Value> = known.size && id ? await findHeldValues(trx, id) : new Set();
  return { options, retiredOptions: [...known.values()].filter(({ value }) => held.has(value)) };
}

async function write(
  trx: Trx,
  actor: Actor,
  item: Item,
  stored: StoredField | undefined,
  next: FieldDefinition,
  position: number,
  refusals: Refusals,
  path: Issue['path'],
): Promise<void> {
  if (!stored) {
    const fieldId = await insertField(trx, item.tenantId, position, next);
    await recordChanges(trx, actor, [{ kind: 'field', fieldId, before: null, after: snapshot(next) }]);
    return;
  }
  const { id, field } = stored;
  if (isDeepStrictEqual(fieldDefinition.parse(field), next)) return;
  if (next.isUnique && !field.isUnique) await claimHeld(trx, id, next.targetType, refusals, path);
  if (!next.isUnique && field.isUnique) await trx.deleteFrom('claims').where('scope', '=', fieldScope(id)).execute();
  await updateField(trx, id, field.version + 1, next);
  await recordChanges(trx, actor, [{ kind: 'field', fieldId: id, before: snapshot(field), after: snapshot(next) }]);
}

/** Claims every held value of a field that becomes unique; values held twice stand in the way and are named. */
async function claimHeld(
  trx: Trx,
  id: number,
  targetType: TargetType,
  refusals: Refusals,
  path: Issue['path'],
): Promise<void> {
  const holders = new Map<string, { value: Value; targetIds: number[] }>();
  for (const { targetId, value } of await findHolders(trx, id, targetType)) {
    const key = claimKey(value);
    const group = holders.get(key);
    if (group) group.targetIds.push(targetId);
    else holders.set(key, { value, targetIds: [targetId] });
  }
  const duplicates = [...holders.values()].filter(({ targetIds }) => targetIds.length > 1);
  if (duplicates.length) {
    const shown = duplicates.slice(0, 10).map(({ value, targetIds }) => `${value} × ${targetIds.length}`);
    const rest = duplicates.length - shown.length;
    refusals.add('duplicatesBlockUnique', path, 'duplicates', shown.join(', ') + (rest ? ` … +${rest}` : ''));
    return;
  }
  for (const [key, { targetIds }] of holders) {
    for (const targetId of targetIds) await claim(trx, fieldScope(id), key, targetId);
  }
}
