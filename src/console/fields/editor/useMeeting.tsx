import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { FieldDefinition } from '#contract/field';
import { type Conflict, mergeDefinitions, takeSide } from '#contract/merge';
import { patiently } from '../../reach.ts';
import { nameOf } from './conflict.ts';

const Conflicts = lazy(() => patiently(() => import('./Conflicts.tsx')).then((m) => ({ default: m.Conflicts })));

/** Two conflicting changes of a field. */
interface Meeting {
  mine: FieldDefinition;
  theirs: FieldDefinition;
  conflicts: Conflict[];
  chosen: Set<string>;
}

/** What happens to a form when somebody else saved meanwhile: what both changed is shown, and the person decides. */
export function useMeeting(form: UseFormReturn<FieldDefinition>) {
  const [meeting, setMeeting] = useState<Meeting>();
  // The options editor has its own rows, so a reset of the form must remount it.
  const [round, setRound] = useState(0);

  function startOver(defaults: FieldDefinition, now: FieldDefinition): void {
    form.reset(defaults);
    form.reset(now, { keepDefaultValues: true });
    setRound((rounds) => rounds + 1);
  }

  /** Both changes in one, if no person has to decide. The form starts over with it. */
  function merge(base: FieldDefinition, mine: FieldDefinition, theirs: FieldDefinition): FieldDefinition | undefined {
    const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
    startOver(theirs, merged);
    if (!conflicts.length) return merged;
    setMeeting({ mine, theirs, conflicts, chosen: new Set() });
    return undefined;
  }

  function choose(conflict: Conflict, side: 'mine' | 'theirs'): void {
    if (!meeting) return;
    const chosen = new Set(meeting.chosen);
    if (side === 'mine') chosen.add(nameOf(conflict));
    else chosen.delete(nameOf(conflict));
    setMeeting({ ...meeting, chosen });
    startOver(meeting.theirs, takeSide(form.getValues(), meeting[side], conflict));
  }

  const conflicts: ReactNode = meeting && (
    <Suspense fallback={null}>
      <Conflicts {...meeting} onChoose={choose} onDone={() => setMeeting(undefined)} />
    </Suspense>
  );
  return {
    conflicts,
    /** Grows when the form starts over. */
    round,
    merge,
    discard(to: FieldDefinition) {
      startOver(to, to);
      setMeeting(undefined);
    },
  };
}
