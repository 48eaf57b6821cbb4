import type { Right } from '#contract/wire/endpoint';
import type { Taken } from '../limits.ts';

/** What a request asked of unique values and names that its caller isn't told, and how much of it is counted already. */
export interface Guesses {
  asked: number;
  counted: number;
  /** The names that it looks up. They count if the request is refused: then nothing is left of them. */
  names: number;
  /** What was taken from the limits for its names. It is given back if the request succeeds. */
  paid: Taken[];
}

/** Thrown to leave the transaction, so that the query counts even if the write fails. */
export class Uncounted extends Error {
  /** Absent for names. */
  readonly fieldId: number | undefined;
  /** How many names are to be looked up. They cost guesses only if the request is refused. */
  readonly names: number;
  constructor(fieldId: number | undefined, { names = 0 } = {}) {
    super('A question that isn’t counted yet');
    this.fieldId = fieldId;
    this.names = names;
  }
}

/** Whether a value that isn't told is free is a question: it has to be counted before it is answered. */
export function requireCounted({ guesses }: { guesses?: Guesses }, fieldId?: number): void {
  if (!guesses) return;
  guesses.asked += 1;
  if (guesses.asked > guesses.counted) throw new Uncounted(fieldId);
}

/**
 * Before a write looks up its names: whether somebody has a name is what reading tells. A free name costs no guess if
 * its bearer stays, but whoever has none left is told neither that a name is free nor that it is taken.
 */
export function noteNames({ guesses, rights }: { guesses?: Guesses; rights: readonly Right[] }, names: number): void {
  if (!guesses || !names || rights.includes('read')) return;
  if (!guesses.paid.length) throw new Uncounted(undefined, { names });
  guesses.names += names;
}
