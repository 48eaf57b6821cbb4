import type { HistoryEntry } from '#contract/history';
import type { Value } from '#contract/value';
import type { Part } from '../form.ts';

/** One change of one field, as an entry of the change history has it. */
export interface FieldChange {
  part: Part;
  key: string;
  before: Value | null;
  after: Value | null;
}

const read = (value: unknown): Value | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** The fields that an entry changed. */
export function changesIn({ field, before, after, target }: HistoryEntry): FieldChange[] {
  if (field) return field.isDeleted ? [] : [{ part: 'custom', key: field.key, before, after }];
  if (target?.event !== 'changed') return [];
  return target.changes.map((change) => ({
    part: 'builtin',
    key: change.key,
    before: read(change.before),
    after: read(change.after),
  }));
}

/** The last change of a field in entries that begin with the latest. */
export function lastChangeIn(
  entries: HistoryEntry[],
  part: Part,
  key: string,
): { entry: HistoryEntry; change: FieldChange } | undefined {
  for (const entry of entries) {
    const change = changesIn(entry).find((one) => one.part === part && one.key === key);
    if (change) return { entry, change };
  }
  return undefined;
}

/** The latest entry of each request in which a field was changed last: what can be taken back. */
export function lastRequestsIn(entries: HistoryEntry[]): Set<string> {
  const seen = new Set<string>();
  const requests = new Set<string>();
  for (const entry of entries)
    for (const { part, key } of changesIn(entry)) {
      if (!seen.has(`${part}.${key}`)) requests.add(entry.request);
      seen.add(`${part}.${key}`);
    }
  return requests;
}
