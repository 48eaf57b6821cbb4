import type { KyselyPlugin } from 'kysely';

/** Does something between the first statement of a transaction and its second. */
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
