import type { HistoryEntry } from '#contract/history';
import { fieldsFor, maskForHistory } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { findRows } from '../stores/values.ts';
import { findTarget } from '../targets.ts';
import { entriesOf, hiddenFrom, pageOfEntries } from './entries.ts';
import { countFitting, findFormerValues, findHistory, findLatest, type Page } from './store.ts';

export const historyHandlers: Handlers<'listHistory' | 'getValuesAt'> = {
  async listHistory({ tenantId, key, before, latest, limit = 50, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context, reference);
    const hidden = await hiddenFrom(context, context.db);
    if (latest) {
      const entries = await entriesOf(context, await findLatest(context.db, target.id, { tenantId: space, hidden }));
      return { list: entries.map(({ entry }) => entry), hasMore: false };
    }
    const place = { tenantId: space, key, before, limit: limit + 1, hidden };
    return pageOfEntries(tellEntries(context, target.id, place), limit);
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

/** The changes of a target, the latest first, read in portions by their size. */
async function* tellEntries(context: Context, targetId: number, page: Page): AsyncGenerator<HistoryEntry> {
  for (let { before } = page; ; ) {
    const limit = await countFitting(context.db, targetId, { ...page, before });
    const rows = limit ? await findHistory(context.db, targetId, { ...page, before, limit }) : [];
    if (!rows.length) return;
    for (const { entry } of await entriesOf(context, rows)) yield entry;
    before = rows.at(-1)?.id;
  }
}
