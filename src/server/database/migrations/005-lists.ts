import { statements } from './dialect.ts';

export const up = statements(({ engine, text }) => [
  ...(engine === 'sqlite' ? inSqlite() : inPostgres()),
  // A page of a list starts where the page before ended, so the index has the whole order, including the id.
  'drop index field_values_sort_key',
  'drop index field_values_number',
  'create index field_values_text on field_values (field_id, sort_key, target_id)',
  'create index field_values_number on field_values (field_id, number, target_id)',
  'drop index users_created_at',
  'create index users_created_at on users (created_at, id)',
  'create index users_name on users (name, id)',
  'create index users_updated_at on users (updated_at, id)',
  'create index users_last_login on users (last_login, id)',
  'create index users_logins_count on users (logins_count, id)',
  `alter table fields add column group_name ${text} not null default ''`,
  `alter table namespaces add column deleted_at ${text}`,
  // Drafts by person, target and space.
  'drop index drafts_at',
  `create table drafts_by_space (staff_id ${text} not null references staff (id) on delete cascade,
      target_id integer not null references targets (id), tenant_id ${text} not null, draft ${text} not null,
      at ${text} not null, primary key (staff_id, target_id, tenant_id))`,
  "insert into drafts_by_space select staff_id, target_id, '', draft, at from drafts",
  'drop table drafts',
  'alter table drafts_by_space rename to drafts',
  'create index drafts_at on drafts (at)',
  `create table views (id ${text} primary key, staff_id ${text} not null references staff (id) on delete cascade,
      tenant_id ${text} not null, target_type ${text} not null, name ${text} not null, query ${text} not null,
      shared integer not null, created_at ${text} not null)`,
  'create index views_list on views (tenant_id, target_type)',
]);

// The search index (see search.ts).

/** Longer values are candidates of every search, because their grams would cost more than they save. */
const longValue = 2_000;

const searchColumns = {
  users: ['phone', 'email', 'name', 'username', 'nickname', 'identity_number'],
  roles: ['code', 'name'],
  groups: ['code', 'name'],
  departments: ['code', 'name'],
};
const tables = ['users', 'roles', 'groups', 'departments'] as const;

function inSqlite(): string[] {
  const table = (name: string) =>
    `create virtual table ${name} using fts5(grams, content='', contentless_delete=1, detail=none)`;
  // The row number combines the field (upper half) and the target (lower half).
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
