import { statements } from './dialect.ts';

// For rows of an older version the creator isn't known.
export const up = statements(({ text }) => [
  `alter table invitations add column invited_by_id ${text} not null default ''`,
  `alter table access_keys add column maker_id ${text}`,
  `alter table access_keys add column maker_role ${text}`,
]);
