import type { Config } from './config.ts';
import type { Server } from './context.ts';
import { openDatabase } from './database/open.ts';
import { requireKeys, requireSecret, requireSecretAsIs } from './sealed.ts';
import { makeSecrets } from './secrets.ts';
import { makeVault } from './vault/vault.ts';

/** The parts of a server on its database: migrated, but not where the secret is another database's. */
export async function openServer(config: Config, whose: 'request' | 'command' = 'request'): Promise<Server> {
  const secrets = makeSecrets(config.secrets);
  const look = (found: Parameters<typeof requireSecretAsIs>[0]) => requireSecretAsIs(found, secrets);
  const vault = makeVault(config.encryptionKeys);
  const server = { config, secrets, vault, database: await openDatabase(config.databaseUrl, { whose, look }) };
  try {
    await requireSecret(server);
    await requireKeys(server);
  } catch (error) {
    await server.database.close();
    throw error;
  }
  return server;
}
