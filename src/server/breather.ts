import { setImmediate } from 'node:timers/promises';

const enough = 20;

/** A function to call between long pieces of work, so that this thread can answer other requests. */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < enough) return;
    await setImmediate();
    since = performance.now();
  };
}
