import type { HistoryEntry } from '#contract/history';
import { dots } from '#contract/mask';
import { value } from '#contract/value';
import { disclosesValues, isHidden, maskForHistory, type Seen, see, type Viewer } from '../access/seen.ts';
import type { Data } from '../context.ts';
import type { Db, HistoryRow } from '../database/schema.ts';
import { findAnyFields } from '../stores/fields.ts';

/** What timelines are made of: a row of history, or one of the activity with what history keeps of it. */
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
 * The fields, living, deleted or removed for good, whose values a caller isn't told of; nor of their definitions, but for who defines them.
 * Queries leave them out, as a page that lacks some of its entries tells how many.
 */
export async function hiddenFrom(viewer: Viewer, db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('fields')
    .select(['id', 'access'])
    .where('access', '<>', '{}')
    .unionAll(db.selectFrom('purgedFields').select(['id', 'access']).where('access', '<>', '{}'))
    .execute();
  return rows.flatMap(({ id, access }) => (isHidden(viewer, JSON.parse(access)) ? [id] : []));
}

/** Rows as their readers may see them: opened where they are sealed, veiled where they are protected. Those of hidden fields aren't given. */
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
    // Who defines fields is told what became of their definitions; values of a hidden one are nobody's business.
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
  // An entry of an event says what was done by its name.
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

/** What became of a target. Which of its properties changed is told to everybody; what they were and are, to who may read. */
function targetChange({ before, after }: TimelineRow, isRead: boolean): HistoryEntry['target'] {
  const was: Record<string, unknown> = JSON.parse(before ?? '{}');
  const is: Record<string, unknown> = JSON.parse(after ?? '{}');
  const event = before === null ? 'created' : is.deletedAt ? 'deleted' : was.deletedAt ? 'restored' : 'changed';
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !internal.has(key));
  const changes = keys
    .map((key) => ({ key, before: was[key] ?? null, after: is[key] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
    .map((change) => (isRead ? change : { ...change, before: dots, after: dots }));
  return { event, changes: event === 'created' ? [] : changes };
}
