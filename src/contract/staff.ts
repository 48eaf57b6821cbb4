import { z } from 'zod';
import { rights } from './endpoint.ts';

export const staffRoles = ['administrator', 'support', 'auditor'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** What each ready-made role may do. */
export const rightsOf: Record<StaffRole, readonly (typeof rights)[number][]> = {
  administrator: ['read', 'define', 'write', 'directory', 'activity', 'staff'],
  support: ['read', 'write'],
  auditor: ['read', 'activity'],
};

/** Who is signed in, and what the console may offer. */
export const session = z.object({
  email: z.string(),
  name: z.string(),
  role: z.enum(staffRoles),
  rights: z.array(z.enum(rights)),
  /** Whoever changes a value has to say why. */
  needsReason: z.boolean(),
  pool: z.object({ kind: z.enum(['local', 'genauth']), engine: z.enum(['sqlite', 'postgres']) }),
});
export type Session = z.output<typeof session>;

/** An account of staff, as those who manage them see it. */
export const person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(staffRoles),
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
  /** How many places they are signed in at, and since when the latest of them. */
  sessions: z.number(),
  signedInAt: z.string().nullable(),
});
export type Person = z.output<typeof person>;
