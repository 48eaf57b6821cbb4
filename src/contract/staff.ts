import { z } from 'zod';
import { type Right, rights } from './wire/endpoint.ts';
import { issue } from './wire/issue.ts';
import { storable, word } from './wire/scalars.ts';

export const presetRoles = ['administrator', 'support', 'auditor'] as const;
export type PresetRole = (typeof presetRoles)[number];

/** The permissions of each built-in role. */
export const rightsOf: Record<PresetRole, readonly Right[]> = {
  administrator: ['read', 'define', 'write', 'directory', 'reveal', 'export', 'activity', 'staff'],
  support: ['read', 'write'],
  auditor: ['read', 'export', 'activity'],
};

/** Permissions that concern the whole pool. A role that is limited to tenants can't have them. */
export const poolRights: readonly Right[] = ['directory', 'staff'];

const tenants = z.array(storable.max(64)).max(100).nullable();

/** A console role. The name of a built-in role depends on the reader's language, and nobody can change the role. */
export const staffRole = z.object({
  id: z.string(),
  name: z.string(),
  rights: z.array(z.enum(rights)),
  /** The tenants that the role is limited to ("" is the user pool itself). Null: all. */
  tenants,
  isPreset: z.boolean(),
  /** How many accounts have the role. Null if the caller is limited to tenants. */
  people: z.number().nullable(),
});
export type StaffRole = z.output<typeof staffRole>;

export const sentRole = z
  .object({
    /** Absent for a new role. */
    id: z.string().max(64).optional(),
    name: storable.trim().min(1).max(128),
    rights: z.array(word(rights)).min(1),
    tenants,
  })
  .superRefine(({ rights: given, tenants: bound }, context) => {
    const at = given.findIndex((right) => bound && poolRights.includes(right));
    if (at >= 0) context.addIssue({ code: 'custom', message: issue('rightConcernsPool'), path: ['rights', at] });
  });

/** Who is signed in, and what the console can offer. */
export const session = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: staffRole.pick({ id: true, name: true, isPreset: true }),
  rights: z.array(z.enum(rights)),
  tenants,
  /** Whether the session views as another role. Changes are then not allowed. */
  isViewingAs: z.boolean(),
  /** Whether sign-in asks for a code, and whether the account has a password. */
  hasTotp: z.boolean(),
  hasPassword: z.boolean(),
  /** A change of a value needs a reason. */
  needsReason: z.boolean(),
  pool: z.object({ kind: z.enum(['local', 'genauth']), engine: z.enum(['sqlite', 'postgres']) }),
});
export type Session = z.output<typeof session>;

/** An account of the team, for those who manage the team. */
export const person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
  hasTotp: z.boolean(),
  /** The provider of the account. Null if it signs in with a Fieldbook password. */
  issuer: z.string().nullable(),
  /** The number of sessions, and the start of the latest one. */
  sessions: z.number(),
  signedInAt: z.string().nullable(),
});
export type Person = z.output<typeof person>;

/** Length makes a password strong. There is no rule about its characters. */
export const minPassword = 12;
export const password = z.string().min(minPassword).max(1_024);

/** An open invitation, for those who manage the team. */
export const invitation = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  invitedBy: z.string(),
  /** The sender may still give this role. While they may not, the link doesn't work. */
  isValid: z.boolean(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.output<typeof invitation>;

/** A signed-in device. */
export const openSession = z.object({
  id: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
  /** The user agent that started the session. */
  agent: z.string(),
  isThis: z.boolean(),
});
export type OpenSession = z.output<typeof openSession>;
