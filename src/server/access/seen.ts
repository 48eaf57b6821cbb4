import { isProtected } from '#contract/field';
import { isMask, masked } from '#contract/mask';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import type { Right } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import type { Context, Data } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { findAccesses } from '../stores/accesses.ts';
import { findFields, type StoredField } from '../stores/fields.ts';
import { findOptionsMet } from '../stores/options.ts';
import { findHeld, fitting, sizesOf } from '../stores/values.ts';
import { meetsAll } from '../tenancy.ts';

// Only this file decides which values a caller sees and can change. Code that answers with values, or with anything
// that depends on them, needs a `Seen` field. Only this file makes one.

export type Viewer = Pick<Context, 'actor' | 'rights' | 'role' | 'ownRoles' | 'clear' | 'tenants'>;

/** A field as one caller sees it. */
export interface Seen extends StoredField {
  mayEdit: boolean;
  /** The values are masked. Answers disclose only whether there is one, and whether it equals a sent one. */
  isMasked: boolean;
  /** The caller has `read`. Without it, no answer depends on the values. */
  isRead: boolean;
  readonly seen: typeof seen;
}
const seen = Symbol('seen');

type Access = StoredField['field']['access'];

/** A role's access to a field, lowest first. A role that the field doesn't name has `edit`. */
const levels = { hidden: 0, read: 1, edit: 2 } as const;
const levelOf = (role: string | null, access: Access): number =>
  role === null ? levels.edit : levels[access[role] ?? 'edit'];

const levelFor = ({ role, ownRoles = [] }: Pick<Viewer, 'role' | 'ownRoles'>, access: Access) =>
  Math.min(...[role, ...ownRoles].map((one) => levelOf(one, access)));

/** Whether an access setting hides a field from a caller. */
export const isHidden = (viewer: Pick<Viewer, 'role' | 'ownRoles'>, access: Access): boolean =>
  levelFor(viewer, access) === levels.hidden;

/** A field as a caller sees it. Undefined if it is hidden. */
export function see(viewer: Viewer, stored: StoredField): Seen | undefined {
  const level = levelFor(viewer, stored.field.access);
  if (level === levels.hidden) return undefined;
  return {
    ...stored,
    mayEdit: level === levels.edit,
    isMasked: isMaskedFor(viewer, stored.field),
    isRead: viewer.rights.includes('read'),
    seen,
  };
}

type Guard = Pick<
  StoredField['field'],
  'targetType' | 'access' | 'isUnique' | 'mask' | 'desensitization' | 'encrypted'
>;

/** The property of a change that would disclose more than the caller sees: a role's access, a mask, or `isUnique`. */
export function opensBeyond(
  viewer: Viewer,
  before: Guard,
  after: Guard,
): 'access' | 'isUnique' | 'mask' | 'desensitization' | undefined {
  const most = viewer.rights.includes('write') ? levels.edit : levels.read;
  const own = viewer.rights.includes('read') ? Math.min(levelFor(viewer, before.access), most) : levels.hidden;
  const roles = Object.keys({ ...before.access, ...after.access });
  const widened = roles.filter((role) => levelOf(role, after.access) > levelOf(role, before.access));
  // Only who sees all values in clear opens them further: whom they give may reveal, and may see all tenants.
  const mayReveal = own > levels.hidden && (viewer.rights.includes('reveal') || !isMaskedFor(viewer, before));
  const seesAll = mayReveal && meetsAll(viewer, before.targetType);
  if (widened.some((role) => levelOf(role, after.access) > own)) return 'access';
  if (widened.length && !seesAll && (isProtected(before) || !meetsAll(viewer, before.targetType))) return 'access';
  // Whether `isUnique` can be turned on shows whether values occur twice, and so tests any number of guesses at once.
  if (after.isUnique && !before.isUnique && !seesAll) return 'isUnique';
  if (!isProtected(before) || seesAll) return undefined;
  if (before.desensitization && !after.desensitization) return 'desensitization';
  return after.mask !== before.mask && after.mask !== 'ALL' ? 'mask' : undefined;
}

