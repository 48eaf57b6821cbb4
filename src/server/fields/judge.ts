import { isReservedKey } from '#contract/builtin';
import {
  blankField,
  type FieldDefinition,
  type FieldOption,
  type FieldPatch,
  fieldDefinition,
  isProtected,
  type SentI18n,
  type TextPart,
} from '#contract/field';
import { isUniqueRule, mergeRules } from '#contract/rule';
import { presetRoles } from '#contract/staff';
import { hasTexts, mergeTexts } from '#contract/translation';
import type { Value } from '#contract/value';
import { ApiError, type ErrorName } from '#contract/wire/errors';
import { type IssueName, issuesOf, nameIssue } from '#contract/wire/issue';
import { disclosesValues, isHidden, opensBeyond, see, told, type Viewer } from '../access/seen.ts';
import type { Context, Data } from '../context.ts';
import type { IssueCollector } from '../issues.ts';
import type { StoredField } from '../stores/fields.ts';
import { meetsAll } from '../tenancy.ts';
import { closesTooFar } from './closing.ts';
import { findHeldValues } from './held.ts';
import { opensNamesake } from './namesake.ts';

export type Item = FieldPatch & { tenantId: string };

/** The definition after a patch. Undefined if it is refused; `issues` then has the reason. */
export async function judge(
  context: Data & Viewer & Pick<Context, 'config'>,
  item: Item,
  stored: StoredField | undefined,
  space: StoredField[],
  refusal: { issues: IssueCollector; path: (string | number)[] },
): Promise<FieldDefinition | undefined> {
  const { issues, path } = refusal;
  const refuse = (name: ErrorName, property: string, issue: IssueName, limit?: string) => {
    issues.add(name, [...path, property], issue, limit);
    return undefined;
  };
  if (stored) {
    if (item.create) return refuse('keyTaken', 'key', 'keyTaken');
    if (item.version !== undefined && item.version !== stored.field.version) {
      throw new ApiError('versionChanged', [{ path, name: 'versionChanged' }], {
        current: (await told(context, stored)).field,
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
  const given = Object.keys(item.access ?? {});
  // A deleted role stays in what a field says, so it can be sent back.
  const stranger = await unknownRole(context, given, Object.keys(stored?.field.access ?? {}));
  if (stranger !== undefined) return refuse('validation', 'access', 'roleUnknown');
  const base = stored?.field ?? {
    ...blankField(item.dataType ?? 'STRING', item.targetType, item.key),
    label: item.label || item.key,
  };
  const isUnique = wantsUnique(item, base);
  if (isUnique && base.dataType !== 'STRING' && base.dataType !== 'NUMBER') {
    return refuse('uniqueNotPossible', 'isUnique', 'uniqueNotPossible');
  }
  const merged = await merge(context, item, base, isUnique, stored);
  const parsed = fieldDefinition.safeParse(merged, { error: nameIssue });
  if (parsed.success) {
    const closed = await closesTooFar(context, stored?.field.access ?? {}, parsed.data.access);
    if (closed) return refuse('forbidden', 'access', closed);
    if (stored) return judgeOpening(context, stored, parsed.data, refuse);
    const isTelling = await opensNamesake(context, item.tenantId, parsed.data);
    return isTelling ? refuse('forbidden', 'key', 'keyOfUnseen') : parsed.data;
  }
  for (const issue of issuesOf(parsed.error)) issues.push('validation', { ...issue, path: [...path, ...issue.path] });
  return undefined;
}

/** The property by which somebody protects a field that they don't see: they don't change who sees it. */
export function protectsUnseen(
  viewer: Viewer,
  before: FieldDefinition,
  after: FieldDefinition,
): 'encrypted' | 'desensitization' | undefined {
  if (!isHidden(viewer, before.access) || isProtected(before) || !isProtected(after)) return undefined;
  return after.encrypted ? 'encrypted' : 'desensitization';
}

/** Refuses a change that would disclose more of a field than the caller sees. */
function judgeOpening(
  context: Viewer,
  { field }: StoredField,
  next: FieldDefinition,
  refuse: (name: ErrorName, property: string, issue: IssueName) => undefined,
): FieldDefinition | undefined {
  const unseen = protectsUnseen(context, field, next);
  if (unseen) return refuse('forbidden', unseen, 'accessBeyondOwn');
  const opened = opensBeyond(context, field, next);
  if (opened === 'isUnique' && !context.rights.includes('read')) return refuse('forbidden', opened, 'needsReadRight');
  // The values of other tenants would be opened, or compared with.
  if (opened && !meetsAll(context, field.targetType)) return refuse('forbidden', opened, 'accessBeyondOwn');
  return opened ? refuse('forbidden', opened, lacks[opened]) : next;
}

const lacks = {
  access: 'accessBeyondOwn',
  isUnique: 'needsRevealRight',
  mask: 'needsRevealRight',
  desensitization: 'needsRevealRight',
} as const;

/** The texts of a definition after a change. */
export function mergeI18n(
  base: Pick<FieldDefinition, 'i18n'>,
  sent: SentI18n | null | undefined,
  said: Record<TextPart, string>,
  clear: boolean | undefined,
): FieldDefinition['i18n'] {
  return {
    label: mergeTexts(base.i18n.label, sent?.label, said.label, clear),
    description: mergeTexts(base.i18n.description, sent?.description, said.description, clear),
    group: mergeTexts(base.i18n.group, sent?.group, said.group, clear),
  };
}

/** `isUnique` and a UNIQUE rule mean the same. Either turns it on; an explicit `isUnique` decides. */
function wantsUnique(item: Item, base: FieldDefinition): boolean {
  if (typeof item.isUnique === 'boolean') return item.isUnique;
  return item.validateRules?.some(isUniqueRule) || base.isUnique;
}

async function merge(
  data: Data & Viewer,
  item: Item,
  base: FieldDefinition,
  isUnique: boolean,
  stored: StoredField | undefined,
): Promise<unknown> {
  const rules = item.validateRules
    ? mergeRules(base.validateRules, item.validateRules, item.clearI18n)
    : base.validateRules;
  const said = {
    label: item.label ?? base.label,
    description: item.description ?? base.description,
    group: item.group ?? base.group,
  };
  return {
    ...base,
    ...said,
    encrypted: item.encrypted ?? base.encrypted,
    desensitization: item.desensitization ?? base.desensitization,
    mask: item.mask ?? base.mask,
    access: item.access ?? base.access,
    userEditable: item.userEditable ?? base.userEditable,
    visibleInAdminConsole: item.visibleInAdminConsole ?? base.visibleInAdminConsole,
    visibleInUserCenter: item.visibleInUserCenter ?? base.visibleInUserCenter,
    appIds: item.appIds ?? base.appIds,
    validateRules: isUnique ? rules : rules.filter((rule) => !isUniqueRule(rule)),
    i18n: mergeI18n(base, item.i18n, said, item.clearI18n),
    isUnique,
    ...('precision' in base && { precision: item.precision ?? base.precision }),
    ...('options' in base && item.options && (await mergeOptions(data, base, item, stored))),
  };
}

/** The options after a change. A sent option keeps its translations; a removed option in use becomes inactive. */
async function mergeOptions(
  data: Data & Viewer,
  base: Extract<FieldDefinition, { dataType: 'ENUM' }>,
  { options: sent = [], clearI18n }: Item,
  stored: StoredField | undefined,
): Promise<{ options: FieldOption[]; retiredOptions: FieldOption[] }> {
  // Who isn't told that an option is retired makes a new one of its value.
  const own = stored ? (await told(data, stored)).field : base;
  const known = new Map('options' in own ? [...own.retiredOptions, ...own.options].map((one) => [one.value, one]) : []);
  const options = sent.map(({ value, label, i18n }) => {
    const texts = mergeTexts(known.get(value)?.i18n?.label, i18n?.label, label, clearI18n);
    return { value, label, ...(hasTexts(texts) && { i18n: { label: texts } }) };
  });
  return { options, retiredOptions: await retired(data, stored, [...base.retiredOptions, ...base.options], options) };
}

/**
 * The known options that are removed and still in use. Returns all removed options if the caller may not know who has
 * which value.
 */
export async function retired(
  data: Data & Viewer,
  stored: StoredField | undefined,
  known: FieldOption[],
  living: FieldOption[],
): Promise<FieldOption[]> {
  const values = new Set(living.map(({ value }) => value));
  const gone = known.filter(({ value }) => !values.has(value));
  if (!gone.length || !stored) return [];
  if (isProtected(stored.field) || !disclosesValues(see(data, stored)) || !meetsAll(data, stored.field.targetType))
    return gone;
  const held: Set<Value> = await findHeldValues(data, stored.id);
  return gone.filter(({ value }) => held.has(value));
}

/** A definition with its current inactive options: those that are still in use. */
export async function withRetired(
  data: Data & Viewer,
  stored: StoredField | undefined,
  next: FieldDefinition,
): Promise<FieldDefinition> {
  if (!stored || !('options' in next) || !('options' in stored.field)) return next;
  const known = [...stored.field.retiredOptions, ...stored.field.options];
  return { ...next, retiredOptions: await retired(data, stored, known, next.options) };
}

async function unknownRole({ db }: Data, ids: string[], former: string[]): Promise<string | undefined> {
  if (!ids.length) return undefined;
  const own = await db.selectFrom('staffRoles').select('id').execute();
  const known = new Set<string>([...presetRoles, ...former, ...own.map(({ id }) => id)]);
  return ids.find((id) => !known.has(id));
}
