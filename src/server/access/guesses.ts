/** How many queries about hidden unique values a request made, and how many of them the limit has counted. */
export interface Guesses {
  asked: number;
  counted: number;
}

/** Thrown to leave the transaction, so that the query counts even if the write fails. */
export class Uncounted extends Error {
  readonly fieldId: number;
  constructor(fieldId: number) {
    super('A question that isn’t counted yet');
    this.fieldId = fieldId;
  }
}

/** Whether a hidden value is taken is a query about it. It must count before the answer. */
export function requireCounted({ guesses }: { guesses?: Guesses }, fieldId: number): void {
  if (!guesses) return;
  guesses.asked += 1;
  if (guesses.asked > guesses.counted) throw new Uncounted(fieldId);
}
