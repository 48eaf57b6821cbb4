import type { Checkpoint } from '#contract/history';
import type { Database } from '../database/open.ts';
import type { Db, Schema } from '../database/schema.ts';
import {
  type Entry,
  everySlice,
  findHead,
  findUnsealed,
  type Head,
  isHead,
  isSealOf,
  isWritten,
  origin,
} from '../record/chain.ts';
import type { Secrets } from '../secrets.ts';

const atOnce = 500;

/**
 * The number of sealed entries, the number of unsealed ones, and all faults as sentences. There are no faults if nobody
 * changed, removed, reordered or inserted an entry.
 */
export async function verifyActivity(
  { database, secrets }: { database: Pick<Database, 'read'>; secrets: Secrets },
  kept?: Checkpoint,
): Promise<{ count: number; unsealed: number; faults: string[] }> {
  const { read: db } = database;
  const faults: string[] = [];
  if (kept && !isHead(secrets, kept)) faults.push('The checkpoint’s own signature is wrong.');
  const chain: Chain = { db, secrets, kept, faults, seq: 0, hash: origin };
  await followChain(chain);
  // A server can seal more entries meanwhile. The seals are read after the head, so at least as many exist as the head
  // says; later ones are ignored.
  const head = await findHead(db);
  if (head && !isHead(secrets, head)) faults.push('The signature of the head is wrong.');
  await followChain(chain, head?.count ?? 0);
  judgeEnd(chain, head);
  return { count: chain.seq, unsealed: await judgeUnsealed(chain, head?.isOfOlderVersion ?? true), faults };
}

interface Chain {
  db: Db;
  secrets: Secrets;
  kept: Checkpoint | undefined;
  faults: string[];
  /** The last seal that was checked. */
  seq: number;
  hash: string;
}

/** Checks all seals after the last one that was checked, or those up to `until`. */
async function followChain(chain: Chain, until?: number): Promise<void> {
  for (;;) {
    let query = chain.db.selectFrom('activitySeals').selectAll().where('seq', '>', chain.seq);
    if (until !== undefined) query = query.where('seq', '<=', until);
    const seals = await query.orderBy('seq').limit(atOnce).execute();
    if (!seals.length) return;
    const ids = seals.map(({ entryId }) => entryId);
    const rows = await chain.db.selectFrom('activity').selectAll().where('id', 'in', ids).execute();
    const entries = new Map(rows.map((row) => [row.id, row]));
    for (const seal of seals) judgeSeal(chain, seal, entries.get(seal.entryId));
  }
}

function judgeSeal(chain: Chain, seal: Schema['activitySeals'], entry: Entry | undefined): void {
  const { secrets, kept, faults } = chain;
  const { seq, entryId, hash } = seal;
  if (seq !== chain.seq + 1) faults.push(`Seals ${chain.seq + 1} to ${seq - 1} are missing.`);
  if (!entry) faults.push(`Entry ${entryId} (seal ${seq}) was removed.`);
  else if (!isSealOf(secrets, seal, chain.hash, entry))
    faults.push(`Entry ${entryId} (seal ${seq}) was changed, or the entry before it isn’t the sealed one.`);
  // From here each entry is checked on its own, so that one fault isn't reported again for every later entry.
  Object.assign(chain, { seq, hash });
  if (kept && seq === kept.count && hash !== kept.hash) faults.push(`Seal ${seq} differs from the checkpoint.`);
}

function judgeEnd({ seq, hash, kept, faults }: Chain, head: Head | undefined): void {
  if ((head?.count ?? 0) !== seq || (head?.hash ?? origin) !== hash)
    faults.push(
      `The head counts ${head?.count ?? 0} seals, but there are ${seq}: some were removed from the end or added.`,
    );
  if (kept && kept.count > seq)
    faults.push(
      `The checkpoint counts ${kept.count} entries, but there are ${seq}: the end of the log was removed, or an older database was restored.`,
    );
}

/** Checks each entry without a seal on its own and counts them. Entries of an older version can't be checked. */
async function judgeUnsealed({ db, secrets, faults }: Chain, isTakenOver: boolean): Promise<number> {
  let count = 0;
  await everySlice(0, async (since) => {
    const entries = await findUnsealed(db, atOnce, since);
    for (const entry of entries) {
      const isOlder = isTakenOver && entry.mac === '';
      if (isOlder || isWritten(secrets, entry)) {
        count += 1;
        isTakenOver = isOlder;
      } else faults.push(`Entry ${entry.id} was inserted: no server wrote it.`);
    }
    return entries.at(-1)?.id;
  });
  return count;
}
