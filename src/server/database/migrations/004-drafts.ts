import { statements } from './dialect.ts';

export const up = statements(({ text }) => [
  `create table drafts (staff_id ${text} not null references staff (id) on delete cascade,
      target_id integer not null references targets (id), draft ${text} not null, at ${text} not null,
      primary key (staff_id, target_id))`,
  'create index drafts_at on drafts (at)',
]);
