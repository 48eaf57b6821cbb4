import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../context.ts';
import { openDatabase, transact } from '../database/open.ts';
import { recordActivity } from '../record/activity.ts';
import { sealActivity, sealEntries } from '../record/seal.ts';
import { makeSecrets, signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { verifyActivity } from './verify.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let server: Server;
beforeEach(async () => {
  api = await testApp();
  server = api.server;
});
afterEach(() => api.close());

const fail = (error: unknown) => {
  throw error;
};
const create = (username: string) => api.call('createUser', { username });

describe('an audit log entry', () => {
  it('is sealed in the same transaction on SQLite, and a moment later on PostgreSQL; unsealed entries are counted', async () => {
    await create('ada');
    const isSqlite = server.database.engine === 'sqlite';
    expect(await verifyActivity(server)).toEqual({ count: isSqlite ? 1 : 0, unsealed: isSqlite ? 0 : 1, faults: [] });
    const stop = sealActivity(server, fail);
    try {
      await create('ben');
      const unsealed = async () => (await verifyActivity(server)).unsealed;
      await expect.poll(unsealed, { interval: 20, timeout: 5_000 }).toBe(0);
      expect(await verifyActivity(server)).toEqual({ count: 2, unsealed: 0, faults: [] });
    } finally {
      await stop();
    }
  });

  it('is sealed when a server has stopped', async () => {
    const stop = sealActivity(server, fail);
    await Promise.all(['ada', 'ben', 'cai'].map(create));
    await stop();
    expect(await verifyActivity(server)).toEqual({ count: 3, unsealed: 0, faults: [] });
  });

  it('is sealed once by several processes that write and seal concurrently, also according to verify-activity', async () => {
    const others = await Promise.all([1, 2].map(() => openDatabase(server.config.databaseUrl)));
    const all = [server, ...others.map((database) => ({ ...server, database }))];
    const sign = signer(server.secrets);
    const actor = { kind: 'system', id: 'x', name: 'Test', through: 'command', sign } as const;
    const rounds = Array.from({ length: 15 }, (_, at) => at);
    try {
      await Promise.all(
        all.flatMap((one) => [
          ...[1, 2].map(async () => {
            for (const at of rounds)
              await transact(one.database, (trx) =>
                recordActivity(trx, actor, Array(at + 1).fill({ event: 'restored' })),
              );
          }),
          (async () => {
            for (const _ of rounds) await sealEntries(one, true);
          })(),
          (async () => {
            for (const _ of rounds) expect((await verifyActivity(one)).faults).toEqual([]);
          })(),
        ]),
      );
      await Promise.all(all.map((one) => sealEntries(one)));
      expect(await verifyActivity(server)).toEqual({ count: 6 * 120, unsealed: 0, faults: [] });
    } finally {
      await Promise.all(others.map((database) => database.close()));
    }
  });

  it('is sealed though many that no server wrote stand before it', async () => {
    const forged = { event: 'restored' } as const;
    const sign = signer(makeSecrets(['a secret that this server does not know']));
    const actor = {
      kind: 'system',
      id: 'x',
      name: 'Test',
      through: 'command',
      sign: (text: string) => sign(text),
    } as const;
    await transact(server.database, (trx) => recordActivity(trx, actor, Array(600).fill(forged)));
    await create('ada');
    await sealEntries(server);
    const { count, unsealed, faults } = await verifyActivity(server);
    expect([count, unsealed, faults.length]).toEqual([1, 0, 600]);
  });
});
