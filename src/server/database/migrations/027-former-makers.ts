import { statements } from './dialect.ts';

// Of a key that an older version rotated, nobody knows who made the former secret.
export const up = statements(({ text }) => [
  `alter table access_keys add column former_maker_id ${text}`,
  `alter table access_keys add column former_maker_role ${text}`,
]);
