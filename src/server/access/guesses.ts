import type { Right } from '#contract/wire/endpoint';

/** What a request asked of unique values and names that its caller isn't told, and how much of it is counted already. */
export interface Guesses {
  asked: number;
  counted: number;
  /** The names that it looked up. They count if the request is refused: then nothing is left of them. */
  names: number;
}

/** Thrown to leave the transaction, so that the query counts even if the write fails. */
export class Uncounted extends Error {
  /** Absent for names. */
  readonly fieldId: number | undefined;
  constructor(fieldId: number | undefined) {
    super('A question that isn’t counted yet');
    this.fieldId = fieldId;
  }
}

/** Whether a value that isn't told is free is a question: it has to be counted before it is answered. */
export function requireCounted({ guesses }: { guesses?: Guesses }, fieldId?: number): void {
  if (!guesses) return;
  guesses.asked += 1;
  if (guesses.asked > guesses.counted) throw new Uncounted(fieldId);
}

/** Whether somebody has a name is what reading tells. A free name costs nothing if its bearer stays. */
export function noteName({ guesses, rights }: { guesses?: Guesses; rights: readonly Right[] }): void {
  if (guesses && !rights.includes('read')) guesses.names += 1;
}
