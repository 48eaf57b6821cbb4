import { queryOptions } from '@tanstack/react-query';
import { builtinFields } from '#contract/builtin';
import { builtinAsField, type Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { call } from '../api.ts';

/** Who a page is about, as its URL says it. */
export interface Reference {
  targetType: TargetType;
  id: string;
  namespace?: string | undefined;
}

export type Entity = Record<string, unknown>;
export type Values = Record<string, Value | null>;

interface Kind {
  /** The list that it stands in. */
  page: string;
  read: (reference: Reference) => Promise<Entity>;
  /** The built-in fields, in the order of the page. */
  fields: () => Promise<Field[]>;
  /** Saves built-in fields and values in one call. */
  update: (reference: Reference, entity: Entity, builtin: Values, customData: Values) => Promise<unknown>;
  name: (entity: Entity) => string;
  /** What tells it apart at a glance. */
  facts: (entity: Entity) => string[];
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const constant = (targetType: TargetType) => async () =>
  builtinFields[targetType].map((builtin) => builtinAsField(builtin, targetType));

/** What differs between the four target types: complete by compiler. */
export const kinds: Record<TargetType, Kind> = {
  USER: {
    page: '/users',
    read: ({ id }) => call('getUser', { userId: id }),
    fields: () => call('getUserBaseFields', {}),
    update: ({ id }, _entity, builtin, customData) => call('updateUser', { userId: id, ...builtin, customData }),
    name: (user) => text(user.name) || text(user.username) || text(user.email) || text(user.userId),
    facts: (user) => [
      text(user.email),
      [text(user.phoneCountryCode), text(user.phone)].filter(Boolean).join(' '),
      text(user.userId),
    ],
  },
  ROLE: {
    page: '/roles',
    read: ({ id, namespace }) => call('getRole', { code: id, namespace }),
    fields: constant('ROLE'),
    update: ({ id, namespace }, _entity, builtin, customData) =>
      call('updateRole', { code: id, namespace, ...plain(builtin), customData }),
    name: (role) => text(role.name) || text(role.code),
    facts: (role) => [text(role.code), text(role.namespaceName)],
  },
  GROUP: {
    page: '/groups',
    read: ({ id }) => call('getGroup', { code: id }),
    fields: constant('GROUP'),
    update: ({ id }, _entity, builtin, customData) => call('updateGroup', { code: id, ...plain(builtin), customData }),
    name: (group) => text(group.name) || text(group.code),
    facts: (group) => [text(group.code)],
  },
  DEPARTMENT: {
    page: '/departments',
    read: ({ id }) => call('getDepartmentById', { departmentId: id }),
    fields: constant('DEPARTMENT'),
    update: ({ id }, entity, builtin, customData) =>
      call('updateDepartment', {
        organizationCode: text(entity.organizationCode),
        departmentId: id,
        ...plain(builtin),
        customData,
      }),
    name: (department) => text(department.name),
    facts: (department) => [text(department.organizationCode), text(department.code), text(department.departmentId)],
  },
};

/** These texts can be empty but not absent. */
function plain(builtin: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(builtin).map(([key, value]) => [key, String(value ?? '')]));
}

const wire = ({ targetType, id, namespace }: Reference) => ({
  targetType,
  targetIdentifier: id,
  ...(namespace && { namespace }),
});

export const valueQueries = {
  target: (reference: Reference) =>
    queryOptions({
      queryKey: ['values', reference.targetType, reference.namespace ?? '', reference.id],
      queryFn: async () => {
        const kind = kinds[reference.targetType];
        const [entity, builtin, custom, customData] = await Promise.all([
          kind.read(reference),
          kind.fields(),
          call('getCustomFields', { targetType: reference.targetType }),
          call('getCustomData', wire(reference)),
        ]);
        return { entity, builtin, custom, customData: customData as Record<string, Value> };
      },
    }),
};

/** Saves what changed, in one call; values alone need no right to edit the directory. */
export function saveTarget(
  reference: Reference,
  entity: Entity,
  builtin: Values,
  customData: Values,
): Promise<unknown> {
  const list = Object.entries(customData).map(([key, value]) => ({ key, value }));
  if (!Object.keys(builtin).length && list.length <= 50) return call('setCustomData', { ...wire(reference), list });
  return kinds[reference.targetType].update(reference, entity, builtin, customData);
}
