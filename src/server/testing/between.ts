import type { KyselyPlugin } from 'kysely';

/** Runs work between the first and the second statement of a transaction. */
export function afterFirst(work: () => Promise<unknown>): KyselyPlugin {
  let isDone = false;
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!isDone) {
        isDone = true;
        await work();
      }
      return result;
    },
  };
}
