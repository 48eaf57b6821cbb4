import { useEffect, useRef } from 'react';
import type { Draft } from '#contract/value';
import { type Reference, saveDraft } from './targets.ts';

/** How long after the last keystroke the draft is saved, in milliseconds. */
const pause = 800;

/**
 * Saves typed input on the server after a short pause, so that an ended session or a lost connection doesn't lose it. A
 * save deletes the draft in the same transaction. Returns a function that deletes it otherwise.
 */
export function useDraft(reference: Reference, draft: Draft | null, isSaved: boolean): () => void {
  const typed = JSON.stringify(draft);
  const kept = useRef(typed);
  useEffect(() => {
    if (typed === kept.current || isSaved) return;
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
