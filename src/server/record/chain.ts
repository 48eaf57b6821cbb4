import { createHmac, timingSafeEqual } from 'node:crypto';
import { isPostgres } from '../database/open.ts';
import type { ActivityRow, Db, Schema, Trx } from '../database/schema.ts';
import type { Secrets } from '../secrets.ts';

// Seals link audit log entries into a chain. Each seal is a keyed hash over the seal before it and its entry. The
// signed head has the number of seals and the hash of the last one. Without the key, a changed, removed, reordered or
// inserted entry breaks the chain. A tail that was cut off, or an older file, contradicts a checkpoint that is stored
// elsewhere. On SQLite one thread writes, so the writer seals its entries in the same transaction. On PostgreSQL
// writers would wait for each other, so a separate sealer follows them (seal.ts).

const purpose = 'activity-chain';
const atOnce = 500;
export const origin = '';

export type Entry = Omit<ActivityRow, 'id'> & { id: number };
export type Head = Omit<Schema['activityHead'], 'id'>;

/** The content of an entry in a fixed order. The entry's own digest and the chain cover it. */
export function contentOf(row: Omit<Entry, 'id' | 'mac'>): string {
  return JSON.stringify([
    row.at,
    row.kind,
    row.event,
    row.historyId,
    row.fieldId,
    row.targetId,
    row.subject,
    row.count,
    row.beforeDigest,
    row.afterDigest,
    row.actorKind,
    row.actorId,
    row.actorName,
    row.through,
    row.requestId,
    row.planId,
    row.reason,
  ]);
}

/** Seals entries that this transaction has just written. On SQLite, with one writer, no other comes between. */
export async function sealWritten(secrets: Secrets, trx: Trx, entries: Entry[]): Promise<void> {
  const head = await findHead(trx);
  // All entries of an older version come before the first own entry.
  if (!head || head.isOfOlderVersion) await everySlice(0, (since) => sealSome(secrets, trx, since));
  // If the head is wrong, sealing on would hide the manipulation. The sealer reports it.
  else if (isHead(secrets, head)) await append(secrets, trx, head, entries);
}

/** Calls `work` from the position where the last call ended, until it returns undefined. */
export async function everySlice(start: number, work: (since: number) => Promise<number | undefined>): Promise<void> {
  for (let since: number | undefined = start; since !== undefined; ) since = await work(since);
}

/** Seals some entries after `since`. Returns the last entry that it checked, or undefined if there are no more. */
export async function sealSome(secrets: Secrets, trx: Trx, since: number): Promise<number | undefined> {
  await takeTurn(trx);
  const head = await findHead(trx);
  if (head && !isHead(secrets, head))
    throw new Error('The activity’s head isn’t what was signed: run verify-activity.');
  const found = await findUnsealed(trx, atOnce, since);
  // Entries of an older version have no digest. They are taken over unchecked, until the first entry with a digest.
  let isTakingOver = !head || head.isOfOlderVersion;
  const entries = found.filter((entry) => {
    const isOlder = isTakingOver && entry.mac === '';
    if (!isOlder && !isWritten(secrets, entry)) return false;
    isTakingOver = isOlder;
    return true;
  });
  if (entries.length) await append(secrets, trx, head, entries);
  return found.length === atOnce ? found.at(-1)?.id : undefined;
}

/** Lets one process seal at a time, so that it sees the seals of the process before. */
export async function takeTurn(trx: Trx): Promise<void> {
  if (!isPostgres(trx)) return;
  const row = { name: 'activity', holder: '', until: 0 };
  await trx
    .insertInto('leases')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx.selectFrom('leases').select('name').where('name', '=', row.name).forUpdate().execute();
}

async function append(secrets: Secrets, trx: Trx, head: Head | undefined, entries: Entry[]): Promise<void> {
  const keyId = secrets.idOf();
  const key = secrets.keyOf(purpose, keyId);
  let { count, hash } = head ?? { count: 0, hash: origin };
  const seals = entries.map((entry) => {
    count += 1;
    hash = link(key, hash, entry);
    return { seq: count, entryId: entry.id, keyId, hash };
  });
  await trx.insertInto('activitySeals').values(seals).execute();
  await putHead(trx, signedHead(secrets, { count, hash, at: new Date().toISOString(), keyId }));
}

/** The stored head, and whether the last sealed entry comes from a version without digests. */
export async function findHead(db: Db): Promise<(Head & { isOfOlderVersion: boolean }) | undefined> {
  const found = await db
    .selectFrom('activityHead')
    .leftJoin('activitySeals', 'activitySeals.seq', 'activityHead.count')
    .leftJoin('activity', 'activity.id', 'activitySeals.entryId')
    .selectAll('activityHead')
    .select('activity.mac')
    .executeTakeFirst();
  if (!found) return undefined;
  const { id: _, mac, ...head } = found;
  return { ...head, isOfOlderVersion: mac === '' };
}

/** Entries without a seal, in order. */
export async function findUnsealed(db: Db, limit: number, since = 0): Promise<Entry[]> {
  return (
    db
      .selectFrom('activity')
      .selectAll()
      .where('id', '>', since)
      // For a long `not in`, PostgreSQL searches the whole list for each row.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('activitySeals')
              .select('activitySeals.entryId')
              .whereRef('activitySeals.entryId', '=', 'activity.id'),
          ),
        ),
      )
      .orderBy('id')
      .limit(limit)
      .execute()
  );
}

export async function putHead(trx: Trx, head: Head): Promise<void> {
  await trx
    .insertInto('activityHead')
    .values({ id: 1, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
}

const mac = (key: Uint8Array | undefined, content: string) =>
  key ? createHmac('sha256', key).update(content).digest('base64url') : undefined;

const link = (key: Uint8Array | undefined, before: string, entry: Entry) =>
  mac(key, JSON.stringify([before, entry.id, entry.mac, contentOf(entry)])) ?? '';

/** Whether a seal belongs to this entry and follows the seal with the hash `before`. */
export const isSealOf = (
  secrets: Secrets,
  seal: Pick<Schema['activitySeals'], 'keyId' | 'hash'>,
  before: string,
  entry: Entry,
) => link(secrets.keyOf(purpose, seal.keyId), before, entry) === seal.hash;

export const signedHead = (secrets: Secrets, head: Omit<Head, 'signature'>): Head => ({
  ...head,
  signature: mac(secrets.keyOf(purpose, head.keyId), headText(head)) ?? '',
});

const headText = ({ count, hash, at, keyId }: Omit<Head, 'signature'>) =>
  JSON.stringify(['head', count, hash, at, keyId]);

export const isHead = (secrets: Secrets, head: Head) =>
  isEqual(mac(secrets.keyOf(purpose, head.keyId), headText(head)), head.signature);

/** Whether a server with the secret wrote the entry. An entry inserted with SQL has no valid digest. */
export const isWritten = (secrets: Secrets, entry: Entry) =>
  secrets.keys('activity').some((key) => isEqual(mac(key, contentOf(entry)), entry.mac));

const isEqual = (a: string | undefined, b: string) =>
  a !== undefined && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
