import { statements } from './dialect.ts';

// A few hundred imports of a million rows reach two billion entries. SQLite's ids always have 64 bits.
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
