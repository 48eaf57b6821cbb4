import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Checkpoint } from '#contract/history';
import type { Server } from '../context.ts';
import { transact } from '../database/open.ts';
import type { ActivityRow, Db, Schema, Trx } from '../database/schema.ts';
import { withLease } from '../lease.ts';
import type { Secrets } from '../secrets.ts';
import { contentOf } from './store.ts';

// Committed entries are sealed into a chain: each seal is a keyed hash over the one before it and the entry. The head,
// signed, says how many there are and which is the last. Whoever changes, removes, reorders or inserts an entry without
// the key breaks the chain; whoever cuts off its tail, or brings back an older file, contradicts a checkpoint that was
// kept elsewhere.

const purpose = 'activity-chain';
const atOnce = 500;
const origin = '';

/** Seals what was committed, about every second; of several processes one does it. */
export function sealActivity(server: Server, onError: (error: unknown) => void): void {
  let busy = false;
  let turn = 0;
  let said = '';
  setInterval(async () => {
    if (busy) return;
    busy = true;
    // Now and then all are looked through, for one that took very long to commit.
    await sealEntries(server, turn++ % 1_000 !== 0).catch((error: unknown) => {
      // The same is said once, not every second.
      if (String(error) !== said) onError(error);
      said = String(error);
    });
    busy = false;
  }, 700).unref();
}

/** Seals all that is committed now, or what is new of it. */
export async function sealEntries(server: Server, newOnly = false): Promise<void> {
  const { read } = server.database;
  const since = newOnly ? await nearEnd(read) : 0;
  // Most of the time there is nothing to do, and nothing is written.
  if (!(await unsealed(read, 1, since)).length) return;
  await withLease(server, 'activity', 10, async () => {
    while (await transact(server.database, (trx) => sealSome(server.secrets, trx, since)));
  });
}

async function sealSome(secrets: Secrets, trx: Trx, since: number): Promise<boolean> {
  const head = await trx.selectFrom('activityHead').selectAll().executeTakeFirst();
  // To seal on would heal what somebody did to it.
  if (head && !isHead(secrets, head))
    throw new Error('The activity’s head isn’t what was signed: run verify-activity.');
  const entries = await unsealed(trx, atOnce, since);
  const keyId = secrets.idOf();
  let { count, hash } = head ?? { count: 0, hash: origin };
  const seals: Schema['activitySeals'][] = [];
  // What an older version wrote bears no digest: it is taken over as it is, until the first entry that bears one.
  let isTakingOver = !head || (await isOfOlderVersion(trx, count));
  for (const entry of entries) {
    const isOlder = isTakingOver && entry.mac === '';
    if (!isOlder && !isWritten(secrets, entry)) continue;
    isTakingOver = isOlder;
    count += 1;
    hash = link(keyOf(secrets, keyId), hash, entry);
    seals.push({ seq: count, entryId: entry.id, keyId, hash });
  }
  if (!seals.length) return false;
  await trx.insertInto('activitySeals').values(seals).execute();
  await putHead(trx, signedHead(secrets, { count, hash, at: new Date().toISOString(), keyId }));
  return entries.length === atOnce;
}

/** Signs the head with the current secret, so that sealing goes on without a former one. */
export async function signHeadAnew(trx: Trx, secrets: Secrets): Promise<void> {
  const head = await trx.selectFrom('activityHead').selectAll().executeTakeFirst();
  if (!head || !isHead(secrets, head)) return;
  const { count, hash, at } = head;
  await putHead(trx, signedHead(secrets, { count, hash, at, keyId: secrets.idOf() }));
}

/** Whether the last sealed entry was written before entries bore digests. */
async function isOfOlderVersion(trx: Trx, seq: number): Promise<boolean> {
  const last = await trx
    .selectFrom('activitySeals')
    .innerJoin('activity', 'activity.id', 'activitySeals.entryId')
    .select('activity.mac')
    .where('activitySeals.seq', '=', seq)
    .executeTakeFirst();
  return last?.mac === '';
}

/** Where entries that committed a little late still are: a number is given as an entry is written, not as it commits. */
async function nearEnd(db: Db): Promise<number> {
  const last = await db
    .selectFrom('activitySeals')
    .select((of) => of.fn.max('entryId').as('id'))
    .executeTakeFirst();
  return Math.max(0, Number(last?.id ?? 0) - 2_000);
}

/** Entries without a seal, in order. */
async function unsealed(db: Db, limit: number, since = 0): Promise<Entry[]> {
  return db
    .selectFrom('activity')
    .selectAll()
    .where('id', '>', since)
    .where('id', 'not in', (query) => query.selectFrom('activitySeals').select('entryId').where('entryId', '>', since))
    .orderBy('id')
    .limit(limit)
    .execute();
}

