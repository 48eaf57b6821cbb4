import { randomUUID } from 'node:crypto';
import type { Database } from './open.ts';
import { briefly } from './open.ts';
import type { Trx } from './schema.ts';

/** How long a process that died keeps others out, in seconds. */
const usual = 15;

/**
 * Does work that only one may do at a time, of all processes that share a database; false where another is at it. The
 * lease is renewed while the work goes on, and given back. The work asks `isHeld` before each step: where the lease could
 * not be renewed in time another may have it.
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
  // One that fails is tried again; if none succeeds in time, the lease is lost.
  const timer = setInterval(() => void hold().catch(() => undefined), (seconds * 1_000) / 3).unref();
  try {
    await work(() => Date.now() < until);
  } finally {
    clearInterval(timer);
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
