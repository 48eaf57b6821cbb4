import { statements } from './dialect.ts';

export const up = statements(({ text, big }) => [
  `create table attempts (key ${text} primary key, points integer not null, expires_at ${big} not null)`,
]);
