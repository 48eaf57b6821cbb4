import { limits } from '#contract/field';
import type { HistoryEntry } from '#contract/history';
import { fieldsFor, maskForHistory } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { findRows } from '../stores/values.ts';
import { findTarget } from '../targets.ts';
import { entriesOf, hiddenFrom, inPortions, pageOfEntries } from './entries.ts';
import { countFitting, findFormerValues, findHistory, mostOfTarget, type Page } from './store.ts';

export const historyHandlers: Handlers<'listHistory' | 'getValuesAt'> = {
  async listHistory({ tenantId, key, before, latest, limit = 50, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context, reference);
    const hidden = await hiddenFrom(context, context.db);
    // The last change of each field: as many as there are fields, the latest ones of a target with very large values.
    const most = latest ? limits.fields + mostOfTarget : limit;
    const place = { tenantId: space, key, before, latest, limit: most + 1, hidden };
    return pageOfEntries(tellEntries(context, target.id, place), most);
  },
  async getValuesAt({ tenantId, entry, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context, reference);
    const fields = await fieldsFor(context, space, target.targetType);
    const [present, former] = await Promise.all([
      findRows(
        context,
        target.id,
        fields.map(({ id }) => id),
      ),
      findFormerValues(context, target.id, entry),
    ]);
    return Object.fromEntries(
      fields.flatMap((seen) => {
        const was = former.get(seen.id);
        const held = was === undefined ? present.get(seen.id) : was;
        return held === undefined || held === null ? [] : [[seen.field.key, maskForHistory(seen, held)]];
      }),
    );
  },
};

/** The changes of a target, the latest first. */
async function* tellEntries(context: Context, targetId: number, page: Page): AsyncGenerator<HistoryEntry> {
  const portions = inPortions(
    page,
    (place) => countFitting(context.db, targetId, place),
    (place) => findHistory(context.db, targetId, place),
  );
  for await (const rows of portions) for (const { entry } of await entriesOf(context, rows)) yield entry;
}
