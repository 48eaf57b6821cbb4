import type { HistoryEntry } from '#contract/history';
import { value } from '#contract/value';
import type { Handlers } from '../context.ts';
import { findTarget } from '../directory/targets.ts';
import { spaceFor } from '../directory/tenants.ts';
import { findFields } from '../fields/store.ts';
import { findRows } from '../values/store.ts';
import { findFormerValues, findHistory, type NamedRow } from './store.ts';

export const historyHandlers: Handlers<'listHistory' | 'getValuesAt'> = {
  async listHistory({ tenantId, key, before, limit = 50, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context.db, reference);
    const rows = await findHistory(context.db, target.id, { tenantId: space, key, before, limit: limit + 1 });
    return { list: rows.slice(0, limit).map(toEntry), hasMore: rows.length > limit };
  },
  async getValuesAt({ tenantId, entry, ...reference }, context) {
    const space = await spaceFor(context, tenantId);
    const target = await findTarget(context.db, reference);
    const [fields, present, former] = await Promise.all([
      findFields(context.db, space, target.targetType),
      findRows(context.db, target.id),
      findFormerValues(context.db, target.id, entry),
    ]);
    return Object.fromEntries(
      fields.flatMap(({ id, field }) => {
        const json = former.get(id);
        const held = json === undefined ? present.get(id) : json === null ? undefined : value.parse(JSON.parse(json));
        return held === undefined ? [] : [[field.key, held]];
      }),
    );
  },
};

function toEntry(row: NamedRow): HistoryEntry {
  const isValue = row.kind === 'value' && row.key !== null;
  const read = (json: string | null) => (json === null || !isValue ? null : value.parse(JSON.parse(json)));
  return {
    id: row.id,
    at: row.at,
    request: row.requestId ?? String(row.id),
    actorKind: row.actorKind as HistoryEntry['actorKind'],
    actorName: row.actorName,
    through: row.through as HistoryEntry['through'],
    reason: row.reason,
    byPlan: row.planId !== null,
    field: isValue ? { key: row.key ?? '', label: row.label ?? '', isDeleted: row.deletedAt !== null } : null,
    before: read(row.before),
    after: read(row.after),
    target: isValue ? null : targetChange(row),
  };
}

/** What is of the store alone and says nothing to people. */
const internal = new Set([
  'claims',
  'id',
  'createdAt',
  'updatedAt',
  'deletedAt',
  'uid',
  'rootId',
  'parentId',
  'namespaceId',
]);

function targetChange({ before, after }: NamedRow): HistoryEntry['target'] {
  const was: Record<string, unknown> = JSON.parse(before ?? '{}');
  const is: Record<string, unknown> = JSON.parse(after ?? '{}');
  const event = before === null ? 'created' : is.deletedAt ? 'deleted' : was.deletedAt ? 'restored' : 'changed';
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !internal.has(key));
  const changes = keys
    .map((key) => ({ key, before: was[key] ?? null, after: is[key] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
  return { event, changes: event === 'created' ? [] : changes };
}
