import { randomUUID } from 'node:crypto';
import type { Server } from './context.ts';
import { transact } from './database/open.ts';

const holder = randomUUID();

/** Does work that only one process may do at a time; undefined where another is at it. A process that died gives way after `seconds`. */
export async function withLease<R>(
  { database }: Server,
  name: string,
  seconds: number,
  work: () => Promise<R>,
): Promise<R | undefined> {
  const now = Date.now();
  const isOurs = await transact(database, async (trx) => {
    const row = { holder, until: now + seconds * 1_000 };
    await trx
      .insertInto('leases')
      .values({ name, holder: '', until: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const taken = await trx
      .updateTable('leases')
      .set(row)
      .where('name', '=', name)
      .where((either) => either.or([either('holder', '=', holder), either('until', '<', now)]))
      .executeTakeFirst();
    return Number(taken.numUpdatedRows) > 0;
  });
  return isOurs ? work() : undefined;
}
