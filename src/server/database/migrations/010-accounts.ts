import { statements } from './dialect.ts';

export const up = statements(({ text, big }) => [
  ...['totp_secret', 'issuer', 'subject'].map((column) => `alter table staff add column ${column} ${text}`),
  `alter table staff add column totp_step ${big} not null default 0`,
  'create unique index staff_subject on staff (issuer, subject) where subject is not null',
  `create table recovery_codes (staff_id ${text} not null references staff (id) on delete cascade,
      digest ${text} not null, primary key (staff_id, digest))`,
  `create table invitations (id ${text} primary key, digest ${text} not null unique, email ${text} not null,
      name ${text} not null, role ${text} not null, invited_by ${text} not null, created_at ${text} not null,
      expires_at ${text} not null)`,
  // Sessions get an id and their user agent. Existing sessions end.
  'delete from sessions',
  ...['id', 'agent', 'seen_at'].map(
    (column) => `alter table sessions add column ${column} ${text} not null default ''`,
  ),
]);
