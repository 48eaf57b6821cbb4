import { statements } from './dialect.ts';

export const up = statements(({ engine, id, text, big }) => {
  const same = 'actor_kind, actor_id, actor_name, through, request_id, plan_id, reason';
  return [
    `create table activity (id ${id}, at ${text} not null, kind ${text} not null, event ${text}, history_id integer,
      field_id integer, target_id integer, subject ${text}, count integer not null, before_digest ${text},
      after_digest ${text}, actor_kind ${text} not null, actor_id ${text} not null, actor_name ${text} not null,
      through ${text} not null, request_id ${text}, plan_id ${text}, reason ${text}, mac ${text} not null)`,
    'create index activity_field on activity (field_id, id)',
    'create index activity_target on activity (target_id, id)',
    'create index activity_at on activity (at)',
    `create table activity_seals (seq integer primary key, entry_id integer not null unique, key_id ${text} not null,
      hash ${text} not null)`,
    `create table activity_head (id integer primary key, count integer not null, hash ${text} not null, at ${text} not null,
      key_id ${text} not null, signature ${text} not null)`,
    `create table leases (name ${text} primary key, holder ${text} not null, until ${big} not null)`,
    // Entries from before seals existed. The first seals take them over (record/chain.ts).
    `insert into activity (at, kind, history_id, field_id, target_id, count, ${same}, mac)
      select at, kind, id, field_id, target_id, 1, ${same}, '' from history order by id`,
    // No code changes or deletes an entry, and the database doesn't allow it either.
    ...(engine === 'postgres'
      ? [
          'revoke update, delete, truncate on activity, activity_seals from current_user, public',
          // A superuser needs no grant.
          `create function refuse_change() returns trigger language plpgsql as
            $$ begin raise exception 'The activity is append-only.'; end $$`,
          ...['activity', 'activity_seals'].flatMap((table) =>
            ['update', 'delete'].map(
              (change) => `create trigger ${table}_no_${change} before ${change} on ${table}
                for each statement execute function refuse_change()`,
            ),
          ),
        ]
      : ['activity', 'activity_seals'].flatMap((table) =>
          ['update', 'delete'].map(
            (change) => `create trigger ${table}_no_${change} before ${change} on ${table}
              begin select raise(abort, 'The activity is append-only.'); end`,
          ),
        )),
  ];
});
