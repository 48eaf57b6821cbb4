import { type TargetType, targetTypes } from '#contract/target';
import { disclosesValues, fieldsFor, type Seen } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import { countDays } from '../activity/store.ts';
import type { Context, Handlers } from '../context.ts';
import { misfitsOf } from '../fields/health.ts';
import { living, nameHolders } from '../fields/held.ts';
import { hiddenFrom } from '../history/entries.ts';
import { stateOf } from '../plans/store.ts';
import { findDrafts } from '../stores/drafts.ts';
import { isInactiveOption } from '../stores/options.ts';
import { meetsAll } from '../tenancy.ts';

const day = 86_400_000;
/** How long a call counts, in milliseconds. */
const patience = 3_000;

interface Misfits {
  unfit: number;
  breaches: number;
  retired: number;
}

/** The last counts by field, with the state of the values that they are of. Who asks meanwhile waits for the same. */
const counted = new Map<number, { state: string; misfits: Promise<Misfits>; checkedAt: number }>();
/** A count that was right this long ago, in milliseconds, is told where there is no time to check it. */
const fresh = 60_000;

export const overviewHandlers: Handlers<'getOverview' | 'countMisfits'> = {
  async getOverview({ tenantId }, context) {
    const space = await spaceFor(context, tenantId);
    const from = new Date(Date.now() - 27 * day).toISOString().slice(0, 10);
    const isShown = context.rights.includes('activity');
    return {
      days: isShown
        ? await countDays(context, { tenantId: space, from, hidden: await hiddenFrom(context, context.db) })
        : null,
      drafts: await draftsOf(context, space),
      sealing: await sealingIn(context, space),
    };
  },
  async countMisfits({ targetType, tenantId }, context) {
    const fields = await fieldsFor(context, await spaceFor(context, tenantId), targetType);
    const isWhole = meetsAll(context, targetType);
    const told = fields.filter((seen) => disclosesValues(seen) && !seen.field.encrypted);
    const end = Date.now() + patience;
    const found: [string, Misfits][] = [];
    const checkedAt = ({ id }: Seen) => (isWhole && counted.get(id)?.checkedAt) || 0;
    // In a large pool each call gets some of them done, so the next one goes on with those that wait the longest.
    for (const seen of told.toSorted((one, other) => checkedAt(one) - checkedAt(other))) {
      const known = Date.now() > end && checkedAt(seen) > end - fresh ? counted.get(seen.id)?.misfits : undefined;
      if (known) found.push([seen.field.key, await known]);
      else if (Date.now() <= end) found.push([seen.field.key, await countOf(context, seen)]);
    }
    return { fields: Object.fromEntries(found), isComplete: found.length === told.length };
  },
};

async function countOf(context: Context, seen: Seen): Promise<Misfits> {
  // Whoever meets some targets only has a count of their own.
  if (!meetsAll(context, seen.field.targetType)) return count(context, seen);
  const state = JSON.stringify([seen.field.version, await stateOf(context.db, seen)]);
  const checkedAt = Date.now();
  const known = counted.get(seen.id);
  const misfits = known?.state === state ? known.misfits : count(context, seen);
  counted.set(seen.id, { state, misfits, checkedAt });
  misfits.catch(() => counted.delete(seen.id));
  return misfits;
}

async function count(context: Context, seen: Seen): Promise<Misfits> {
  const { misfits, breaches } = await misfitsOf(context, seen);
  return { unfit: misfits.count, breaches, retired: await countRetired(context, seen) };
}

async function countRetired(context: Context, { id, field }: Seen): Promise<number> {
  if (!('retiredOptions' in field) || !field.retiredOptions.length) return 0;
  const { holders } = await living(context, id, field.targetType)
    .select((of) => of.fn.countAll<number>().as('holders'))
    .where(isInactiveOption('value', id))
    .executeTakeFirstOrThrow();
  return holders;
}

async function draftsOf(context: Context, space: string) {
  const { actor, db } = context;
  if (actor.kind !== 'staff') return [];
  const drafts = await findDrafts(db, { staffId: actor.id, tenantId: space });
  const named = await Promise.all(
    targetTypes.map((targetType) =>
      nameHolders(
        context,
        targetType,
        drafts.filter((draft) => draft.targetType === targetType).map(({ targetId }) => targetId),
      ),
    ),
  );
  return drafts.flatMap(({ targetId, targetType, at }) => {
    const holder = named[targetTypes.indexOf(targetType)]?.get(targetId);
    return holder ? [{ targetType, holder, at }] : [];
  });
}

async function sealingIn(context: Context, space: string): Promise<{ targetType: TargetType; key: string }[]> {
  if (!context.rights.includes('define')) return [];
  const spaces = await Promise.all(targetTypes.map((targetType) => fieldsFor(context, space, targetType)));
  const waiting = await context.db
    .selectFrom('fields')
    .select('id')
    .where('tenantId', '=', space)
    .where('encrypted', '=', 1)
    .where('sealedAt', 'is', null)
    .where('deletedAt', 'is', null)
    .execute();
  const ids = new Set(waiting.map(({ id }) => id));
  return spaces
    .flat()
    .filter(({ id }) => ids.has(id))
    .map(({ field: { targetType, key } }) => ({ targetType, key }));
}
