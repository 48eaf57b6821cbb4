import { identifier, word } from './wire/scalars.ts';

export const targetTypes = ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'] as const;
export const targetType = word(targetTypes);
export type TargetType = (typeof targetTypes)[number];

/** Names a target as the API does: user id, role code with namespace, group code, department id. */
export const targetReference = {
  targetType,
  targetIdentifier: identifier,
  namespace: identifier.nullish(),
};
export type TargetReference = { targetType: TargetType; targetIdentifier: string; namespace?: string | null };

/** The namespace of a role that names none. */
export const defaultNamespace = 'default';
