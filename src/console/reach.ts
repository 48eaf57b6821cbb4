/** A request without an answer for this long makes the console ask whether the server is there, in milliseconds. */
const doubtAfter = 2_000;
/** For how long a question waits. */
const askFor = 2_000;
/** After how long without any answer a person is told. */
const patience = 3_500;
const between = 1_000;
/** How long after its return the server may take for a request from before, which may be lost. */
const grace = 15_000;

const pending = new Set<AbortController>();
const listeners = new Set<() => void>();
let since: number | undefined;
let silent = false;
let asking: Promise<void> | undefined;

/** Whether the server answers: `Trouble` shows when it doesn't. */
export const reach = {
  isSilent: () => silent,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Watches work that needs the server. */
export async function watched<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const mine = new AbortController();
  pending.add(mine);
  const began = Date.now();
  const doubt = setInterval(() => void askUntilAnswered(began), doubtAfter);
  try {
    return await work(mine.signal);
  } catch (error) {
    void askUntilAnswered(Date.now());
    throw error;
  } finally {
    clearInterval(doubt);
    pending.delete(mine);
  }
}

/** Loads a part of the console, however long the server is away. What fails although it answers is an error. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await watched(load);
    } catch (error) {
      const answered = await isAnswering();
      if (answered && failures > 1) throw error;
      if (!answered) failures = 0;
      await askUntilAnswered(Date.now());
    }
  }
}

function askUntilAnswered(from: number): Promise<void> {
  since ??= from;
  asking ??= ask().finally(() => {
    asking = undefined;
    since = undefined;
  });
  return asking;
}

async function ask(): Promise<void> {
  while (!(await isAnswering())) {
    tell(Date.now() - (since ?? 0) >= patience);
    await pause(between);
  }
  if (!silent) return;
  tell(false);
  const lost = [...pending];
  setTimeout(() => {
    for (const one of lost) if (pending.has(one)) one.abort();
  }, grace);
}

const isAnswering = (): Promise<boolean> =>
  fetch('/icon.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(askFor) }).then(
    () => true,
    () => false,
  );

const pause = (time: number) => new Promise((resume) => setTimeout(resume, time));

function tell(next: boolean): void {
  if (silent === next) return;
  silent = next;
  for (const listener of listeners) listener();
}
