import type { Conflict } from '#contract/merge';

/** What tells a conflict from every other one of the same merge. */
export const nameOf = (conflict: Conflict): string => JSON.stringify(conflict);
