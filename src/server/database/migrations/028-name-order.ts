import { statements } from './dialect.ts';

// How names sort for readers of each language (see collation.ts).

const tables = ['users', 'roles', 'groups', 'departments'];
const collations = {
  en_us: 'en-x-icu',
  zh_cn: 'zh-Hans-CN-x-icu',
  zh_tw: 'zh-Hant-TW-x-icu',
  ja_jp: 'ja-x-icu',
};
const columns = Object.keys(collations);

export const up = statements(({ engine }) => (engine === 'sqlite' ? inSqlite() : inPostgres()));

function inSqlite(): string[] {
  const keys = columns.map((column) => `name_key(new.name, '${column}')`).join(', ');
  const put = `insert or replace into name_order values (new.id, ${keys});`;
  return [
    `create table name_order (id integer primary key, ${columns.map((column) => `${column} text`).join(', ')})`,
    ...columns.map((column) => `create index name_order_${column} on name_order (${column}, id)`),
    ...tables.flatMap((table) => [
      `create trigger ${table}_name_insert after insert on "${table}" begin ${put} end`,
      `create trigger ${table}_name_update after update of name on "${table}" begin ${put} end`,
      `create trigger ${table}_name_delete after delete on "${table}" begin delete from name_order where id = old.id; end`,
    ]),
    // The version of the keys. Without a row, the next start makes them.
    'create table name_order_version (version text not null)',
  ];
}

/** An index row holds at most 2,704 bytes, and a name of a user has up to 1,024 characters. */
const inPostgres = () => [
  'drop index users_name',
  ...tables.flatMap((table) =>
    Object.entries(collations).map(
      ([column, collation]) =>
        `create index ${table}_name_${column} on "${table}" (left(name, 256) collate "${collation}", id)`,
    ),
  ),
];
