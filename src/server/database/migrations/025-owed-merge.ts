import { statements } from './dialect.ts';

// Versions before this one left the texts of people who were erased in the search index of SQLite (vault/pages.ts).
export const up = statements(({ engine }) =>
  engine === 'postgres'
    ? []
    : [
        'insert into owed_pages (field_id, is_merged) select null, 0 where exists (select 1 from users where deleted_at is not null)',
      ],
);
