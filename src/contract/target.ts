import { identifier, word } from './wire/scalars.ts';

export const targetTypes = ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'] as const;
export const targetType = word(targetTypes);
export type TargetType = (typeof targetTypes)[number];

/** Who holds a value, as the wire names it: user id, role code with its namespace, group code, department id. */
export const targetReference = {
  targetType,
  targetIdentifier: identifier,
  namespace: identifier.nullish(),
};
export type TargetReference = { targetType: TargetType; targetIdentifier: string; namespace?: string | null };

/** A role without a namespace lives in this one. */
export const defaultNamespace = 'default';
