import { statements } from './dialect.ts';

export const up = statements(({ text }) => [
  `create table secret_mark (id integer primary key check (id = 1), sealed ${text} not null)`,
]);
