import { statements } from './dialect.ts';

export const up = statements(({ text }) => [
  `create table staff_roles (id ${text} primary key, name ${text} not null, rights ${text} not null, tenants ${text},
      created_at ${text} not null)`,
  `alter table fields add column mask ${text} not null default 'ALL'`,
  `alter table fields add column access ${text} not null default '{}'`,
]);
