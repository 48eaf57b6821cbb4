import { fieldsFor, maskForHistory } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Handlers } from '../context.ts';
import { findRows } from '../stores/values.ts';
import { findTarget } from '../targets.ts';
import { entriesOf, hiddenFrom } from './entries.ts';
import { findFormerValues, findHistory, findLatest } from './store.ts';

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
    const rows = await findHistory(context.db, target.id, place);
    const entries = await entriesOf(context, rows.slice(0, limit));
    return { list: entries.map(({ entry }) => entry), hasMore: rows.length > limit };
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
