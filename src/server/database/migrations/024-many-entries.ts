import { statements } from './dialect.ts';

// Two billion entries are a few hundred imports of a million rows. SQLite's ids are of 64 bits from the beginning.
export const up = statements(({ engine }) =>
  engine === 'sqlite'
    ? []
    : [
        'alter table history alter column id type bigint',
        'alter table activity alter column id type bigint, alter column history_id type bigint',
        'alter table activity_seals alter column seq type bigint, alter column entry_id type bigint',
        'alter table activity_head alter column count type bigint',
      ],
);
