import type { TargetType } from '#contract/target';
import type { Db } from '../database/schema.ts';

// Definitions are read far more often than changed, and a field may have 20,000 options. Each space of them has a version
// in the database, a random text that its triggers replace with every write of a definition or an option, whoever writes.
// It is never the same again, in no restored or copied database either: what was read under a version is kept under it.

/** How many fields and options are kept in memory; the latest read are always. */
const most = 100_000;

/**
 * A reader of a space's definitions that reads them once per version; `weigh` says what one counts for in memory. They are
 * shared by all who ask, and so nobody's to change.
 */
export function oncePerVersion<T>(weigh: (definition: T) => number) {
  const kept = new Map<string, { definitions: T[]; weight: number }>();
  let total = 0;
  /** What is being read for everybody who asks for the same version at once. */
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
    // A map keeps its order: the first are those that were asked for longest ago.
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
      // Another's transaction may see what is rolled back, or end before this one's answer has come.
      const definitions = db.isTransaction ? await read() : await shared(version, read);
      // Fields and options are two questions: between them somebody may have changed both.
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
