import Papa from 'papaparse';
import type { ActivityEntry, ActivityEvent } from '#contract/history';
import type { Holder } from '#contract/plan';
import { targetTypes } from '#contract/target';
import { spaceFor } from '../access/space.ts';
import type { Context, Handlers } from '../context.ts';
import { transact } from '../database/open.ts';
import { nameHolders } from '../fields/held.ts';
import { entriesOf, hiddenFrom, inPortions, pageOfEntries } from '../history/entries.ts';
import { type ActivityRecord, recordActivity } from '../record/activity.ts';
import { headOf } from '../record/seal.ts';
import { meetsAll } from '../tenancy.ts';
import { countFitting, type FoundRecord, findActivity, type Wanted } from './store.ts';

/** The largest file: so many lines, and so many characters. */
const mostExported = { lines: 100_000, characters: 32_000_000 };

export const activityHandlers: Handlers<'listActivity' | 'exportActivity'> = {
  async exportActivity({ tenantId, whose, ...wanted }, context) {
    const space = await spaceFor(context, tenantId);
    const hidden = await hiddenFrom(context, context.db);
    const parts: string[] = [];
    let [entries, characters, hasMore] = [0, 0, false];
    const place = { ...wanted, tenantId: space, whose: whose?.trim(), hidden, limit: 1_000 };
    for await (const entry of tellEntries(context, place)) {
      const line = Papa.unparse([toLine(entry)], { escapeFormulae: true, header: !parts.length });
      characters += line.length;
      hasMore = entries === mostExported.lines || (entries > 0 && characters > mostExported.characters);
      if (hasMore) break;
      parts.push(line);
      entries += 1;
    }
    // Read apart, so that nobody who writes waits for it.
    const record: ActivityRecord = { event: 'activityExported', count: entries };
    await transact(context.database, (trx) => recordActivity(trx, context.actor, [record]));
    return {
      csv: parts.join('\r\n'),
      entries,
      hasMore,
      // The checkpoint counts everything in the pool.
      checkpoint: context.tenants ? null : await headOf(context),
    };
  },
  async listActivity({ tenantId, whose, limit = 50, ...wanted }, context) {
    const space = await spaceFor(context, tenantId);
    const hidden = await hiddenFrom(context, context.db);
    const place = { ...wanted, tenantId: space, whose: whose?.trim(), hidden, limit: limit + 1 };
    return pageOfEntries(tellEntries(context, place), limit);
  },
};

/** The entries, the latest first. */
async function* tellEntries(context: Context, wanted: Wanted): AsyncGenerator<ActivityEntry> {
  const portions = inPortions(
    wanted,
    (place) => countFitting(context, place),
    (place) => findActivity(context, place),
  );
  for await (const rows of portions) yield* await named(context, rows);
}

type Line = Record<string, string | number>;

/** One line: who did what to which target. Protected values stay masked. */
function toLine(entry: ActivityEntry): Line {
  return {
    id: entry.id,
    at: entry.at,
    by: entry.actorName,
    byId: entry.actorId,
    through: entry.through,
    what: entry.event ?? entry.definition?.event ?? entry.target?.event ?? 'value',
    targetType: entry.targetType ?? '',
    target: entry.holder?.identifier ?? '',
    name: entry.holder?.name ?? entry.subject ?? '',
    field: entry.field?.key ?? '',
    before: entry.before === null ? '' : String(entry.before),
    after: entry.after === null ? '' : String(entry.after),
    changed: (entry.definition?.changes ?? entry.target?.changes.map(({ key }) => key) ?? []).join(' '),
    count: entry.count ?? '',
    reason: entry.reason ?? '',
    request: entry.request,
  };
}

/** Adds the names of the targets to the entries. */
async function named(context: Context, rows: FoundRecord[]): Promise<ActivityEntry[]> {
  const names = new Map<number, Holder>();
  for (const type of targetTypes) {
    const ids = rows.flatMap((row) => (row.targetType === type && row.targetId !== null ? [row.targetId] : []));
    for (const [id, holder] of await nameHolders(context, type, [...new Set(ids)])) names.set(id, holder);
  }
  const typeOf = (row: FoundRecord) =>
    targetTypes.find((type) => type === (row.targetType ?? row.fieldTargetType)) ?? null;
  // The person who moved the values may have moved values of targets that the reader can't see.
  const tellsCount = (row: FoundRecord, isDisclosed: boolean) =>
    row.event !== ('moved' satisfies ActivityEvent) || (isDisclosed && meetsAll(context, typeOf(row)));
  return (await entriesOf(context, rows)).map(({ row, entry, isDisclosed }) => ({
    ...entry,
    actorId: row.actorId,
    ...(row.kind === 'field' && { field: fieldOf(row) }),
    // Without a change that history keeps there is none to tell.
    ...((row.kind === 'field' || row.event !== null) && { target: null }),
    event: row.event,
    count: tellsCount(row, isDisclosed) ? row.count : null,
    targetType: typeOf(row),
    holder: (row.targetId !== null && names.get(row.targetId)) || null,
    subject: row.kind === 'target' && row.targetId === null ? subjectOf(row) : row.subject,
    definition: row.kind === 'field' ? definitionChange(row) : null,
  }));
}

/** The name in a row of the object that it is about. */
function subjectOf({ before, after }: FoundRecord): string | null {
  const said: { name?: unknown; code?: unknown } = { ...JSON.parse(before ?? '{}'), ...JSON.parse(after ?? '{}') };
  return [said.name, said.code].find((name): name is string => typeof name === 'string') ?? null;
}

/** The field of a definition's row. If it was permanently deleted, only the row has its name. */
function fieldOf({ key, label, deletedAt, before, after }: FoundRecord): ActivityEntry['field'] {
  const said: { key?: string; label?: string } = JSON.parse(before ?? after ?? '{}');
  return {
    key: key ?? said.key ?? '',
    label: label ?? said.label ?? '',
    isDeleted: key === null || deletedAt !== null,
    isMasked: false,
  };
}

function definitionChange({ before, after }: FoundRecord): ActivityEntry['definition'] {
  const was: Record<string, unknown> = JSON.parse(before ?? '{}');
  const is: Record<string, unknown> = JSON.parse(after ?? '{}');
  if (is.purged) return { event: 'purged', changes: [] };
  if (before === null) return { event: 'created', changes: [] };
  // Older versions wrote `binned`.
  if (was.trashed || was.binned) return { event: 'restored', changes: [] };
  if (after === null) return { event: 'deleted', changes: [] };
  // Which options are still held follows from values: no change of the definition.
  const untold = new Set(['version', 'retiredOptions']);
  const changes = Object.keys(is).filter(
    (key) => !untold.has(key) && JSON.stringify(is[key]) !== JSON.stringify(was[key]),
  );
  return { event: 'changed', changes };
}