/** The fields of a space that a caller sees. */
export async function fieldsFor(
  context: Viewer & { db: Db },
  tenantId: string,
  targetType: TargetType,
): Promise<Seen[]> {
  return allSeen(context, await findFields(context.db, tenantId, targetType));
}

/**
 * The definitions of a space that a caller sees. A caller with `define` also sees fields with hidden values, and the
 * access of all roles.
 */
export async function definitionsFor(
  { db, ...viewer }: Viewer & { db: Db },
  tenantId: string,
  targetType: TargetType,
): Promise<StoredField[]> {
  const found = await findFields(db, tenantId, targetType);
  const fields = await Promise.all(found.map((stored) => told({ db, ...viewer }, stored)));
  if (viewer.rights.includes('define')) return fields;
  const { role } = viewer;
  // Other callers see only their own access.
  const own = (access: StoredField['field']['access']) => {
    const said = role === null ? undefined : access[role];
    return said && role ? { [role]: said } : {};
  };
  return allSeen(viewer, fields).map(({ field, ...stored }) => ({
    ...stored,
    field: { ...field, access: own(field.access) },
  }));
}

/**
 * A definition as it is told. Options that somebody still holds stay retired: whoever isn't told the values isn't told
 * these, and whoever meets some targets only those of theirs. A protected field keeps all that go, and those that were held
 * before it was protected: they are told to nobody else either.
 */
export async function told(context: Viewer & { db: Db }, stored: StoredField): Promise<StoredField> {
  const { field } = stored;
  if (!('retiredOptions' in field) || !field.retiredOptions.length) return stored;
  const seenAs = see(context, stored);
  if (disclosesHolders(seenAs) && meetsAll(context, field.targetType)) return stored;
  const isTold = disclosesValues(seenAs) && !isProtected(field);
  const held = isTold ? await findOptionsMet(context, stored) : new Set();
  return {
    ...stored,
    field: { ...field, retiredOptions: field.retiredOptions.filter(({ value }) => held.has(value)) },
  };
}

/** The definition of a key that a caller may look at. Throws fieldNotFound. */
export async function definitionOf(
  context: Viewer & { db: Db },
  { tenantId, targetType, key }: { tenantId: string; targetType: TargetType; key: string },
): Promise<StoredField> {
  const found = (await definitionsFor(context, tenantId, targetType)).find(({ field }) => field.key === key);
  if (!found) throw new ApiError('fieldNotFound', [{ path: ['key'], name: 'notFound' }]);
  return found;
}

export const allSeen = (viewer: Viewer, fields: StoredField[]): Seen[] =>
  fields.flatMap((stored) => see(viewer, stored) ?? []);

/** The largest answer with the values of several targets, in bytes. A larger one would keep all others waiting. */
const largestAnswer = 16_000_000;

/** The values of targets as a caller sees them, by target and then by key. Refuses several that are too large together. */
export async function valuesFor(
  data: Data,
  fields: Seen[],
  targetIds: number[],
): Promise<Map<number, Record<string, Value>>> {
  if (fields.some(({ isRead }) => !isRead)) return new Map(targetIds.map((id) => [id, {}]));
  const values = new Map<number, Record<string, Value>>();
  const sizes = await sizesOf(
    data.db,
    fields.map(({ id }) => id),
    targetIds,
  );
  if (targetIds.length > 1) await requireRoom(data.db, fields, { targetIds, sizes });
  for (let from = 0, to = 0; from < targetIds.length; from = to) {
    to = from + fitting(sizes.slice(from));
    const held = await findHeld(data, fields, targetIds.slice(from, to));
    for (const [id, one] of held) values.set(id, shown(fields, one));
  }
  return values;
}

/** Refuses a large answer. This discloses a size, so it depends on nothing that the caller doesn't see. */
async function requireRoom(
  db: Db,
  fields: Seen[],
  { targetIds, sizes }: { targetIds: number[]; sizes: number[] },
): Promise<void> {
  const visible = fields.filter(disclosesValues).map(({ id }) => id);
  const told = visible.length === fields.length ? sizes : await sizesOf(db, visible, targetIds);
  if (told.reduce((sum, size) => sum + size, 0) > largestAnswer) throw new ApiError('answerTooLarge');
}

