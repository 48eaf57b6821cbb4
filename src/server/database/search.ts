import type { Dialect } from './migrations.ts';

// The search index: for each target and each text value, all 1-, 2- and 3-grams of its folded text. SQLite keeps them in
// a full-text table without content, PostgreSQL in a tsvector under GIN; triggers fill both, so that no write forgets.
// Migration 005 makes it from this file as it stands: a change of these needs a migration that makes it anew.

/** A longer value is a candidate of every search: its grams would weigh more than they save. */
const longValue = 2_000;

/** The built-in texts that keywords are looked for in. */
export const searchColumns = {
  users: ['phone', 'email', 'name', 'username', 'nickname', 'identity_number'],
  roles: ['code', 'name'],
  groups: ['code', 'name'],
  departments: ['code', 'name'],
} as const;
type Table = keyof typeof searchColumns;
const tables = Object.keys(searchColumns) as Table[];

/** The runs of one, two and three signs in a folded text, each once. */
export function gramsOf(folded: string): string[] {
  const signs = [...folded];
  const grams = new Set<string>();
  for (const [at] of signs.entries()) {
    for (let end = at + 1; end <= Math.min(at + 3, signs.length); end += 1) grams.add(signs.slice(at, end).join(''));
  }
  return [...grams];
}

/** A gram as a word that the tokenizer of SQLite's full-text table leaves whole. */
export const hexOf = (gram: string) => [...gram].map((sign) => sign.codePointAt(0)?.toString(16)).join('x');

export const createSearch = ({ engine }: Dialect): string[] => (engine === 'sqlite' ? inSqlite() : inPostgres());

function inSqlite(): string[] {
  const table = (name: string) =>
    `create virtual table ${name} using fts5(grams, content='', contentless_delete=1, detail=none)`;
  // The halves of a row's number: the field and the target.
  const row = (side: 'new' | 'old') => `(${side}.field_id << 32) | ${side}.target_id`;
  const valueGrams = (side: string) =>
    `'field' || ${side}field_id || ' ' || case when length(${side}value) > ${longValue} then 'long' else grams(plain(${side}value)) end`;
  const insert = `insert into value_search (rowid, grams) select ${row('new')}, ${valueGrams('new.')}
    where substr(new.value, 1, 1) = '"';`;
  const remove = `delete from value_search where rowid = ${row('old')};`;
  return [
    table('search'),
    table('value_search'),
    ...tables.flatMap((name) => {
      const all = (side: string) => searchColumns[name].map((column) => `grams(${side}${column})`).join(` || ' ' || `);
      const put = `insert into search (rowid, grams) values (new.id, ${all('new.')});`;
      const drop = 'delete from search where rowid = old.id;';
      return [
        `create trigger ${name}_search_insert after insert on "${name}" begin ${put} end`,
        `create trigger ${name}_search_update after update of ${searchColumns[name].join(', ')} on "${name}" begin ${drop} ${put} end`,
        `create trigger ${name}_search_delete after delete on "${name}" begin ${drop} end`,
        `insert into search (rowid, grams) select id, ${all('')} from "${name}"`,
      ];
    }),
    `create trigger field_values_search_insert after insert on field_values begin ${insert} end`,
    `create trigger field_values_search_update after update of value on field_values begin ${remove} ${insert} end`,
    `create trigger field_values_search_delete after delete on field_values begin ${remove} end`,
    `insert into value_search (rowid, grams) select (field_id << 32) | target_id, ${valueGrams('')}
      from field_values where substr(value, 1, 1) = '"'`,
  ];
}

function inPostgres(): string[] {
  const trigger = (name: string, body: string) =>
    `create function ${name}() returns trigger language plpgsql as $$ begin ${body} return null; end $$`;
  const valueGrams = (side: string) =>
    `array_to_tsvector(array['field' || ${side}field_id] ||
      case when length(${side}value) > ${longValue} then array['long'] else grams(plain(${side}value)) end)`;
  return [
    `create function grams(text) returns text[] language sql immutable parallel safe cost 1000 as $$
      select coalesce(array_agg(distinct substr(folded, first, size) collate "C"), '{}')
      from (select coalesce(fold($1), '') as folded) texts, generate_series(1, length(folded)) first,
        generate_series(1, 3) size where first + size - 1 <= length(folded) $$`,
    'create table search (id integer primary key, grams tsvector not null)',
    'create index search_grams on search using gin (grams)',
    `create table value_search (field_id integer not null, target_id integer not null, grams tsvector not null,
      primary key (field_id, target_id))`,
    'create index value_search_grams on value_search using gin (grams)',
    ...tables.flatMap((name) => {
      const all = (side: string) =>
        `array_to_tsvector(${searchColumns[name].map((column) => `grams(${side}${column})`).join(' || ')})`;
      return [
        trigger(
          `search_${name}`,
          `insert into search values (new.id, ${all('new.')}) on conflict (id) do update set grams = excluded.grams;`,
        ),
        trigger(`unsearch_${name}`, 'delete from search where id = old.id;'),
        `create trigger search_put after insert or update of ${searchColumns[name].join(', ')} on "${name}"
          for each row execute function search_${name}()`,
        `create trigger search_drop after delete on "${name}" for each row execute function unsearch_${name}()`,
        `insert into search select id, ${all('')} from "${name}"`,
      ];
    }),
    trigger(
      'search_values',
      `if left(new.value, 1) = '"' then
        insert into value_search values (new.field_id, new.target_id, ${valueGrams('new.')})
          on conflict (field_id, target_id) do update set grams = excluded.grams;
      else delete from value_search where field_id = new.field_id and target_id = new.target_id; end if;`,
    ),
    trigger('unsearch_values', 'delete from value_search where field_id = old.field_id and target_id = old.target_id;'),
    'create trigger search_put after insert or update of value on field_values for each row execute function search_values()',
    'create trigger search_drop after delete on field_values for each row execute function unsearch_values()',
    `insert into value_search select field_id, target_id, ${valueGrams('')} from field_values where left(value, 1) = '"'`,
  ];
}
