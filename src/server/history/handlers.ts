import type { ActivityEntry, HistoryEntry } from '#contract/history';
import type { Holder } from '#contract/plan';
import { targetTypes } from '#contract/target';
import { value } from '#contract/value';
import type { Handlers } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { findTarget } from '../directory/targets.ts';
import { spaceFor } from '../directory/tenants.ts';
import { nameHolders } from '../fields/held.ts';
import { findFields } from '../fields/store.ts';
import { findRows } from '../values/store.ts';
import { type ActivityRow, findActivity, findFormerValues, findHistory, type NamedRow } from './store.ts';

export const historyHandlers: Handlers<'listHistory' | 'listActivity' | 'getValuesAt'> = {
  async listActivity({ tenantId, actor, whose, kind, targetType, key, from, to, before, limit = 50 }, context) {
    const space = await spaceFor(context, tenantId);
    const wanted = {
      tenantId: space,
      actor,
      whose: whose?.trim(),
      kind,
      targetType,
      key,
      from,
      to,
      before,
      limit: limit + 1,
    };
    const rows = (await findActivity(context.db, wanted)).slice(0, limit + 1);
    const shown = rows.slice(0, limit);
    return { list: await named(context.db, shown), hasMore: rows.length > limit };
  },
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

/** Activity entries, with the names of whom they are about. */
async function named(db: Db, rows: ActivityRow[]): Promise<ActivityEntry[]> {
  const names = new Map<number, Holder>();
  for (const type of targetTypes) {
    const ids = rows.flatMap((row) => (row.targetType === type && row.targetId !== null ? [row.targetId] : []));
    for (const [id, holder] of await nameHolders(db, type, [...new Set(ids)])) names.set(id, holder);
  }
  return rows.map((row) => ({
    ...toEntry(row),
    ...(row.kind === 'field' && { field: fieldOf(row), target: null }),
    targetType: targetTypes.find((type) => type === (row.targetType ?? row.fieldTargetType)) ?? null,
    holder: (row.targetId !== null && names.get(row.targetId)) || null,
    subject: row.kind === 'target' && row.targetId === null ? subjectOf(row) : null,
    definition: row.kind === 'field' ? definitionChange(row) : null,
  }));
}

/** What a row calls the thing that it is about. */
function subjectOf({ before, after }: ActivityRow): string | null {
  const said: { name?: unknown; code?: unknown } = { ...JSON.parse(before ?? '{}'), ...JSON.parse(after ?? '{}') };
  return [said.name, said.code].find((name): name is string => typeof name === 'string') ?? null;
}

/** The field that a definition's row is about; one that was removed for good is named by the row itself. */
function fieldOf({ key, label, deletedAt, before, after }: ActivityRow): ActivityEntry['field'] {
  const said: { key?: string; label?: string } = JSON.parse(before ?? after ?? '{}');
  return {
    key: key ?? said.key ?? '',
    label: label ?? said.label ?? '',
    isDeleted: key === null || deletedAt !== null,
  };
}

function definitionChange({ before, after }: ActivityRow): ActivityEntry['definition'] {
  const was: Record<string, unknown> = JSON.parse(before ?? '{}');
  const is: Record<string, unknown> = JSON.parse(after ?? '{}');
  if (is.purged) return { event: 'purged', changes: [] };
  if (before === null) return { event: 'created', changes: [] };
  if (was.binned) return { event: 'restored', changes: [] };
  if (after === null) return { event: 'deleted', changes: [] };
  const changes = Object.keys(is).filter(
    (key) => key !== 'version' && JSON.stringify(is[key]) !== JSON.stringify(was[key]),
  );
  return { event: 'changed', changes };
}

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
