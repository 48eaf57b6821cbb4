import { type Guesses, Uncounted } from '../access/guesses.ts';
import type { Context } from '../context.ts';
import { countGuess, giveBackNames, payForNames, takeNames } from './protected.ts';

/**
 * Repeats a write for each query that it made, after the limit counted that query. The count is outside the write's
 * transaction, which may roll back. A write that succeeds gets back the guesses that it paid for its names.
 */
export async function countingGuesses<R>(context: Context, write: (guesses: Guesses) => Promise<R>): Promise<R> {
  const guesses: Guesses = { asked: 0, counted: 0, names: 0, paid: [] };
  const turn: { leave?: () => void } = {};
  try {
    for (;;) {
      let done: R;
      try {
        done = await write(guesses);
      } catch (error) {
        if (!(error instanceof Uncounted)) throw await settle(context, guesses, error);
        if (error.names && !turn.leave) turn.leave = await turnOf(context.asker);
        const refusal = await pay(context, guesses, error);
        if (!refusal) continue;
        throw await settle(context, guesses, refusal);
      }
      // It is committed: nothing that follows may fail its answer.
      await giveBackNames(context, guesses.paid).catch(() => undefined);
      return done;
    }
  } finally {
    turn.leave?.();
  }
}

/** Counts a guess, or those of the names that are to be looked up. Returns the refusal if none is left. */
async function pay(context: Context, guesses: Guesses, { fieldId, names }: Uncounted): Promise<unknown> {
  try {
    if (names) guesses.paid = await takeNames(context, names);
    else {
      await countGuess(context, fieldId);
      guesses.counted += 1;
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

/** A refused write has paid for all its names, and all are recorded, unless none was looked up. Returns its error. */
async function settle(context: Context, { names, paid }: Guesses, error: unknown): Promise<unknown> {
  if (names) await payForNames(context, names);
  else await giveBackNames(context, paid);
  return error;
}

/**
 * Waits until no other write of a caller has guesses that may come back: one after another, all of them may be right.
 * Other processes aren't waited for; there the limits alone count. Returns what ends the turn.
 */
async function turnOf(asker: string): Promise<() => void> {
  const before = turns.get(asker);
  let leave = () => {};
  const mine = new Promise<void>((ended) => {
    leave = ended;
  });
  turns.set(asker, mine);
  await before;
  return () => {
    if (turns.get(asker) === mine) turns.delete(asker);
    leave();
  };
}
const turns = new Map<string, Promise<void>>();
