import type { Config } from './config.ts';
import { openToRead, type Reader } from './database/open.ts';
import { requireSecretOf } from './sealed.ts';
import { makeSecrets, type Secrets } from './secrets.ts';

/** Works with a database as it is, of whatever version: nothing of it is changed. */
export async function withReader(
  { databaseUrl, secrets: listed }: Pick<Config, 'databaseUrl' | 'secrets'>,
  work: (reader: { database: Reader; secrets: Secrets }) => Promise<void>,
): Promise<void> {
  const database = await openToRead(databaseUrl);
  const secrets = makeSecrets(listed);
  try {
    // Older versions wrote no mark.
    if (!database.missing.includes('015-secret-mark')) await requireSecretOf(database.read, secrets);
    await work({ database, secrets });
  } finally {
    await database.close();
  }
}
