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

/** The server, which meets a restored backup before one of its transactions. */
function restoredBefore(nth: number, file: string): Server {
  const { database, config } = api.server;
  let count = 0;
  const execute = async <R>(work: (trx: never) => Promise<R>): Promise<R> => {
    count += 1;
    if (count === nth) await restore(config, file);
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
    await addPeople(150);
    await api.call('setCustomFields', { list: [{ ...field, encrypted: true }] });
    const file = join(folder, 'saved.db');
    backUp(api.server.config, file);
    const { read } = api.server.database;
    const stateOf = async () => {
      const { sealedAt } = await read.selectFrom('fields').select('sealedAt').executeTakeFirstOrThrow();
      const rows = await read.selectFrom('fieldValues').select('value').execute();
      const clear = rows.filter(({ value }) => !value.startsWith('~')).length;
      return { isSealed: sealedAt !== null, count: rows.length, clear };
    };
    // Whichever transaction it comes before: of the values, of the history, of the pages.
    for (let nth = 2; nth < 14; nth += 1) {
      await restore(api.server.config, file);
      await sealStored(restoredBefore(nth, file));
      const state = await stateOf();
      expect(state.isSealed && state.clear > 0, `${nth}`).toBe(false);
      await sealStored(api.server);
      expect(await stateOf(), `${nth}`).toEqual({ isSealed: true, count: 150, clear: 0 });
    }
    expect(readFileSync(sqliteFile(api.server.config.databaseUrl)).includes('in clear')).toBe(false);
  });

  it('while the key of the hashes is changed ends the change, and says so', async () => {
    await api.call('setCustomFields', { list: [{ ...field, encrypted: true, isUnique: true }] });
    await addPeople(600);
    await sealStored(api.server);
    const file = join(folder, 'saved.db');
    backUp(api.server.config, file);
    await expect(rotateHashKey(restoredBefore(3, file), () => {})).rejects.toThrow('Run it again');
    await rotateHashKey(api.server, () => {});
    const keys = await api.server.database.read.selectFrom('hashKeys').select('id').execute();
    expect(keys).toHaveLength(1);
  });
});
