import { z } from 'zod';
import { type Right, rights } from './wire/endpoint.ts';
import { issue } from './wire/issue.ts';
import { storable, word } from './wire/scalars.ts';

export const presetRoles = ['administrator', 'support', 'auditor'] as const;
export type PresetRole = (typeof presetRoles)[number];

/** What each ready-made role may do. */
export const rightsOf: Record<PresetRole, readonly Right[]> = {
  administrator: ['read', 'define', 'write', 'directory', 'reveal', 'export', 'activity', 'staff'],
  support: ['read', 'write'],
  auditor: ['read', 'export', 'activity'],
};

/** Rights that concern the whole pool, so that no role of some tenants can have them. */
export const poolRights: readonly Right[] = ['directory', 'staff'];

const tenants = z.array(storable.max(64)).max(100).nullable();

/** A role of staff. Ready-made ones are named by the reader's language and can't be changed. */
export const staffRole = z.object({
  id: z.string(),
  name: z.string(),
  rights: z.array(z.enum(rights)),
  /** The tenants that it is for ("" is the pool's own space); null is all. */
  tenants,
  isPreset: z.boolean(),
  /** How many accounts have it; null for whoever is bound to some tenants. */
  people: z.number().nullable(),
});
export type StaffRole = z.output<typeof staffRole>;

export const sentRole = z
  .object({
    /** Absent for a new one. */
    id: z.string().max(64).optional(),
    name: storable.trim().min(1).max(128),
    rights: z.array(word(rights)).min(1),
    tenants,
  })
  .superRefine(({ rights: given, tenants: bound }, context) => {
    const at = given.findIndex((right) => bound && poolRights.includes(right));
    if (at >= 0) context.addIssue({ code: 'custom', message: issue('rightConcernsPool'), path: ['rights', at] });
  });

/** Who is signed in, and what the console may offer. */
export const session = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: staffRole.pick({ id: true, name: true, isPreset: true }),
  rights: z.array(z.enum(rights)),
  tenants,
  /** Whether what is shown is what another role sees: nothing can be changed meanwhile. */
  isViewingAs: z.boolean(),
  /** Whether a code is asked beside the password, and whether there is a password at all. */
  hasTotp: z.boolean(),
  hasPassword: z.boolean(),
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
  role: z.string(),
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
  hasTotp: z.boolean(),
  /** Through which provider they sign in, if not with a password of ours. */
  issuer: z.string().nullable(),
  /** How many places they are signed in at, and since when the latest of them. */
  sessions: z.number(),
  signedInAt: z.string().nullable(),
});
export type Person = z.output<typeof person>;

/** Long is what makes a password strong; nothing is asked of its signs. */
export const minPassword = 12;
export const password = z.string().min(minPassword).max(1_024);

/** An open invitation, as those who manage staff see it. */
export const invitation = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  invitedBy: z.string(),
  /** Whoever sent it may still give its role; while they may not, its link doesn't work. */
  isValid: z.boolean(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.output<typeof invitation>;

/** A place where somebody is signed in. */
export const openSession = z.object({
  id: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
  /** The program that it was made with, as it called itself. */
  agent: z.string(),
  isThis: z.boolean(),
});
export type OpenSession = z.output<typeof openSession>;
