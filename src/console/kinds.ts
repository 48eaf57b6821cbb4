import { Boxes, Building2, type LucideIcon, Shield, Users } from 'lucide-react';
import { nameOfUser } from '#contract/directory';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { call, callTagged } from './api.ts';

/** Who a page is about, as its URL says it. */
export interface Reference {
  targetType: TargetType;
  id: string;
  namespace?: string | undefined;
}

export type Entity = Record<string, unknown>;
export type Values = Record<string, Value | null>;
export type Headers = Record<string, string>;

/** What differs between the types of targets. */
export interface Kind {
  /** Names its page in texts. */
  noun: 'users' | 'roles' | 'groups' | 'departments';
  /** Names what creates one. */
  creates: 'user' | 'role' | 'group' | 'department';
  Icon: LucideIcon;
  /** The list that it stands in. */
  page: string;
  /** Its path names the namespace before the code. */
  isNamespaced: boolean;
  /** The built-in columns of a list that nobody chose others for. */
  columns: string[];
  /** A column that is shown as a badge: a good one for one of its values, else one of caution. */
  badge?: { key: string; good: Value };
  /** Its names can be another's when it comes back from the trash, and are left empty then. */
  canLoseNames: boolean;
  /** Its built-in fields, where administrators change them. */
  settableFields?: () => Promise<Field[]>;
  /** As the API gives it, with its values. */
  raw: (reference: Reference) => Promise<unknown>;
  /** Saves built-in fields and values in one call, and returns its id. */
  update: (
    reference: Reference,
    entity: Entity,
    builtin: Values,
    customData: Values,
    headers: Headers,
  ) => Promise<{ requestId: string }>;
  /** Puts it into the trash. */
  remove: (reference: Reference, entity: Entity) => Promise<unknown>;
  name: (entity: Entity) => string;
  /** The id of what it stands in; undefined or empty at the top. */
  parent?: (entity: Entity) => string;
  /** What tells it apart at a glance, and what people copy of it; those that aren't said are empty. */
  facts: (entity: Entity) => Fact[];
}

/** Something said of a target: words, how it is reached, or an id. The last two are copied. */
export interface Fact {
  text: string;
  is: 'word' | 'reach' | 'id';
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What differs between the types of targets: complete by compiler. */
export const kinds: Readonly<Record<TargetType, Kind>> = {
  USER: {
    noun: 'users',
    creates: 'user',
    Icon: Users,
    page: '/users',
    isNamespaced: false,
    columns: ['email', 'phone', 'status'],
    badge: { key: 'status', good: 'Activated' },
    canLoseNames: true,
    settableFields: () => call('getUserBaseFields', {}),
    raw: ({ id }) => call('getUser', { userId: id, withCustomData: true }),
    update: ({ id }, _entity, builtin, customData, headers) =>
      callTagged('updateUser', { userId: id, ...builtin, customData }, headers),
    remove: ({ id }) => call('deleteUsersBatch', { userIds: [id] }),
    name: (user) => nameOfUser(user as Parameters<typeof nameOfUser>[0]),
    facts: (user) => [
      { text: text(user.email), is: 'reach' },
      { text: user.phone ? `${text(user.phoneCountryCode)} ${text(user.phone)}`.trim() : '', is: 'reach' },
      { text: text(user.userId), is: 'id' },
    ],
  },
  ROLE: {
    noun: 'roles',
    creates: 'role',
    Icon: Shield,
    page: '/roles',
    isNamespaced: true,
    columns: ['description'],
    canLoseNames: false,
    raw: async (reference) => ({
      ...(await call('getRole', { code: reference.id, namespace: reference.namespace })),
      customData: await call('getCustomData', wire(reference)),
    }),
    update: ({ id, namespace }, _entity, builtin, customData, headers) =>
      callTagged('updateRole', { code: id, namespace, ...plain(builtin), customData }, headers),
    remove: ({ id, namespace }) => call('deleteRolesBatch', { codeList: [id], namespace }),
    name: (role) => text(role.name) || text(role.code),
    facts: (role) => [
      { text: text(role.namespaceName), is: 'word' },
      { text: text(role.code), is: 'id' },
    ],
  },
  GROUP: {
    noun: 'groups',
    creates: 'group',
    Icon: Boxes,
    page: '/groups',
    isNamespaced: false,
    columns: ['description'],
    canLoseNames: false,
    raw: ({ id }) => call('getGroup', { code: id, withCustomData: true }),
    update: ({ id }, _entity, builtin, customData, headers) =>
      callTagged('updateGroup', { code: id, ...plain(builtin), customData }, headers),
    remove: ({ id }) => call('deleteGroupsBatch', { codeList: [id] }),
    name: (group) => text(group.name) || text(group.code),
    facts: (group) => [{ text: text(group.code), is: 'id' }],
  },
  DEPARTMENT: {
    noun: 'departments',
    creates: 'department',
    Icon: Building2,
    page: '/departments',
    isNamespaced: false,
    columns: ['description'],
    canLoseNames: false,
    raw: ({ id }) => call('getDepartmentById', { departmentId: id, withCustomData: true }),
    update: ({ id }, entity, builtin, customData, headers) =>
      callTagged(
        'updateDepartment',
        { organizationCode: text(entity.organizationCode), departmentId: id, ...plain(builtin), customData },
        headers,
      ),
    remove: ({ id }, entity) =>
      call('deleteDepartment', { organizationCode: text(entity.organizationCode), departmentId: id }),
    name: (department) => text(department.name),
    parent: (department) => text(department.parentDepartmentId),
    facts: (department) => [
      { text: text(department.organizationCode), is: 'word' },
      { text: text(department.code), is: 'id' },
      { text: text(department.departmentId), is: 'id' },
    ],
  },
};

/** These texts can be empty but not absent. */
function plain(builtin: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(builtin).map(([key, value]) => [key, String(value ?? '')]));
}

export const wire = ({ targetType, id, namespace }: Reference) => ({
  targetType,
  targetIdentifier: id,
  ...(namespace && { namespace }),
});
