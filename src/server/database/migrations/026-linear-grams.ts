import { statements } from './dialect.ts';

// The runs of one, two and three characters, as before. The earlier function took a time quadratic in the length of the
// text. Each character is now split off once.
export const up = statements(({ engine }) =>
  engine === 'sqlite'
    ? []
    : [
        `create or replace function grams(text) returns text[] language sql immutable parallel safe cost 1000 as $$
          select coalesce(array_agg(distinct gram collate "C"), '{}') from (
            select unnest(array[one, one || two, one || two || three]) as gram from (
              select sign as one, lead(sign) over signs as two, lead(sign, 2) over signs as three
                from unnest(string_to_array(fold($1), null)) with ordinality as split (sign, place)
                window signs as (order by place)) runs) grams
            where gram is not null $$`,
      ],
);
