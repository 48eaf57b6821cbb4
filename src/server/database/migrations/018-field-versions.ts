import { statements } from './dialect.ts';

/** A version of the definitions of each space. Triggers replace it on every write (stores/versions.ts). */
export const up = statements(({ engine, text }) => {
  const random = engine === 'postgres' ? 'gen_random_uuid()::text' : 'lower(hex(randomblob(16)))';
  return [
    `create table field_versions (tenant_id ${text} not null, target_type ${text} not null, version ${text} not null,
      primary key (tenant_id, target_type))`,
    `insert into field_versions select tenant_id, target_type, ${random} from fields group by tenant_id, target_type`,
    ...(engine === 'postgres' ? versionTriggersOfPostgres(random) : versionTriggersOfSqlite(random)),
  ];
});

const events = [
  ['insert', ['new']],
  ['update', ['old', 'new']],
  ['delete', ['old']],
] as const;

function versionTriggersOfSqlite(random: string): string[] {
  return events.flatMap(([event, sides]) => {
    const spaces = sides.map(
      (side) => `insert into field_versions values (${side}.tenant_id, ${side}.target_type, ${random})
        on conflict (tenant_id, target_type) do update set version = excluded.version;`,
    );
    const ids = sides.map((side) => `${side}.field_id`);
    return [
      `create trigger fields_version_${event} after ${event} on fields begin ${spaces.join(' ')} end`,
      `create trigger field_options_version_${event} after ${event} on field_options begin
        update field_versions set version = ${random}
        where (tenant_id, target_type) in (select tenant_id, target_type from fields where id in (${ids}));
      end`,
    ];
  });
}

/** Once per statement, however many rows it writes. */
function versionTriggersOfPostgres(random: string): string[] {
  const replace = (name: string, changed: string) => `create function ${name}() returns trigger language plpgsql as $$
    begin
      insert into field_versions
        select tenant_id, target_type, ${random} from ${changed} group by tenant_id, target_type order by 1, 2
        on conflict (tenant_id, target_type) do update set version = excluded.version;
      return null;
    end $$`;
  return [
    replace('replace_field_versions', 'changed'),
    replace('replace_option_versions', 'fields where id in (select field_id from changed)'),
    `create function replace_all_field_versions() returns trigger language plpgsql as
      $$ begin update field_versions set version = ${random}; return null; end $$`,
    ...['fields', 'field_options'].flatMap((table) => [
      ...events.flatMap(([event, sides]) =>
        sides.map(
          (side) => `create trigger ${table}_version_${event}_${side} after ${event} on ${table}
            referencing ${side} table as changed for each statement
            execute function ${table === 'fields' ? 'replace_field_versions' : 'replace_option_versions'}()`,
        ),
      ),
      `create trigger ${table}_version_truncate after truncate on ${table}
        for each statement execute function replace_all_field_versions()`,
    ]),
  ];
}
