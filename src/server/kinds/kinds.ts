import type { TargetType } from '#contract/target';
import { department } from './department.ts';
import { group } from './group.ts';
import type { Kind } from './kind.ts';
import { role } from './role.ts';
import { user } from './user.ts';

/** What differs between the types of targets: complete by compiler. */
export const kinds: Readonly<Record<TargetType, Kind>> = {
  USER: user,
  ROLE: role,
  GROUP: group,
  DEPARTMENT: department,
};
