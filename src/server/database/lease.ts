import { randomUUID } from 'node:crypto';
import type { Database } from './open.ts';
import { briefly } from './open.ts';
import type { Trx } from './schema.ts';

/** How long a dead process blocks the others, in seconds. */
const usual = 15;

/**
 * Runs work that only one process may do at a time, among all processes on a database. Returns false if another one
 * does it. It renews the lease during the work and releases it afterwards. The work must check `isHeld` before each
 * step: if a renewal was late, another process may have the lease.
 */
export async function withLease(
  database: Database,
  name: string,
  work: (isHeld: () => boolean) => Promise<void>,
  seconds = usual,
): Promise<boolean> {
  const holder = randomUUID();
  let until = 0;
  const hold = async () => {
    const next = Date.now() + seconds * 1_000;
    if (await briefly(database, (trx) => takeLease(trx, { name, holder, until: next }))) until = next;
  };
  await hold();
  if (!until) return false;
  // A failed renewal is tried again. If none succeeds in time, the lease is lost.
  let renewal = Promise.resolve();
  const renew = () => {
    renewal = renewal.then(hold).catch(() => undefined);
  };
  const timer = setInterval(renew, (seconds * 1_000) / 3).unref();
  try {
    await work(() => Date.now() < until);
  } finally {
    clearInterval(timer);
    // A renewal after the release would leave a lease that nobody holds.
    await renewal;
    await briefly(database, (trx) =>
      trx.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute(),
    );
  }
  return true;
}

async function takeLease(trx: Trx, lease: { name: string; holder: string; until: number }): Promise<boolean> {
  const { holder, until } = lease;
  const taken = await trx
    .insertInto('leases')
    .values(lease)
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, until })
        .where((either) => either.or([either('leases.holder', '=', holder), either('leases.until', '<', Date.now())])),
    )
    .executeTakeFirst();
  return Number(taken.numInsertedOrUpdatedRows) > 0;
}
