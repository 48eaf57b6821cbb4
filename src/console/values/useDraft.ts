import { useEffect, useRef } from 'react';
import type { Draft } from '#contract/value';
import type { Reference } from '../kinds.ts';
import { saveDraft } from './targets.ts';

/** How long after the last keystroke the draft is saved, in milliseconds. */
const pause = 800;

/**
 * Keeps what is typed on the server a moment after it was, so that no ended session and no cut network loses it; whoever
 * saves it has the server forget it in the same act, and nothing is kept while that is on its way. Returns what lets go of it otherwise.
 */
export function useDraft(reference: Reference, draft: Draft | null, isSaving: boolean): () => void {
  const typed = JSON.stringify(draft);
  const kept = useRef(typed);
  useEffect(() => {
    if (typed === kept.current || isSaving) return;
    const timer = setTimeout(() => {
      kept.current = typed;
      saveDraft(reference, JSON.parse(typed));
    }, pause);
    return () => clearTimeout(timer);
  });
  return () => {
    kept.current = 'null';
    saveDraft(reference, null);
  };
}
