import type { Input } from '#contract/endpoints';
import { isProtected } from '#contract/field';
import { type Value, valueSchema } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { fieldsFor, type Seen } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, WriteContext } from '../context.ts';
import { briefly } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import { giveBackTaken, type Taken, take, takeAll, takeSome } from '../limits.ts';
import { recordActivity } from '../record/activity.ts';
import { claimKey } from '../stores/claims.ts';
import { findRows, type Target } from '../stores/values.ts';
import { findTarget } from '../targets.ts';

/** Enough for a day of calls, too few to try all birthdays. */
const questions = { name: 'question', points: 30, seconds: 10 * 60 };
/** The limit for several callers together on one field. */
const questionsOfField = { name: 'question of field', points: 300, seconds: 10 * 60 };
/** The limit for names, free or taken: enough for an import, too few to try all phone numbers. */
const namesOfCaller = { name: 'names', points: 1_000, seconds: 10 * 60 };

/** Verifies whether a target has a value. Limited per caller, and recorded whatever the result is. */
export async function compareValue(
  context: WriteContext,
  { key, value: said, ...reference }: Input<'compareValue'>,
): Promise<{ matches: boolean }> {
  const { target, stored } = await place(context, key, reference);
  await takeGuess(context, stored.id, context.db);
  const held = (await findRows(context, target.id, [stored.id])).get(stored.id);
  const parsed = valueSchema({ ...stored.field, validateRules: [] }).safeParse(said);
  const matches = held !== undefined && parsed.success && claimKey(parsed.data) === claimKey(held);
  await recordActivity(context.db, context.actor, [{ event: 'compared', fieldId: stored.id, targetId: target.id }]);
  return { matches };
}

/** Reveals one value. An audit log entry with the reason and without the value is written first. */
export async function revealValue(context: WriteContext, { key, reason, ...reference }: Input<'revealValue'>) {
  const { target, stored } = await place(context, key, reference);
  const held = (await findRows(context, target.id, [stored.id])).get(stored.id);
  await recordActivity(context.db, { ...context.actor, reason }, [
    { event: 'revealed', fieldId: stored.id, targetId: target.id },
  ]);
  return { value: held ?? null };
}

/** Questions that were asked a moment ago, and their records: the next page of an answer, and its count, are no further questions. */
const asked = new Map<string, { until: number; recorded: Promise<void> }>();
const remembered = 10 * 60_000;

/** A filter by a value of a masked field compares it with all targets at once. */
export async function noteFilter(context: Context, stored: Seen, value: Value): Promise<void> {
  const { kind, id } = context.actor;
  const question = context.secrets.digest('question', JSON.stringify([kind, id, stored.id, value]));
  const now = Date.now();
  for (const [old, { until }] of asked) {
    if (until > now) break;
    asked.delete(old);
  }
  const known = asked.get(question);
  if (known && known.until > now) return known.recorded;
  const recorded = countGuess(context, stored.id);
  asked.set(question, { until: now + remembered, recorded });
  // One that isn't on record is asked anew.
  return recorded.catch((error: unknown) => {
    asked.delete(question);
    throw error;
  });
}

/**
 * A unique value that the caller isn't told is a comparison with everybody's at once, and so is a name of a user (no
 * `fieldId`). Counted and recorded before the write.
 */
export async function countGuess(context: Context, fieldId: number | undefined): Promise<void> {
  await takeGuess(context, fieldId);
  await recordGuesses(context, [fieldId]);
}

const ofNames = 'names';
const limitsOf = ({ asker }: Context, fieldId: number | undefined) => [
  { limiter: questions, key: asker },
  { limiter: questionsOfField, key: fieldId === undefined ? ofNames : String(fieldId) },
];

/** Takes a guess from the limits, before anything depends on it. */
export const takeGuess = (context: Context, fieldId: number | undefined, db: Db = context.database.brief) =>
  takeAll(db, limitsOf(context, fieldId));

/**
 * Counts the names of a write, and takes a guess for each of them, as far as there are guesses left; of those that all
 * callers share one, so that imports at once don't refuse each other. Refuses if there is none.
 */
export const takeNames = (context: Context, names: number): Promise<Taken[]> =>
  briefly(context.database, async (trx) => {
    await take(trx, namesOfCaller, context.asker, names);
    const own = await takeSome(trx, questions, context.asker, names);
    return [own, await takeSome(trx, questionsOfField, ofNames, 1)];
  });

/** The names of a write that was refused cost the shared guesses too, as far as there are any left. */
export async function payForNames(context: Context, names: number): Promise<void> {
  await recordGuesses(
    context,
    Array.from({ length: names }, () => undefined),
  );
  if (names < 2) return;
  try {
    await briefly(context.database, (trx) => takeSome(trx, questionsOfField, ofNames, names - 1));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Gives guesses back that told nothing. */
export async function giveBackNames(context: Context, paid: Taken[]): Promise<void> {
  for (const taken of paid) await giveBackTaken(context.database.brief, taken);
}

/** Records guesses: of a field each, or of a name. */
export async function recordGuesses(context: Context, fieldIds: (number | undefined)[]): Promise<void> {
  await briefly(context.database, (trx) =>
    recordActivity(
      trx,
      context.actor,
      fieldIds.map((fieldId) => ({ event: 'searched' as const, ...(fieldId !== undefined && { fieldId }) })),
    ),
  );
}

async function place(
  context: WriteContext,
  key: string,
  { tenantId, ...reference }: Omit<Input<'compareValue'>, 'key' | 'value'>,
): Promise<{ target: Target; stored: Seen }> {
  const space = await spaceFor(context, tenantId);
  const target = await findTarget(context, reference);
  const fields = await fieldsFor(context, space, target.targetType);
  const stored = fields.find(({ field }) => field.key === key);
  if (!stored) throw new ApiError('fieldUndefined', [{ path: ['key'], name: 'fieldUndefined' }]);
  if (!isProtected(stored.field)) throw new ApiError('validation', [{ path: ['key'], name: 'fieldNotProtected' }]);
  return { target, stored };
}
