import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { transact } from '../database/open.ts';
import { testApp } from '../testing/app.ts';
import { addAccessKey } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let key: { id: string; secret: string };
beforeAll(async () => {
  api = await testApp();
  key = await addAccessKey(api.server, { name: 'Signed' });
});
afterAll(() => api.close());

/** A signed call that makes a group and can be sent repeatedly. */
function making(code: string) {
  const { path } = endpoints.createGroup;
  const date = new Date().toUTCString();
  const text = `POST\ndate:${date}\n${path}?code=${code}`;
  const signature = createHmac('sha1', key.secret).update(text).digest('base64');
  const headers = { date, authorization: `authing ${key.id}:${signature}` };
  return async () => (await api.app.inject({ method: 'POST', url: path, headers, payload: { code } })).json();
}

const isPostgres = process.env.FIELDBOOK_TEST_ENGINE === 'postgres';

describe('a signed write', () => {
  it('that was refused can’t be replayed by somebody who saw it', async () => {
    await api.call('createGroup', { code: 'taken' });
    const send = making('taken');
    expect(await send()).toMatchObject({ error: 'codeTaken' });
    await api.call('deleteGroupsBatch', { codeList: ['taken'] });
    expect(await send()).toMatchObject({ error: 'nonceReused' });
  });

  it.runIf(isPostgres)('that found the database busy can be sent again by its sender', async () => {
    const send = making('later');
    let answer: Promise<{ error?: string }> | undefined;
    await transact(api.server.database, async (trx) => {
      await sql`lock table groups`.execute(trx);
      answer = send();
      await new Promise((resume) => setTimeout(resume, 500));
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))`.execute(
        trx,
      );
    });
    expect(await answer).toMatchObject({ error: 'unavailable' });
    expect(await send()).toMatchObject({ statusCode: 200 });
    expect(await send()).toMatchObject({ error: 'nonceReused' });
  });

  it.runIf(isPostgres)('that takes long doesn’t block another signed write', async () => {
    const { write } = api.server.database;
    await write.insertInto('nonces').values({ keyId: key.id, nonce: 'of old', expiresAt: 1 }).execute();
    let long: Promise<{ statusCode: number }> | undefined;
    let other: unknown;
    await transact(api.server.database, async (trx) => {
      // It waits at its end, whatever it does.
      await sql`lock table activity`.execute(trx);
      long = making('long')();
      await new Promise((resume) => setTimeout(resume, 300));
      // A call that is refused before it records anything, so that it waits for nothing else.
      other = await Promise.race([
        making('later')().then(() => 'answered'),
        new Promise((resume) => setTimeout(resume, 2_000, 'waits')),
      ]);
    });
    expect(await long).toMatchObject({ statusCode: 200 });
    expect(other).toBe('answered');
  });
});
