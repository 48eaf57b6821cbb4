import type { Config } from './config.ts';
import { openToRead, type Reader } from './database/open.ts';
import { requireSecretAsIs } from './sealed.ts';
import { makeSecrets, type Secrets } from './secrets.ts';

/** Works on a database of any version, and doesn't change it. */
export async function withReader(
  { databaseUrl, secrets: listed }: Pick<Config, 'databaseUrl' | 'secrets'>,
  work: (reader: { database: Reader; secrets: Secrets }) => Promise<void>,
): Promise<void> {
  const database = await openToRead(databaseUrl);
  const secrets = makeSecrets(listed);
  try {
    await requireSecretAsIs(database, secrets);
    await work({ database, secrets });
  } finally {
    await database.close();
  }
}