/** The values of one target: masked where necessary, and empty if the caller may not read them. */
export function shown(fields: Seen[], values: Record<string, Value>): Record<string, Value> {
  if (fields.some(({ isRead }) => !isRead)) return {};
  // A key can equal the name of an inherited property, such as `toString`.
  const held = new Map(Object.entries(values));
  const masks = fields.flatMap(({ isMasked, field: { key, mask } }) => {
    const value = isMasked ? held.get(key) : undefined;
    return value === undefined ? [] : [[key, masked(value, mask)]];
  });
  return { ...values, ...Object.fromEntries(masks) };
}

/** A value in the change history. If the caller may not know it, the history shows only that there is one, and without read not even that. */
export function maskForHistory(stored: Seen, value: Value | null): Value | null {
  if (disclosesValues(stored) || (value === null && stored.isRead)) return value;
  return masked(value ?? '', 'ALL');
}

/** Whether a caller may know the values of a field and what depends on them. */
export const disclosesValues = (stored: Seen | undefined): boolean => stored?.isRead === true && !stored.isMasked;

/** Whether a caller may know which targets have a value: those who read the field, even if they only see masks. */
export const disclosesHolders = (stored: Seen | undefined): boolean => stored?.isRead === true;

/** Whether a caller sends back the mask instead of a value. */
export const sendsMask = ({ isMasked }: Seen, sent: unknown): boolean => isMasked && isMask(sent);

/**
 * In the console, encrypted and masked fields are masked for everybody, and revealed one value at a time. An access key
 * with `clear` reads encrypted values, and one with `reveal` reads values that are only masked.
 */
function isMaskedFor(
  { actor, rights, clear = false }: Viewer,
  field: Pick<StoredField['field'], 'encrypted' | 'desensitization'>,
): boolean {
  if (actor.kind === 'staff') return isProtected(field);
  return (field.desensitization && !rights.includes('reveal')) || (field.encrypted && !clear);
}

/** The roles that lose access through a change. A role that the field doesn't name has full access. */
export const closedTo = (before: Access, after: Access): string[] =>
  Object.keys(after).filter((role) => levelOf(role, after) < levelOf(role, before));

/** The most that one of these roles may do with a field. */
export const mostOf = (roles: string[], access: Access): number =>
  Math.max(...roles.map((role) => levelOf(role, access)));

/** The powers of a caller, for `covers`. A person who views as another role has no more than either role. */
export const powersOf = ({ actor, rights, role, ownRoles = [], tenants, clear = false }: Viewer): Power[] => {
  const reveals = rights.includes('reveal');
  const own = {
    rights,
    tenants,
    clear: { encrypted: actor.kind === 'staff' ? reveals : clear, desensitised: reveals },
  };
  return [...new Set([role, ...ownRoles])].map((one) => ({ ...own, role: one }));
};

/** What a principal can do: permissions, access to fields (by role), tenants, and protected values as plain text. */
export interface Power {
  rights: readonly Right[];
  /** Null: can edit every field. */
  role: string | null;
  /** Null: all. */
  tenants: readonly string[] | null;
  clear: { encrypted: boolean; desensitised: boolean };
}

/** Nobody gives, takes or changes anything with more power than their own, on any field that ever was. */
export async function covers(db: Db, giver: Power, gift: Power): Promise<boolean> {
  const { rights, tenants, clear, role } = giver;
  if (!gift.rights.every((right) => rights.includes(right))) return false;
  if (tenants && !gift.tenants?.every((tenant) => tenants.includes(tenant))) return false;
  if ((gift.clear.encrypted && !clear.encrypted) || (gift.clear.desensitised && !clear.desensitised)) return false;
  if (role === null || role === gift.role) return true;
  return (await findAccesses(db)).every(({ access, isPurged }) => {
    // Nobody can edit what is gone. Its entries in the audit log can be read.
    const most = isPurged ? levels.read : levels.edit;
    return levelOf(role, access) >= Math.min(levelOf(gift.role, access), most);
  });
}
