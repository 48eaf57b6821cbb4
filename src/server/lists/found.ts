import { sql } from 'kysely';
import type { ListRow } from '#contract/list';
import type { TargetType } from '#contract/target';
import { findFolded } from '#contract/wire/fold';
import type { Seen } from '../access/seen.ts';
import { breather } from '../breather.ts';
import type { Db } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { heldWords, searchedFields } from '../search/search.ts';

type Found = NonNullable<ListRow['found']>;

/** How much of a text is told before and after the words, in characters. */
const around = 40;

/**
 * Where each target has the words of a search, if its row doesn't show them: in a built-in field, else in one of these
 * custom fields, whose values the caller may know.
 */
export async function findWords(
  db: Db,
  rows: ReadonlyMap<number, ListRow>,
  { targetType, words, custom }: { targetType: TargetType; words: string; custom: Seen[] },
): Promise<Map<number, Found>> {
  const breathe = breather();
  const ids: number[] = [];
  for (const [id, { name, note }] of rows) {
    await breathe();
    if (!findFolded(name, words) && !findFolded(note, words)) ids.push(id);
  }
  if (!ids.length) return new Map();
  const builtin = await inBuiltin(db, ids, targetType, words);
  const rest = ids.filter((id) => !builtin.has(id));
  return new Map([...builtin, ...(rest.length ? await inValues(db, rest, custom, words) : [])]);
}

async function inBuiltin(db: Db, ids: number[], targetType: TargetType, words: string): Promise<Map<number, Found>> {
  const { table, wholeIds } = kinds[targetType];
  const searched = searchedFields(table);
  const keys = [...new Set([...searched, ...wholeIds])];
  const columns = sql.join(['id', ...keys].map((key) => sql.ref(key)));
  const { rows } = await sql<Record<string, string | number | null>>`
    select ${columns} from ${sql.table(table)} where id in (${sql.join(ids)})`.execute(db);
  const found = new Map<number, Found>();
  const breathe = breather();
  for (const row of rows) {
    for (const key of keys) {
      await breathe();
      if (row[key] !== words && !(searched.includes(key) && findFolded(`${row[key] ?? ''}`, words))) continue;
      found.set(Number(row.id), { key, text: String(row[key]) });
      break;
    }
  }
  return found;
}

async function inValues(db: Db, ids: number[], custom: Seen[], words: string): Promise<Map<number, Found>> {
  const held = heldWords(db, custom, words);
  if (!held) return new Map();
  // One value of each target is enough, and a thousand fields can have one each: the oldest field that has the words.
  const { rows } = await sql<{ targetId: number; fieldId: number; value: string }>`
    select v.target_id, v.field_id, v.value from field_values v
    join (select v.target_id as holder, min(v.field_id) as first ${held} and v.target_id in (${sql.join(ids)})
      group by v.target_id) f on v.target_id = f.holder and v.field_id = f.first`.execute(db);
  const keys = new Map(custom.map(({ id, field }) => [id, field.key]));
  const found = new Map<number, Found>();
  const breathe = breather();
  for (const { targetId, fieldId, value } of rows) {
    await breathe();
    found.set(targetId, { key: keys.get(fieldId) ?? '', text: partOf(String(JSON.parse(value)), words) });
  }
  return found;
}

function partOf(text: string, words: string): string {
  const [before, found, after] = findFolded(text, words) ?? ['', text, ''];
  const [start, end] = [[...before].slice(-around).join(''), [...after].slice(0, around).join('')];
  return `${start.length < before.length ? '…' : ''}${start}${found}${end}${end.length < after.length ? '…' : ''}`;
}
