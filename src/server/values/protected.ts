import type { Input } from '#contract/endpoints';
import { isProtected } from '#contract/field';
import { type Value, valueSchema } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { fieldsFor, type Seen } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, WriteContext } from '../context.ts';
import { briefly } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import { take } from '../limits.ts';
import { recordActivity } from '../record/activity.ts';
import { claimKey } from '../stores/claims.ts';
import { findRows, type Target } from '../stores/values.ts';
import { findTarget } from '../targets.ts';

/** Enough for a day of calls, too few to try all birthdays. */
const questions = { name: 'question', points: 30, seconds: 10 * 60 };
/** The limit for several callers together on one field. */
const questionsOfField = { name: 'question of field', points: 300, seconds: 10 * 60 };

/** Verifies whether a target has a value. Limited per caller, and recorded whatever the result is. */
export async function compareValue(
  context: WriteContext,
  { key, value: said, ...reference }: Input<'compareValue'>,
): Promise<{ matches: boolean }> {
  const { target, stored } = await place(context, key, reference);
  await countQuestion(context.db, context, stored.id);
  const held = (await findRows(context, target.id)).get(stored.id);
  const parsed = valueSchema({ ...stored.field, validateRules: [] }).safeParse(said);
  const matches = held !== undefined && parsed.success && claimKey(parsed.data) === claimKey(held);
  await recordActivity(context.db, context.actor, [
    { kind: 'protected', event: 'compared', fieldId: stored.id, targetId: target.id },
  ]);
  return { matches };
}

/** Reveals one value. An audit log entry with the reason and without the value is written first. */
export async function revealValue(context: WriteContext, { key, reason, ...reference }: Input<'revealValue'>) {
  const { target, stored } = await place(context, key, reference);
  const held = (await findRows(context, target.id)).get(stored.id);
  await recordActivity(context.db, { ...context.actor, reason }, [
    { kind: 'protected', event: 'revealed', fieldId: stored.id, targetId: target.id },
  ]);
  return { value: held ?? null };
}

/** Recent queries, so that the next page of a result and its count don't count again. */
const asked = new Map<string, number>();
const remembered = 10 * 60_000;

/** A filter by a value of a masked field compares it with all targets at once. */
export async function noteFilter(context: Context, stored: Seen, value: Value): Promise<void> {
  const { kind, id } = context.actor;
  const question = context.secrets.digest('question', JSON.stringify([kind, id, stored.id, value]));
  const now = Date.now();
  if ((asked.get(question) ?? 0) > now) return;
  await countQuestion(context.database.brief, context, stored.id);
  for (const [old, until] of asked) {
    if (until > now) break;
    asked.delete(old);
  }
  asked.set(question, now + remembered);
  await briefly(context.database, (trx) =>
    recordActivity(trx, context.actor, [{ kind: 'protected', event: 'searched', fieldId: stored.id }]),
  );
}

/** A write of a hidden unique value compares it with all targets at once. Counted and recorded before it. */
export async function countGuess(context: Context, fieldId: number): Promise<void> {
  await countQuestion(context.database.brief, context, fieldId);
  await briefly(context.database, (trx) =>
    recordActivity(trx, context.actor, [{ kind: 'protected', event: 'searched', fieldId }]),
  );
}

async function countQuestion(db: Db, { asker }: Context, fieldId: number): Promise<void> {
  await take(db, questions, asker);
  await take(db, questionsOfField, String(fieldId));
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
