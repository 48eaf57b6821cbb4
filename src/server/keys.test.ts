import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { requireKeys } from './sealed.ts';
import { testApp } from './testing/app.ts';
import { makeVault } from './vault/vault.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const startWith = (...keys: string[]) => requireKeys({ database: api.server.database, vault: makeVault(keys) });
const ours = () => api.server.config.encryptionKeys;

it('a start with other encryption keys than the first start is refused, also before a value is encrypted', async () => {
  await startWith(...ours());
  await expect(startWith('another key that was made on this machine alone')).rejects.toThrow(ConfigError);
  await startWith('a new key that comes before the one in use', ...ours());
});

it('a start without a key that one value needs is refused', async () => {
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'iban', encrypted: true }] });
  await api.call('createUser', { customData: { iban: 'DE00' } });
  await api.server.database.write.deleteFrom('hashKeys').execute();
  await expect(startWith('another key that was made on this machine alone')).rejects.toThrow(ConfigError);
});
