import type { Actor } from '../context.ts';

/** Who did something, as the rows of history and activity say it. */
export const saidOf = (actor: Actor) => ({
  actorKind: actor.kind,
  actorId: actor.id,
  actorName: actor.name,
  through: actor.through,
  requestId: actor.requestId ?? null,
  planId: actor.planId ?? null,
  reason: actor.reason ?? null,
});
