/** What a request asked of unique values and names that its caller isn't told, and how much of it is counted already. */
export interface Guesses {
  asked: number;
  counted: number;
}

/** Thrown to leave the transaction, so that the query counts even if the write fails. */
export class Uncounted extends Error {
  /** Absent for the built-in names of users. */
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