type Entry = Omit<ActivityRow, 'id'> & { id: number };
type Head = Omit<Schema['activityHead'], 'id'>;

async function putHead(trx: Trx, head: Head): Promise<void> {
  await trx
    .insertInto('activityHead')
    .values({ id: 1, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
}

const keyOf = (secrets: Secrets, keyId: string) => secrets.keyOf(purpose, keyId);

const mac = (key: Uint8Array | undefined, content: string) =>
  key ? createHmac('sha256', key).update(content).digest('base64url') : undefined;

const link = (key: Uint8Array | undefined, before: string, entry: Entry) =>
  mac(key, JSON.stringify([before, entry.id, entry.mac, contentOf(entry)])) ?? '';

const signedHead = (secrets: Secrets, head: Omit<Head, 'signature'>): Head => ({
  ...head,
  signature: mac(keyOf(secrets, head.keyId), headText(head)) ?? '',
});

const headText = ({ count, hash, at, keyId }: Omit<Head, 'signature'>) =>
  JSON.stringify(['head', count, hash, at, keyId]);

const isHead = (secrets: Secrets, head: Head) =>
  isEqual(mac(keyOf(secrets, head.keyId), headText(head)), head.signature);

/** Whether a server with the secret wrote the entry: one that came by SQL bears no digest of its own. */
const isWritten = (secrets: Secrets, entry: Entry) =>
  secrets.keys('activity').some((key) => isEqual(mac(key, contentOf(entry)), entry.mac));

const isEqual = (a: string | undefined, b: string) =>
  a !== undefined && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The signed head of now. */
export async function takeCheckpoint(server: Server): Promise<Checkpoint> {
  await sealEntries(server);
  return headOf({ db: server.database.read, secrets: server.secrets });
}

/** The head as it stands; what was done in the last second may not be in it yet. */
export async function headOf({ db, secrets }: { db: Db; secrets: Secrets }): Promise<Checkpoint> {
  const head = await db.selectFrom('activityHead').selectAll().executeTakeFirst();
  const blank = { count: 0, hash: origin, at: new Date().toISOString(), keyId: secrets.idOf() };
  const { count, hash, at, keyId, signature } = head ?? signedHead(secrets, blank);
  return { fieldbook: 'activity', count, hash, at, keyId, signature };
}

/** Everything that is wrong with the activity, in sentences; none where nothing was changed, removed, reordered or inserted. */
export async function verifyActivity(
  { database, secrets }: Pick<Server, 'database' | 'secrets'>,
  kept?: Checkpoint,
): Promise<{ count: number; faults: string[] }> {
  const { read } = database;
  const faults: string[] = [];
  if (kept && !isHead(secrets, kept)) faults.push('The checkpoint’s own signature is wrong.');
  const head = await read.selectFrom('activityHead').selectAll().executeTakeFirst();
  if (head && !isHead(secrets, head)) faults.push('The signature of the head is wrong.');
  let hash = origin;
  let seq = 0;
  for (;;) {
    const seals = await read
      .selectFrom('activitySeals')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(atOnce)
      .execute();
    if (!seals.length) break;
    const rows = await read
      .selectFrom('activity')
      .selectAll()
      .where(
        'id',
        'in',
        seals.map(({ entryId }) => entryId),
      )
      .execute();
    const entries = new Map(rows.map((row) => [row.id, row]));
    for (const seal of seals) {
      if (seal.seq !== seq + 1) faults.push(`Seals ${seq + 1} to ${seal.seq - 1} are missing.`);
      seq = seal.seq;
      const entry = entries.get(seal.entryId);
      if (!entry) faults.push(`Entry ${seal.entryId} (seal ${seq}) was removed.`);
      else if (link(keyOf(secrets, seal.keyId), hash, entry) !== seal.hash)
        faults.push(`Entry ${seal.entryId} (seal ${seq}) was changed, or another stands before it than was sealed.`);
      // From here on each entry is judged by itself, so that one fault isn't told of all that follow.
      hash = seal.hash;
      if (kept && seq === kept.count && hash !== kept.hash)
        faults.push(`Seal ${seq} isn’t the one that the checkpoint names.`);
    }
  }
  if ((head?.count ?? 0) !== seq || (head?.hash ?? origin) !== hash)
    faults.push(`The head names ${head?.count ?? 0} seals, and there are ${seq}: some were cut off or added.`);
  if (kept && kept.count > seq)
    faults.push(
      `The checkpoint names ${kept.count} entries, and there are ${seq}: the tail was cut off, or an older file brought back.`,
    );
  for (const entry of await unsealed(read, 10_000)) {
    if (!isWritten(secrets, entry)) faults.push(`Entry ${entry.id} was inserted: no server wrote it.`);
  }
  return { count: seq, faults };
}
