import type { Right } from '#contract/wire/endpoint';

/** What a request asked of unique values and names that its caller isn't told, and how much of it is counted already. */
export interface Guesses {
  asked: number;
  counted: number;
  /** The names that it looked up. They count if the request is refused: then nothing is left of them. */
  names: number;
  /** One is taken from the limit for its names. It is given back if the request succeeds. */
  isPaid: boolean;
}

/** Thrown to leave the transaction, so that the query counts even if the write fails. */
export class Uncounted extends Error {
  /** Absent for names. */
  readonly fieldId: number | undefined;
  /** It costs only if the request is refused. */
  readonly isRefundable: boolean;
  constructor(fieldId: number | undefined, { isRefundable = false } = {}) {
    super('A question that isn’t counted yet');
    this.fieldId = fieldId;
    this.isRefundable = isRefundable;
  }
}

/** Whether a value that isn't told is free is a question: it has to be counted before it is answered. */
export function requireCounted({ guesses }: { guesses?: Guesses }, fieldId?: number): void {
  if (!guesses) return;
  guesses.asked += 1;
  if (guesses.asked > guesses.counted) throw new Uncounted(fieldId);
}

/**
 * Whether somebody has a name is what reading tells. A free name costs nothing if its bearer stays, but whoever has no
 * guess left is told neither that a name is free nor that it is taken.
 */
export function noteName({ guesses, rights }: { guesses?: Guesses; rights: readonly Right[] }): void {
  if (!guesses || rights.includes('read')) return;
  if (!guesses.isPaid) throw new Uncounted(undefined, { isRefundable: true });
  guesses.names += 1;
}
