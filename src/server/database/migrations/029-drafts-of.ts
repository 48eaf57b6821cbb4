import { statements } from './dialect.ts';

// A person has at most 200 drafts. In SQLite the time of one stands behind its text, which can be a megabyte.

export const up = statements(() => ['create index drafts_of on drafts (staff_id, at)']);
