import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { verifyActivity } from './activity/verify.ts';
import { makeApp } from './app.ts';
import { ConfigError } from './config.ts';
import { lockStaff } from './database/locks.ts';
import { transact } from './database/open.ts';
import { recordActivity } from './record/activity.ts';
import { sealEntries } from './record/seal.ts';
import { requireSecret, resealSecrets } from './sealed.ts';
import { makeSecrets, signer } from './secrets.ts';
import { addAccessKey } from './staff/service.ts';
import { testApp } from './testing/app.ts';

const [old, fresh] = ['a secret that is long enough for a test', 'another secret that is long enough'];
let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
});
afterEach(() => api.close());

const start = (...listed: string[]) => requireSecret({ ...api.server, secrets: makeSecrets(listed) });
const refused = expect.objectContaining({
  message: expect.stringMatching(/^The database was written with another FIELDBOOK_SECRET\. Set/),
});
const forget = () => api.server.database.write.deleteFrom('secretMark').execute();
const revoke = () => api.server.database.write.updateTable('accessKeys').set({ revokedAt: '2026-01-01' }).execute();

describe('a start with a secret other than the database’s', () => {
  it('is refused with instructions; listing the former secret is enough', async () => {
    await revoke();
    await start(old);
    await expect(start(fresh)).rejects.toEqual(refused);
    await expect(start(fresh)).rejects.toBeInstanceOf(ConfigError);
    await start(fresh, old);
    await start(old);
  });

  it('is refused without a mark of an older version too, because of any key or code in use', async () => {
    await forget();
    await expect(start(fresh)).rejects.toEqual(refused);
    await revoke();
    const sealed = makeSecrets([old]).seal('totp', 'x');
    await api.staffWith('support');
    await api.server.database.write.updateTable('staff').set({ totpSecret: sealed }).execute();
    await expect(start(fresh)).rejects.toEqual(refused);
    await start(old);
  });

  it('is refused for one of two servers that start together on a new database', async () => {
    await revoke();
    await forget();
    const ends = await Promise.allSettled([start(old), start(fresh), start(old), start(fresh)]);
    const started = ends.map(({ status }) => status === 'fulfilled');
    expect([started[0] !== started[1], started[0] === started[2], started[1] === started[3]]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('doesn’t need the former secret after rotate-keys', async () => {
    await start(old);
    const both = { ...api.server, secrets: makeSecrets([fresh, old]) };
    const key = await addAccessKey(api.server, { name: 'Key' });
    await start(fresh, old);
    await expect(start(fresh)).rejects.toEqual(refused);
    await api.call('createUser', { username: 'ada' });
    await sealEntries(api.server);
    await resealSecrets(both);
    await start(fresh);
    // The audit log continues without the former secret, and verifies with it.
    const sign = signer(makeSecrets([fresh]));
    const actor = { kind: 'system', id: 'x', name: 'Test', through: 'command', sign } as const;
    await transact(api.server.database, (trx) => recordActivity(trx, actor, [{ event: 'restored' }]));
    await sealEntries({ ...api.server, secrets: makeSecrets([fresh]) });
    expect(await verifyActivity(both)).toEqual({ count: 2, unsealed: 0, faults: [] });
    await expect(start(old)).rejects.toEqual(refused);
    const { secret } = await api.server.database.read
      .selectFrom('accessKeys')
      .select('secret')
      .where('id', '=', key.id)
      .executeTakeFirstOrThrow();
    expect(makeSecrets([fresh]).open('access-key', secret)).toBe(key.secret);
  });

  it('needs it no longer where a key was rotated during rotate-keys, and the secret it had works on', async () => {
    await start(old);
    const { database } = api.server;
    const secrets = makeSecrets([fresh, old]);
    const key = await addAccessKey(api.server, { name: 'Key' });
    let resealing: Promise<void> | undefined;
    // As rotateAccessKey does it, with time in between.
    await transact(database, async (trx) => {
      await lockStaff(trx);
      const own = trx.selectFrom('accessKeys').select('secret').where('id', '=', key.id);
      const { secret: formerSecret } = await own.executeTakeFirstOrThrow();
      const formerUntil = new Date(Date.now() + 3_600_000).toISOString();
      const rotated = { secret: secrets.seal('access-key', 'another one'), formerSecret, formerUntil };
      await trx.updateTable('accessKeys').set(rotated).where('id', '=', key.id).execute();
      resealing = resealSecrets({ ...api.server, secrets });
      await new Promise((resume) => setTimeout(resume, 500));
    });
    await resealing;
    await start(fresh);
    const app = await makeApp({ ...api.server, secrets: makeSecrets([fresh]) });
    const payload = { accessKeyId: key.id, accessKeySecret: key.secret };
    const { path: url } = endpoints.getManagementToken;
    expect((await app.inject({ method: 'POST', url, payload })).statusCode).toBe(200);
    await app.close();
  });
});
