import { setImmediate } from 'node:timers/promises';

const enough = 20;

/** Lets others be answered between pieces of work that may each take long on this thread. */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < enough) return;
    await setImmediate();
    since = performance.now();
  };
}
