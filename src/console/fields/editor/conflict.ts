import type { Conflict } from '#contract/merge';

/** A unique name of a conflict within a merge. */
export const nameOf = (conflict: Conflict): string => JSON.stringify(conflict);
