import { isProtected } from '#contract/field';
import { isMask, masked } from '#contract/mask';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import type { Right } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import type { Context, Data } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { findFields, type StoredField } from '../stores/fields.ts';
import { findHeld } from '../stores/values.ts';
import { meetsAll } from '../tenancy.ts';

// What a caller sees and may change of values is decided here and nowhere else. Whatever answers with values, or with
// something that depends on them, asks for a `Seen` field, which only this file makes.

export type Viewer = Pick<Context, 'actor' | 'rights' | 'role' | 'ownRole' | 'clear' | 'tenants'>;

/** A field as one caller sees it. */
export interface Seen extends StoredField {
  mayEdit: boolean;
  /** Its values are masked: nothing that depends on them is told, but whether there is one, and whether it is one that the caller says. */
  isMasked: boolean;
  /** The caller has the right to read values: without it nothing that depends on them is told. */
  isRead: boolean;
  readonly seen: typeof seen;
}
const seen = Symbol('seen');

type Access = StoredField['field']['access'];

/** What a role may do with a field, from the least; a field that doesn't name it is its to edit. */
const levels = { hidden: 0, read: 1, edit: 2 } as const;
const levelOf = (role: string | null | undefined, access: Access): number =>
  role === null || role === undefined ? levels.edit : levels[access[role] ?? 'edit'];

const levelFor = ({ role, ownRole }: Pick<Viewer, 'role' | 'ownRole'>, access: Access) =>
  Math.min(levelOf(role, access), levelOf(ownRole, access));

/** Whether a field with such an access is hidden from a caller. */
export const isHidden = (viewer: Pick<Viewer, 'role' | 'ownRole'>, access: Access): boolean =>
  levelFor(viewer, access) === levels.hidden;

/** A field as a caller sees it, or undefined where it is hidden. */
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

/** What of a field a caller would open further than they see it themselves: to roles, by what a mask leaves, or by what unique tells. */
export function opensBeyond(
  viewer: Viewer,
  before: Guard,
  after: Guard,
): 'access' | 'isUnique' | 'mask' | 'desensitization' | undefined {
  const own = viewer.rights.includes('read') ? levelFor(viewer, before.access) : levels.hidden;
  const roles = Object.keys({ ...before.access, ...after.access });
  const widens = (role: string) => {
    const level = levelOf(role, after.access);
    return level > levelOf(role, before.access) && level > own;
  };
  if (roles.some(widens)) return 'access';
  const mayReveal = own > levels.hidden && (viewer.rights.includes('reveal') || !isMaskedFor(viewer, before));
  // Whether values occur twice is told by whether it can be switched on, of any number of guesses at once.
  if (after.isUnique && !before.isUnique && !(mayReveal && meetsAll(viewer, before.targetType))) return 'isUnique';
  if (!isProtected(before) || mayReveal) return undefined;
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

/** The definitions of a space that a caller may look at: whoever defines fields sees those too whose values are hidden from them, and who sees what. */
export async function definitionsFor(
  { db, ...viewer }: Viewer & { db: Db },
  tenantId: string,
  targetType: TargetType,
): Promise<StoredField[]> {
  const fields = await findFields(db, tenantId, targetType);
  if (viewer.rights.includes('define')) return fields;
  const { role } = viewer;
  // Others are told what they may do themselves.
  const own = (access: StoredField['field']['access']) => {
    const said = role === null ? undefined : access[role];
    return said && role ? { [role]: said } : {};
  };
  return allSeen(viewer, fields).map(({ field, ...stored }) => ({
    ...stored,
    field: { ...field, access: own(field.access) },
  }));
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

/** What targets hold, as a caller may see it: by target, then by key. */
export async function valuesFor(
  data: Data,
  fields: Seen[],
  targetIds: number[],
): Promise<Map<number, Record<string, Value>>> {
  const held = await findHeld(data, fields, targetIds);
  return new Map([...held].map(([id, values]) => [id, shown(fields, values)]));
}

/** Values of one target with masks in the place of what is masked, and without those that the caller may not read. */
export function shown(fields: Seen[], values: Record<string, Value>): Record<string, Value> {
  if (fields.some(({ isRead }) => !isRead)) return {};
  // Keys may be called as every object's own properties are.
  const held = new Map(Object.entries(values));
  const masks = fields.flatMap(({ isMasked, field: { key, mask } }) => {
    const value = isMasked ? held.get(key) : undefined;
    return value === undefined ? [] : [[key, masked(value, mask)]];
  });
  return { ...values, ...Object.fromEntries(masks) };
}

/** What is said of a field's values in history: that they are, not what they are, where they may not be told; without the right to read not even that. */
export function maskForHistory(stored: Seen, value: Value | null): Value | null {
  if (disclosesValues(stored) || (value === null && stored.isRead)) return value;
  return masked(value ?? '', 'ALL');
}

/** Whether a caller may be told the values of a field, or what depends on them. */
export const disclosesValues = (stored: Seen | undefined): boolean => stored?.isRead === true && !stored.isMasked;

/** Whether a caller sends back the mask that stands for a value. */
export const sendsMask = ({ isMasked }: Seen, sent: unknown): boolean => isMasked && isMask(sent);

/**
 * In the console, encrypted and desensitised values are masked for everybody, and revealed one at a time. An access key
 * reads encrypted ones, and desensitised ones with the scope to reveal.
 */
function isMaskedFor(
  { actor, rights, clear = false }: Viewer,
  field: Pick<StoredField['field'], 'encrypted' | 'desensitization'>,
): boolean {
  if (actor.kind === 'staff') return isProtected(field);
  return (field.desensitization && !rights.includes('reveal')) || (field.encrypted && !clear);
}

/** The roles to which a change gives less of a field than they have: all of it belongs to every role, until it says otherwise. */
export const closedTo = (before: Access, after: Access): string[] =>
  Object.keys(after).filter((role) => levelOf(role, after) < levelOf(role, before));

/** What a caller has, as the one law of giving compares it; whoever views as another has no more than either. */
export const powersOf = ({ actor, rights, role, ownRole, tenants, clear = false }: Viewer): Power[] => {
  const reveals = rights.includes('reveal');
  const own = {
    rights,
    tenants,
    clear: { encrypted: actor.kind === 'staff' ? reveals : clear, desensitised: reveals },
  };
  return [...new Set([role, ownRole ?? role])].map((one) => ({ ...own, role: one }));
};

/** What a principal can see and do: rights, a role's access to every field, tenants, and protected values in clear. */
export interface Power {
  rights: readonly Right[];
  /** Null may edit every field. */
  role: string | null;
  /** Null is all. */
  tenants: readonly string[] | null;
  clear: { encrypted: boolean; desensitised: boolean };
}

/** The one law of giving: nobody gives, takes or touches what has more than they have themselves, on any field, those in the trash too. */
export async function covers(db: Db, giver: Power, gift: Power): Promise<boolean> {
  const { rights, tenants, clear, role } = giver;
  if (!gift.rights.every((right) => rights.includes(right))) return false;
  if (tenants && !gift.tenants?.every((tenant) => tenants.includes(tenant))) return false;
  if ((gift.clear.encrypted && !clear.encrypted) || (gift.clear.desensitised && !clear.desensitised)) return false;
  if (role === null || role === gift.role) return true;
  const rows = await db.selectFrom('fields').select('access').where('access', '<>', '{}').execute();
  return rows.every(({ access }) => {
    const said: Access = JSON.parse(access);
    return levelOf(role, said) >= levelOf(gift.role, said);
  });
}
