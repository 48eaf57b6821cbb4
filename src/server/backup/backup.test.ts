import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config.ts';
import type { Server } from '../context.ts';
import { openDatabase } from '../database/open.ts';
import { makeSecrets } from '../secrets.ts';
import { addAccessKey, addStaff } from '../staff/service.ts';
import { eraseUser } from '../vault/erase.ts';
import { makeVault } from '../vault/vault.ts';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';

let folder: string;
let server: Server;
const file = () => join(folder, 'saved.db');
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldbook-backup-'));
  const config: Config = {
    databaseUrl: `sqlite:${join(folder, 'live.db')}`,
    encryptionKeys: ['a key that is long enough for a test'],
    secrets: ['a secret that is long enough for a test'],
    port: 0,
    host: '127.0.0.1',
    logLevel: 'silent',
    publicUrl: undefined,
    oidc: undefined,
    trustProxy: 0,
    requireReason: false,
  };
  server = {
    config,
    secrets: makeSecrets(config.secrets),
    vault: makeVault(config.encryptionKeys),
    database: await openDatabase(config.databaseUrl),
  };
});
afterEach(async () => {
  await server.database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a restore', () => {
  it('restores the data, but no revoked key, disabled account or session', async () => {
    const { read, write } = server.database;
    const key = await addAccessKey(server, { name: 'Key' });
    await addStaff(server, { email: 'a@example.com', name: 'A', role: 'support', password: 'correct horse' });
    const { id } = await read.selectFrom('staff').select('id').executeTakeFirstOrThrow();
    const stamps = { createdAt: '2026-01-01', expiresAt: '2999-01-01', id: 'x', agent: '', seenAt: '' };
    await write
      .insertInto('sessions')
      .values({ digest: 'x', staffId: id, ...stamps })
      .execute();
    backUp(server.config, file());

    const at = new Date().toISOString();
    await write.updateTable('accessKeys').set({ revokedAt: at }).where('id', '=', key.id).execute();
    await write.updateTable('staff').set({ disabledAt: at, name: 'B' }).execute();
    const kept = await restore(server.config, file());
    expect(kept && existsSync(kept)).toBe(true);
    // The connections of the running server see the restored data.
    expect(await read.selectFrom('staff').select(['name', 'disabledAt']).execute()).toEqual([
      { name: 'A', disabledAt: at },
    ]);
    expect(await read.selectFrom('accessKeys').select('revokedAt').execute()).toEqual([{ revokedAt: at }]);
    expect(await read.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  it('creates a missing database, and nothing from a damaged file', async () => {
    backUp(server.config, file());
    const elsewhere = { ...server.config, databaseUrl: `sqlite:${join(folder, 'fresh.db')}` };
    expect(await restore(elsewhere, file())).toBeUndefined();
    const fresh = await openDatabase(elsewhere.databaseUrl);
    expect(await fresh.read.selectFrom('pool').select('poolId').execute()).toHaveLength(1);
    await fresh.close();
    writeFileSync(join(folder, 'bad.db'), 'SQLite format 3\0 and no more');
    await expect(restore(server.config, join(folder, 'bad.db'))).rejects.toThrow('isn’t a Fieldbook backup');
  });

  it('erases users again who were erased since, and refuses values under other keys', async () => {
    const { write } = server.database;
    const actor = { kind: 'system', id: 'x', name: 'Test', through: 'command', sign: () => 'x' } as const;
    await write.insertInto('targets').values({ id: 1, type: 'USER' }).execute();
    await write.insertInto('targetKeys').values({ targetId: 1, keyId: 'another', sealed: 'x' }).execute();
    backUp(server.config, file());
    await expect(restore(server.config, file())).rejects.toThrow('another FIELDBOOK_ENCRYPTION_KEYS');
    await write.deleteFrom('targetKeys').execute();
    rmSync(file());
    const now = new Date().toISOString();
    await write.transaction().execute(async (trx) => {
      const stamps = { createdAt: now, updatedAt: now, status: 'Activated', workStatus: 'Active' };
      const counts = { emailVerified: 0, phoneVerified: 0, loginsCount: 0, userSourceType: 'adminCreated' };
      // Only the required columns.
      const row = { ...stamps, ...counts, id: 1, userId: 'ada', name: 'Ada Secret', gender: 'F' } as never;
      await trx.insertInto('users').values(row).execute();
    });
    backUp(server.config, file());
    await eraseUser(server, actor, 'ada');
    await restore(server.config, file());
    const users = await server.database.read.selectFrom('users').select(['name', 'deletedAt']).execute();
    expect(users).toEqual([{ name: null, deletedAt: expect.any(String) }]);
    const records = await server.database.read.selectFrom('activity').select('event').execute();
    expect(records.at(-1)).toEqual({ event: 'restored' });
  });
});
