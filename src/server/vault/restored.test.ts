import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../backup/backup.ts';
import { restore } from '../backup/restore.ts';
import { sqliteFile } from '../config.ts';
import type { Server } from '../context.ts';
import { testApp } from '../testing/app.ts';
import { rotateHashKey } from './rotate.ts';
import { sealStored } from './sealing.ts';

// A backup that is restored while the background works on the values. PostgreSQL has backups of its own.

let api: Awaited<ReturnType<typeof testApp>>;
let folder: string;
const field = { targetType: 'USER' as const, key: 'secret' };
beforeEach(async () => {
  api = await testApp();
  folder = mkdtempSync(join(tmpdir(), 'fieldbook-restored-'));
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

async function addPeople(count: number) {
  for (let start = 0; start < count; start += 50) {
    const list = Array.from({ length: 50 }, (_, at) => ({
      username: `s${start + at}`,
      customData: { secret: `in clear ${start + at}` },
    }));
    await api.call('createUsersBatch', { list });
  }
}

/** The server, which meets a restored backup before its third transaction. */
function restoredBeforeThird(file: string): Server {
  const { database, config } = api.server;
  let count = 0;
  const execute = async <R>(work: (trx: never) => Promise<R>): Promise<R> => {
    count += 1;
    if (count === 3) await restore(config, file);
    return database.write.transaction().execute(work as never);
  };
  const write = {
    transaction: () => ({ setIsolationLevel: () => ({ execute }) }),
    connection: () => database.write.connection(),
  } as unknown as Server['database']['write'];
  return { ...api.server, database: { ...database, write } };
}

describe.runIf(process.env.FIELDBOOK_TEST_ENGINE !== 'postgres')('a backup that is restored', () => {
  it('while a field is sealed leaves nothing in clear once the field is called sealed', async () => {
    await api.call('setCustomFields', { list: [field] });
    await addPeople(300);
    await api.call('setCustomFields', { list: [{ ...field, encrypted: true }] });
    const file = join(folder, 'saved.db');
    backUp(api.server.config, file);
    await sealStored(restoredBeforeThird(file));
    await sealStored(api.server);
    const { read } = api.server.database;
    const { sealedAt } = await read.selectFrom('fields').select('sealedAt').executeTakeFirstOrThrow();
    const rows = await read.selectFrom('fieldValues').select('value').execute();
    expect(sealedAt).not.toBeNull();
    expect(rows).toHaveLength(300);
    expect(rows.filter(({ value }) => !value.startsWith('~'))).toEqual([]);
    expect(readFileSync(sqliteFile(api.server.config.databaseUrl)).includes('in clear')).toBe(false);
  });

  it('while the key of the hashes is changed ends the change, and says so', async () => {
    await api.call('setCustomFields', { list: [{ ...field, encrypted: true, isUnique: true }] });
    await addPeople(600);
    await sealStored(api.server);
    const file = join(folder, 'saved.db');
    backUp(api.server.config, file);
    await expect(rotateHashKey(restoredBeforeThird(file), () => {})).rejects.toThrow('Run it again');
    await rotateHashKey(api.server, () => {});
    const keys = await api.server.database.read.selectFrom('hashKeys').select('id').execute();
    expect(keys).toHaveLength(1);
  });
});
