import type { HistoryEntry } from '#contract/history';
import { dots } from '#contract/mask';
import { value } from '#contract/value';
import { disclosesValues, isHidden, maskForHistory, type Seen, see, type Viewer } from '../access/seen.ts';
import type { Data } from '../context.ts';
import type { Db, HistoryRow } from '../database/schema.ts';
import { findAccesses } from '../stores/accesses.ts';
import { findAnyFields } from '../stores/fields.ts';

/** A row of a timeline: of the change history, or of the audit log with what the change history still has. */
export type TimelineRow = Pick<
  HistoryRow,
  | 'at'
  | 'kind'
  | 'fieldId'
  | 'targetId'
  | 'before'
  | 'after'
  | 'actorKind'
  | 'actorName'
  | 'through'
  | 'requestId'
  | 'planId'
  | 'reason'
> & { id: number; event?: string | null };

/**
 * The fields (also deleted and permanently deleted ones) whose values are hidden from a caller, and their definitions
 * unless the caller has `define`. Queries exclude them, because a page with missing entries would disclose their
 * number.
 */
export async function hiddenFrom(viewer: Viewer, db: Db): Promise<number[]> {
  return (await findAccesses(db)).flatMap(({ id, access }) => (isHidden(viewer, access) ? [id] : []));
}

/**
 * Rows in portions, the latest first. How much is read at once depends on values that the caller may not know; what
 * comes of it doesn't.
 */
export async function* inPortions<R extends { id: number }, P extends { before?: number | undefined; limit: number }>(
  place: P,
  countFitting: (place: P) => Promise<number>,
  find: (place: P) => Promise<R[]>,
): AsyncGenerator<R[]> {
  for (let { before } = place; ; ) {
    const limit = await countFitting({ ...place, before });
    const rows = limit ? await find({ ...place, before, limit }) : [];
    if (!rows.length) return;
    yield rows;
    before = rows.at(-1)?.id;
  }
}

/** How many characters of entries a page has at most, unless one entry has more. */
const mostTold = 4_000_000;

/** A page of at most `limit` entries. It ends by what it tells alone. */
export async function pageOfEntries<E>(
  entries: AsyncIterable<E>,
  limit: number,
): Promise<{ list: E[]; hasMore: boolean }> {
  const list: E[] = [];
  let characters = 0;
  for await (const entry of entries) {
    characters += JSON.stringify(entry).length;
    if (list.length === limit || (list.length && characters > mostTold)) return { list, hasMore: true };
    list.push(entry);
  }
  return { list, hasMore: false };
}

/** Rows as the reader may see them: decrypted, and masked where protected. Rows of hidden fields are left out. */
export async function entriesOf<R extends TimelineRow>(
  context: Data & Viewer,
  rows: R[],
): Promise<{ row: R; entry: HistoryEntry; isDisclosed: boolean }[]> {
  const fields = await findAnyFields(
    context.db,
    rows.flatMap(({ fieldId }) => fieldId ?? []),
  );
  const values = rows.filter(({ kind, fieldId }) => kind === 'value' && fieldId !== null && fields.has(fieldId));
  const texts = await context.vault.open(
    context.db,
    values.flatMap(({ fieldId, targetId, before, after }) =>
      [before, after].map((text) => ({ fieldId: fieldId ?? 0, targetId: targetId ?? 0, text: text ?? 'null' })),
    ),
  );
  const read = (text: string | null | undefined) => value.nullable().parse(JSON.parse(text ?? 'null'));
  const opened = new Map(values.map((row, at) => [row.id, [read(texts[at * 2]), read(texts[at * 2 + 1])] as const]));
  return rows.flatMap((row) => {
    const field = row.fieldId === null ? undefined : fields.get(row.fieldId);
    const seen = field && see(context, field);
    // A reader with `define` sees changes of all definitions, but never values of a hidden field.
    if (field && !seen && !(row.kind === 'field' && context.rights.includes('define'))) return [];
    const [before = null, after = null] = opened.get(row.id) ?? [];
    const isRead = context.rights.includes('read');
    const entry = toEntry(row, seen, { before, after, deletedAt: field?.deletedAt ?? null, isRead });
    return [{ row, entry, isDisclosed: row.fieldId === null || disclosesValues(seen) }];
  });
}

function toEntry(
  row: TimelineRow,
  seen: Seen | undefined,
  held: Pick<HistoryEntry, 'before' | 'after'> & { deletedAt: string | null; isRead: boolean },
): HistoryEntry {
  const isValue = row.kind !== 'target' && row.kind !== 'field' && seen !== undefined;
  // The name of an event says what was done; it has no values.
  const changed = row.kind === 'value' && !row.event ? seen : undefined;
  return {
    id: row.id,
    at: row.at,
    request: row.requestId ?? String(row.id),
    actorKind: row.actorKind as HistoryEntry['actorKind'],
    actorName: row.actorName,
    through: row.through as HistoryEntry['through'],
    reason: row.reason,
    byPlan: row.planId !== null,
    field: isValue
      ? {
          key: seen.field.key,
          label: seen.field.label,
          isDeleted: held.deletedAt !== null,
          isMasked: seen.isMasked || seen.field.encrypted,
        }
      : null,
    before: changed ? maskForHistory(changed, held.before) : null,
    after: changed ? maskForHistory(changed, held.after) : null,
    target: row.kind === 'target' ? targetChange(row, held.isRead) : null,
  };
}

/** Internal properties that people don't need. */
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

/**
 * The change of a target. Every reader sees which properties were written. Only a reader with `read` sees their values,
 * and is therefore told which of them changed.
 */
function targetChange({ before, after }: TimelineRow, isRead: boolean): HistoryEntry['target'] {
  const was: Record<string, unknown> = JSON.parse(before ?? '{}');
  const is: Record<string, unknown> = JSON.parse(after ?? '{}');
  const event = before === null ? 'created' : is.deletedAt ? 'deleted' : was.deletedAt ? 'restored' : 'changed';
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !internal.has(key));
  const changes = keys
    .map((key) => ({ key, before: was[key] ?? null, after: is[key] ?? null }))
    .filter((change) => !isRead || JSON.stringify(change.before) !== JSON.stringify(change.after))
    .map((change) => (isRead ? change : { ...change, before: dots, after: dots }));
  return { event, changes: event === 'created' ? [] : changes };
}
