import { statements } from './dialect.ts';

export const up = statements(({ text }) => {
  const absent = ['expires_at', 'last_used_at', 'rotated_at', 'former_secret', 'former_until'];
  return [
    `alter table access_keys add column created_by ${text} not null default ''`,
    ...absent.map((column) => `alter table access_keys add column ${column} ${text}`),
  ];
});
