import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../database/open.ts';
import { testApp } from '../testing/app.ts';
import { afterFirst } from '../testing/between.ts';
import { claim } from './claims.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

// On SQLite no other writer runs during a transaction.
describe.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')(
  'a name that is released while another target asks for it',
  () => {
    it('is claimed by one of them', async () => {
      const { database } = api.server;
      await api.call('createUser', { username: 'ada' });
      const held = await database.read
        .selectFrom('claims')
        .selectAll()
        .where('key', '=', 'ada')
        .executeTakeFirstOrThrow();
      const { userId } = (await api.call('createUser', { username: 'ben' })).data;
      const next = await database.read
        .selectFrom('users')
        .select('id')
        .where('userId', '=', userId)
        .executeTakeFirstOrThrow();
      const freed = afterFirst(() => database.write.deleteFrom('claims').where('key', '=', 'ada').execute());
      const holder = await transact(database, (trx) => claim(trx.withPlugin(freed), held.scope, held.key, next.id));
      expect(holder).toBeUndefined();
      const claims = await database.read.selectFrom('claims').select('targetId').where('key', '=', 'ada').execute();
      expect(claims).toEqual([{ targetId: next.id }]);
      expect(await api.call('createUser', { username: 'ada' })).toMatchObject({ statusCode: 409 });
    });
  },
);
