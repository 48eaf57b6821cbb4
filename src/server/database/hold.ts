import { rmSync, statSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

// A restore holds the write lock of SQLite, which decides. This file next to the database only informs servers, so that
// they answer at once instead of waiting for the lock.

/** A killed restore stops touching its file. */
const staleAfter = 5_000;

const fileOf = (live: string) => `${live}.restoring`;

/** Informs the servers on a database that they can't write now. Call the returned function to end that. */
export function holdWrites(live: string): () => void {
  const file = fileOf(live);
  writeFileSync(file, '');
  // In its own thread, because copying a large database blocks this one for longer than `staleAfter`.
  const touch = `const { workerData } = require('node:worker_threads');
    setInterval(() => { try { require('node:fs').utimesSync(workerData, new Date(), new Date()); } catch {} }, 500);`;
  const heart = new Worker(touch, { eval: true, execArgv: [], workerData: file });
  heart.unref();
  return () => {
    void heart.terminate();
    rmSync(file, { force: true });
  };
}

/** Throws an error that becomes `unavailable` while a restore runs. */
export function requireNotHeld(live: string): void {
  const touched = statSync(fileOf(live), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - touched > staleAfter) return;
  throw Object.assign(new Error('A backup is being restored; try again in some seconds.'), { code: 'SQLITE_BUSY' });
}
