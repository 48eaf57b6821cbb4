import type { TargetType } from '#contract/target';
import type { Db } from '../database/schema.ts';

// Definitions are read much more often than they change, and a field may have 20,000 options. So each space has a
// version in the database: a random text. Triggers replace it on every write of a definition or an option, whoever
// writes. A version never comes back, not even in a restored or copied database, so definitions are cached under their
// version.

/** How many fields and options the cache holds. The latest read always stays. */
const most = 100_000;

/**
 * A reader that reads a space's definitions once per version. `weigh` is the size of one in the cache. All callers
 * share the definitions, so they are frozen.
 */
export function oncePerVersion<T>(weigh: (definition: T) => number) {
  const kept = new Map<string, { definitions: T[]; weight: number }>();
  let total = 0;
  /** Running reads, shared by concurrent callers of the same version. */
  const reading = new Map<string, Promise<T[]>>();

  function shared(version: string, read: () => Promise<T[]>): Promise<T[]> {
    const known = reading.get(version);
    if (known) return known;
    const definitions = read().finally(() => reading.delete(version));
    reading.set(version, definitions);
    return definitions;
  }

  function recall(version: string): T[] | undefined {
    const found = kept.get(version);
    if (!found) return undefined;
    // A map keeps insertion order, so the first entries are the least recently used.
    kept.delete(version);
    kept.set(version, found);
    return found.definitions;
  }

  function keep(version: string, definitions: T[]): void {
    if (kept.has(version)) return;
    const weight = definitions.reduce((sum, definition) => sum + weigh(definition), 0);
    kept.set(version, { definitions: definitions.map(freeze), weight });
    total += weight;
    for (const [oldest, { weight: freed }] of kept) {
      if (total <= most || oldest === version) return;
      kept.delete(oldest);
      total -= freed;
    }
  }

  return async (
    db: Db,
    space: { tenantId: string; targetType: TargetType },
    read: () => Promise<T[]>,
  ): Promise<T[]> => {
    for (let tries = 1; ; tries += 1) {
      const version = await versionOf(db, space);
      if (version === undefined) return read();
      const known = recall(version);
      if (known) return [...known];
      // Another transaction may see data that is rolled back, or end before this read is done.
      const definitions = db.isTransaction ? await read() : await shared(version, read);
      // Fields and options are two queries, and both may change in between.
      if ((await versionOf(db, space)) === version) {
        keep(version, definitions);
        return [...definitions];
      }
      if (tries === 10) return definitions;
    }
  };
}

async function versionOf(
  db: Db,
  { tenantId, targetType }: { tenantId: string; targetType: TargetType },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('fieldVersions')
    .select('version')
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', targetType)
    .executeTakeFirst();
  return row?.version;
}

function freeze<T>(one: T): T {
  if (typeof one !== 'object' || one === null || Object.isFrozen(one)) return one;
  for (const part of Object.values(one)) freeze(part);
  return Object.freeze(one);
}
