import { ConfigError } from './config.ts';
import type { Server } from './context.ts';
import { lockPool, lockStaff } from './database/locks.ts';
import { transact } from './database/open.ts';
import type { Db, Trx } from './database/schema.ts';
import { signHeadAnew } from './record/seal.ts';
import type { Secrets } from './secrets.ts';
import { sealedSecretsOf } from './staff/store.ts';
import { totpPurpose } from './staff/totp.ts';

// What the database stores under `FIELDBOOK_SECRET`: a mark, the secrets of access keys, and the secrets of
// authenticator apps. The secret also signs the head of the audit log. Only `verify-activity` needs former secrets
// permanently.

type Sealing = Pick<Server, 'database' | 'secrets'>;
const text = 'Fieldbook';

/** Refuses to start with a secret other than the database's, because every access key and code would fail. */
export async function requireSecret({ database, secrets }: Sealing): Promise<void> {
  await transact(database, async (trx) => {
    if (await requireSecretOf(trx, secrets)) return;
    await trx
      .insertInto('secretMark')
      .values({ id: 1, sealed: secrets.seal('mark', text) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // If two servers start together, one writes the mark and the other one compares it.
    await requireSecretOf(trx, secrets);
  });
}

/** Like `requireSecret`, for a database of any version, which stays as it is. The first versions had neither mark nor codes. */
export async function requireSecretAsIs(
  { read, missing }: { read: Db; missing: string[] },
  secrets: Secrets,
): Promise<void> {
  if (missing.includes('010-accounts')) return;
  await requireSecretOf(read, secrets, { hasMark: !missing.includes('015-secret-mark') });
}

/** Returns whether there is a mark. */
async function requireSecretOf(db: Db, secrets: Secrets, { hasMark } = { hasMark: true }): Promise<boolean> {
  const found = await findSealed(db);
  const mark = hasMark ? await findMark(db) : undefined;
  if (mark) found.push({ purpose: 'mark', sealed: mark });
  if (found.every(({ purpose, sealed }) => opens(secrets, purpose, sealed))) return mark !== undefined;
  throw new ConfigError(
    'The database was written with another FIELDBOOK_SECRET. Set that one, alone or after the current one and a comma. After rotate-keys, only verify-activity needs it.',
  );
}

/**
 * Refuses to start without a key of `FIELDBOOK_ENCRYPTION_KEYS` that the database uses: values would be unreadable, and
 * new ones would be lost with the other key. An empty database gets a key for hashes, so that two first starts can't
 * have different keys.
 */
export async function requireKeys({ database, vault }: Pick<Server, 'database' | 'vault'>): Promise<void> {
  await transact(database, async (trx) => {
    await lockPool(trx);
    const ofTargets = await trx.selectFrom('targetKeys').select('keyId').distinct().execute();
    const ofHashes = await trx.selectFrom('hashKeys').select('keyId').distinct().execute();
    if ([...ofTargets, ...ofHashes].some(({ keyId }) => !vault.knows(keyId)))
      throw new ConfigError(
        'The database was written with another FIELDBOOK_ENCRYPTION_KEYS. Set that key, alone or after the current one and a comma.',
      );
    if (!ofHashes.length) await vault.addHashKey(trx);
  });
}

/** Encrypts everything with the current secret again, so that the former ones can be removed from the list. */
export async function resealSecrets({ database, secrets }: Sealing): Promise<void> {
  const again = (purpose: string, sealed: string) => secrets.seal(purpose, secrets.open(purpose, sealed));
  await transact(database, async (trx) => {
    // Whoever rotates a key meanwhile would put what it had beside its new secret, sealed as it was.
    await lockStaff(trx);
    for (const key of await trx.selectFrom('accessKeys').selectAll().where('revokedAt', 'is', null).execute()) {
      const [secret = '', former] = sealedSecretsOf(key).map((sealed) => again('access-key', sealed));
      const changed = { secret, ...(former && { formerSecret: former }) };
      await trx.updateTable('accessKeys').set(changed).where('id', '=', key.id).execute();
    }
    for (const { id, totpSecret } of await findCodes(trx)) {
      const fresh = again(totpPurpose, totpSecret);
      await trx
        .updateTable('staff')
        .set({ totpSecret: fresh })
        .where('id', '=', id)
        .where('totpSecret', '=', totpSecret)
        .execute();
    }
    await signHeadAnew(trx, secrets);
    await trx
      .updateTable('secretMark')
      .set({ sealed: secrets.seal('mark', text) })
      .execute();
  });
}

/** Everything in use. A revoked key doesn't need to decrypt. */
async function findSealed(db: Db): Promise<{ purpose: string; sealed: string }[]> {
  const keys = await db.selectFrom('accessKeys').selectAll().where('revokedAt', 'is', null).execute();
  return [
    ...keys.flatMap(sealedSecretsOf).map((sealed) => ({ purpose: 'access-key', sealed })),
    ...(await findCodes(db)).map(({ totpSecret }) => ({ purpose: totpPurpose, sealed: totpSecret })),
  ];
}

async function findCodes(db: Db): Promise<{ id: string; totpSecret: string }[]> {
  const rows = await db.selectFrom('staff').select(['id', 'totpSecret']).where('totpSecret', 'is not', null).execute();
  return rows.map(({ id, totpSecret }) => ({ id, totpSecret: totpSecret ?? '' }));
}

async function findMark(db: Db | Trx): Promise<string | undefined> {
  return (await db.selectFrom('secretMark').select('sealed').executeTakeFirst())?.sealed;
}

function opens(secrets: Secrets, purpose: string, sealed: string): boolean {
  try {
    secrets.open(purpose, sealed);
    return true;
  } catch {
    return false;
  }
}
