import { rightsOf } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';

// The callers of interference.test.ts.

/** A caller who must not learn anything about the differences. */
export interface Principal {
  name: string;
  rights: readonly Right[];
  /** An access key of the command line. No field is hidden from it. */
  isKey?: boolean;
  /** Limited to the tenant North. */
  isBound?: boolean;
  /** An administrator who views as this role. */
  viewsAs?: boolean;
}

const most: Right[] = ['read', 'write', 'define', 'directory', 'export', 'activity'];
export const principals: Principal[] = [
  { name: 'support', rights: rightsOf.support },
  { name: 'auditor', rights: rightsOf.auditor },
  { name: 'a clerk', rights: most },
  { name: 'a clerk with staff', rights: [...most, 'staff'] },
  { name: 'a definer who reads', rights: ['read', 'define'] },
  { name: 'a definer', rights: ['define'] },
  { name: 'a definer who writes', rights: ['define', 'write'] },
  { name: 'a writer', rights: ['write'] },
  { name: 'who keeps the directory', rights: ['directory'] },
  { name: 'who looks at the activity', rights: ['activity', 'export'] },
  { name: 'North', rights: ['read', 'write', 'define', 'activity', 'export'], isBound: true },
  { name: 'an administrator viewing as support', rights: rightsOf.support, viewsAs: true },
  { name: 'a key to read', rights: ['read'], isKey: true },
  { name: 'a key to write', rights: ['write'], isKey: true },
  { name: 'a key to define', rights: ['define'], isKey: true },
  { name: 'a key of the directory', rights: ['directory', 'write'], isKey: true },
  { name: 'a key of the activity', rights: ['activity', 'export'], isKey: true },
  { name: 'a key to do all but reveal', rights: most, isKey: true },
];
