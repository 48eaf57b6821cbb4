import { statements } from './dialect.ts';

export const up = statements(({ id }) => [
  `create table owed_pages (id ${id}, field_id integer, is_merged integer not null)`,
]);
