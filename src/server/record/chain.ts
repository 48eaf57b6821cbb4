import { createHmac, timingSafeEqual } from 'node:crypto';
import { isPostgres } from '../database/open.ts';
import type { ActivityRow, Db, Schema, Trx } from '../database/schema.ts';
import type { Secrets } from '../secrets.ts';

// Entries are sealed into a chain: each seal is a keyed hash over the one before it and the entry. The head, signed, says
// how many there are and which is the last. Whoever changes, removes, reorders or inserts an entry without the key breaks
// the chain; whoever cuts off its tail, or brings back an older file, contradicts a checkpoint that was kept elsewhere.
// On SQLite, where one thread writes, whoever writes entries seals them in the same transaction; on PostgreSQL writers
// would wait for each other, and a sealer follows them (seal.ts).

const purpose = 'activity-chain';
const atOnce = 500;
export const origin = '';

export type Entry = Omit<ActivityRow, 'id'> & { id: number };
export type Head = Omit<Schema['activityHead'], 'id'>;

/** All that an entry says, in one order: what its own digest and the chain cover. */
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

/** Seals entries that this transaction just wrote; where one thread writes, nothing can come between. */
export async function sealWritten(secrets: Secrets, trx: Trx, entries: Entry[]): Promise<void> {
  const head = await findHead(trx);
  // Before the first entry of its own stands all that an older version wrote.
  if (!head || head.isOfOlderVersion) await everySlice(0, (since) => sealSome(secrets, trx, since));
  // To seal on would heal what somebody did to it; the sealer says so.
  else if (isHead(secrets, head)) await append(secrets, trx, head, entries);
}

/** Goes on where `work` says that it ended, until it doesn't. */
export async function everySlice(start: number, work: (since: number) => Promise<number | undefined>): Promise<void> {
  for (let since: number | undefined = start; since !== undefined; ) since = await work(since);
}

/** Seals some of what is there behind an entry; the last one that it looked at, where there may be more. */
export async function sealSome(secrets: Secrets, trx: Trx, since: number): Promise<number | undefined> {
  await takeTurn(trx);
  const head = await findHead(trx);
  if (head && !isHead(secrets, head))
    throw new Error('The activity’s head isn’t what was signed: run verify-activity.');
  const found = await findUnsealed(trx, atOnce, since);
  // What an older version wrote bears no digest: it is taken over as it is, until the first entry that bears one.
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

/** Of several processes one seals at a time, and sees what the one before it sealed. */
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

/** The head as it is stored, and whether the last sealed entry was written before entries bore digests. */
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
      // PostgreSQL looks through all of a long `not in` for each row.
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

/** Whether a seal is of this entry, behind the seal whose hash is `before`. */
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

/** Whether a server with the secret wrote the entry: one that came by SQL bears no digest of its own. */
export const isWritten = (secrets: Secrets, entry: Entry) =>
  secrets.keys('activity').some((key) => isEqual(mac(key, contentOf(entry)), entry.mac));

const isEqual = (a: string | undefined, b: string) =>
  a !== undefined && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
