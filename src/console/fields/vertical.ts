import type { Modifier } from '@dnd-kit/core';

/** Rows of a list move up and down only. */
export const restrictToVertical: Modifier = ({ transform }) => ({ ...transform, x: 0 });
