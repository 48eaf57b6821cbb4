import { statements } from './dialect.ts';

// Earlier versions left texts of erased people in SQLite's search index (vault/pages.ts).
export const up = statements(({ engine }) =>
  engine === 'postgres'
    ? []
    : [
        'insert into owed_pages (field_id, is_merged) select null, 0 where exists (select 1 from users where deleted_at is not null)',
      ],
);
