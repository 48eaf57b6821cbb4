import { statements } from './dialect.ts';

export const up = statements(({ id, text }) => [
  `create table target_keys (target_id integer primary key, key_id ${text} not null, sealed ${text} not null)`,
  'create index target_keys_key on target_keys (key_id)',
  `create table hash_keys (id ${id}, key_id ${text} not null, sealed ${text} not null)`,
  `alter table field_values add column hash ${text}`,
  `alter table fields add column sealed_at ${text}`,
  'create index field_values_hash on field_values (field_id, hash, target_id) where hash is not null',
]);
