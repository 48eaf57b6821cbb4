import { rmSync, statSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

// A restore holds SQLite's own write lock, which is the law. This file beside the database only tells servers of it, so that
// they answer at once instead of waiting for the lock.

/** A restore that was killed touches its file no more. */
const staleAfter = 5_000;

const fileOf = (live: string) => `${live}.restoring`;

/** Tells the servers on a database that it can't be written for now; the answer ends that. */
export function holdWrites(live: string): () => void {
  const file = fileOf(live);
  writeFileSync(file, '');
  // In a thread of its own: copying a large database keeps this one busy for longer than that.
  const touch = `const { workerData } = require('node:worker_threads');
    setInterval(() => { try { require('node:fs').utimesSync(workerData, new Date(), new Date()); } catch {} }, 500);`;
  const heart = new Worker(touch, { eval: true, execArgv: [], workerData: file });
  heart.unref();
  return () => {
    void heart.terminate();
    rmSync(file, { force: true });
  };
}

/** Throws what is answered as "unavailable" while a restore is under way. */
export function requireNotHeld(live: string): void {
  const touched = statSync(fileOf(live), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - touched > staleAfter) return;
  throw Object.assign(new Error('A backup is being restored; try again in some seconds.'), { code: 'SQLITE_BUSY' });
}
