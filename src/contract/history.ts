import { z } from 'zod';
import { holder } from './plan.ts';
import { targetTypes } from './target.ts';
import { value } from './value.ts';

/** The longest reason. */
export const maxReason = 512;

/** What the console does on its own account: to restore what was at a moment, and to undo a change of that moment. */
type Done = 'restored' | 'undone';

/** The reason of such a change is stored as a code, because its readers have several languages. */
export const codedReason = (done: Done, at: string | undefined): string => (at ? `${done}:${at}` : '');

/** What such a change did, if that is the reason. */
export function readReason(reason: string): { done: Done; at: string } | undefined {
  const [, done, at = ''] = /^(restored|undone):(.+)$/.exec(reason) ?? [];
  return done && !Number.isNaN(Date.parse(at)) ? { done: done as Done, at } : undefined;
}

/** One change of one target in its change history. */
export const historyEntry = z.object({
  /** Grows with time. It also names the moment just after this change. */
  id: z.number(),
  at: z.string(),
  /** All changes of one request have the same value. */
  request: z.string(),
  actorKind: z.enum(['staff', 'key', 'system']),
  actorName: z.string(),
  through: z.enum(['console', 'api', 'command']),
  reason: z.string().nullable(),
  /** Whether a plan made the change. */
  byPlan: z.boolean(),
  /** The field of the changed value, by key and default name. Null for a change of the target itself. */
  field: z.object({ key: z.string(), label: z.string(), isDeleted: z.boolean(), isMasked: z.boolean() }).nullable(),
  before: value.nullable(),
  after: value.nullable(),
  /** The change of the target itself: of its built-in fields, or that it was created, deleted or restored. */
  target: z
    .object({
      event: z.enum(['created', 'changed', 'deleted', 'restored']),
      changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() })),
    })
    .nullable(),
});
export type HistoryEntry = z.output<typeof historyEntry>;

export const activityKinds = ['value', 'target', 'field', 'protected', 'session'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** What is recorded under a name of its own, as before and after don't say it, and the kind of its entry. */
export const activityEvents = {
  moved: 'value',
  erased: 'target',
  compared: 'protected',
  revealed: 'protected',
  searched: 'protected',
  accepted: 'session',
  activityExported: 'session',
  invited: 'session',
  invitationRevoked: 'session',
  lastAdministratorKept: 'session',
  passwordChanged: 'session',
  restored: 'session',
  signedIn: 'session',
  signedOut: 'session',
  signedOutEverywhere: 'session',
  signInCodeFailed: 'session',
  codeAsked: 'session',
  signInFailed: 'session',
  totpOff: 'session',
  totpOn: 'session',
  totpReset: 'session',
} as const satisfies Record<string, ActivityKind>;
export type ActivityEvent = keyof typeof activityEvents;

/** Entries can't be rewritten: some bear a name that only an older or a newer version knows. */
export const isActivityEvent = (name: string): name is ActivityEvent => Object.hasOwn(activityEvents, name);

/** A change of anything: of a value, of a target, or of a definition. */
export const activityEntry = z.object({
  ...historyEntry.shape,
  /** The id of the account or key that did it, because names aren't unique. Empty if there was none. */
  actorId: z.string(),
  targetType: z.enum(targetTypes).nullable(),
  /** The target of the change. Null for a definition and for a permanently deleted target. */
  holder: holder.nullable(),
  /** What was done, where before and after don’t say: a sign-in, a comparison, values that a plan moved. */
  event: z.union([z.enum(Object.keys(activityEvents)), z.string()]).nullable(),
  /** How many values, where one entry stands for many; null where the caller isn't told it. */
  count: z.number().nullable(),
  /** The name of an object without a page of its own: a permission space, a tenant. */
  subject: z.string().nullable(),
  /** What happened to a definition, and which of its properties changed. */
  definition: z
    .object({
      event: z.enum(['created', 'changed', 'deleted', 'restored', 'purged']),
      changes: z.array(z.string()),
    })
    .nullable(),
});
export type ActivityEntry = z.output<typeof activityEntry>;

/** The head as it is written to a file; whoever keeps it can tell later that nothing before it is missing. */
export const checkpoint = z.object({
  fieldbook: z.literal('activity'),
  count: z.number().int().min(0),
  hash: z.string(),
  at: z.string(),
  keyId: z.string(),
  signature: z.string(),
});
export type Checkpoint = z.output<typeof checkpoint>;
