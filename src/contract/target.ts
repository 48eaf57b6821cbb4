import { department, departmentPatch, group, groupPatch, role, rolePatch, user, userPatch } from './directory.ts';
import { identifier, word } from './wire/scalars.ts';

/**
 * The types of targets: how each is told, and what an administrator of the directory may change of it; the rest of its
 * built-in fields the system keeps. Their own list is in builtin.ts, which not every page of the console needs.
 */
export const targetShapes = {
  USER: { entity: user, patch: userPatch },
  ROLE: { entity: role, patch: rolePatch },
  GROUP: { entity: group, patch: groupPatch },
  DEPARTMENT: { entity: department, patch: departmentPatch },
};
export type TargetType = keyof typeof targetShapes;
// The compiler takes keys for any texts.
export const targetTypes = Object.keys(targetShapes) as [TargetType, ...TargetType[]];
export const targetType = word(targetTypes);

export const isEditable = (type: TargetType, key: string): boolean => key in targetShapes[type].patch.shape;

/** Names a target as the API does: user id, role code with namespace, group code, department id. */
export const targetReference = {
  targetType,
  targetIdentifier: identifier,
  namespace: identifier.nullish(),
};
export type TargetReference = { targetType: TargetType; targetIdentifier: string; namespace?: string | null };

/** The namespace of a role that names none. */
export const defaultNamespace = 'default';
