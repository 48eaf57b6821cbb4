import type { Actor } from '../context.ts';

/** The actor's columns in the change history and the audit log. */
export const saidOf = (actor: Actor) => ({
  actorKind: actor.kind,
  actorId: actor.id,
  actorName: actor.name,
  through: actor.through,
  requestId: actor.requestId ?? null,
  planId: actor.planId ?? null,
  reason: actor.reason ?? null,
});
