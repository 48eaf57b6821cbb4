import type { Checkpoint } from '#contract/history';
import type { Server } from '../context.ts';
import { transact } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import type { Secrets } from '../secrets.ts';
import { everySlice, findUnsealed, isHead, origin, putHead, sealSome, signedHead, takeTurn } from './chain.ts';

/** Seals new entries (PostgreSQL) or those of an older version (SQLite). Returns what seals the rest and stops. */
export function sealActivity(server: Server, onError: (error: unknown) => void): () => Promise<void> {
  const isPostgres = server.database.engine === 'postgres';
  let running = Promise.resolve();
  let isBusy = false;
  let turn = 0;
  let said = '';
  const seal = async () => {
    isBusy = true;
    // Now and then it checks all entries, because a transaction may have committed very late.
    await sealEntries(server, turn++ % 200 !== 0).catch((error: unknown) => {
      // Reports the same error only once.
      if (String(error) !== said) onError(error);
      said = String(error);
    });
    isBusy = false;
  };
  const next = () => {
    if (!isBusy) running = seal();
  };
  next();
  const timer = setInterval(next, isPostgres ? 150 : 5_000).unref();
  return async () => {
    clearInterval(timer);
    await running;
    turn = 0;
    await seal();
  };
}

/** Seals all committed entries, or only the new ones. */
export async function sealEntries(
  { database, secrets }: Pick<Server, 'database' | 'secrets'>,
  newOnly = false,
): Promise<void> {
  const { read } = database;
  const since = newOnly ? await nearEnd(read) : 0;
  // Usually there is nothing to seal. Then it writes nothing.
  if (!(await findUnsealed(read, 1, since)).length) return;
  await everySlice(since, (from) => transact(database, (trx) => sealSome(secrets, trx, from)));
}

/** Signs the head with the current secret, so that sealing doesn't need a former secret. */
export async function signHeadAnew(trx: Trx, secrets: Secrets): Promise<void> {
  // Otherwise this write would undo a concurrent seal, and no seal could follow.
  await takeTurn(trx);
  const head = await trx.selectFrom('activityHead').selectAll().executeTakeFirst();
  if (!head || !isHead(secrets, head)) return;
  const { count, hash, at } = head;
  await putHead(trx, signedHead(secrets, { count, hash, at, keyId: secrets.idOf() }));
}

/** A position before entries that committed late: an entry gets its id when it is written, not when it commits. */
async function nearEnd(db: Db): Promise<number> {
  const last = await db
    .selectFrom('activitySeals')
    .select((of) => of.fn.max('entryId').as('id'))
    .executeTakeFirst();
  return Math.max(0, Number(last?.id ?? 0) - 2_000);
}

/** The current signed head. */
export async function takeCheckpoint(server: Server): Promise<Checkpoint> {
  await sealEntries(server);
  return headOf({ db: server.database.read, secrets: server.secrets });
}

/** The stored head. On PostgreSQL the newest entries may not be in it yet. */
export async function headOf({ db, secrets }: { db: Db; secrets: Secrets }): Promise<Checkpoint> {
  const head = await db.selectFrom('activityHead').selectAll().executeTakeFirst();
  const blank = { count: 0, hash: origin, at: new Date().toISOString(), keyId: secrets.idOf() };
  const { count, hash, at, keyId, signature } = head ?? signedHead(secrets, blank);
  return { fieldbook: 'activity', count, hash, at, keyId, signature };
}
