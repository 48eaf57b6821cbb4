import { statements } from './dialect.ts';

// Of those that an older version made it isn't known who did.
export const up = statements(({ text }) => [
  `alter table invitations add column invited_by_id ${text} not null default ''`,
  `alter table access_keys add column maker_id ${text}`,
  `alter table access_keys add column maker_role ${text}`,
]);
