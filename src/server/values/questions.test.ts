import { type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { makeApp } from '../app.ts';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

describe.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')(
  'a query about a unique value that isn’t disclosed',
  () => {
    it('counts once, even if PostgreSQL aborted its transaction and it started again', async () => {
      const { read, write } = api.server.database;
      const masked = { targetType: 'USER' as const, isUnique: true, desensitization: true };
      await api.call('setCustomFields', { list: [{ ...masked, key: 'pin' }] });
      const { userId } = (await api.call('createUser', { username: 'ada' })).data;
      const support = await api.staffWith('support');
      // Simulates a deadlock: PostgreSQL aborts the first write of a value.
      await sql`create sequence turns`.execute(write);
      await sql`create function give_way() returns trigger language plpgsql as $$ begin
      if nextval('turns') = 1 then raise exception 'gives way' using errcode = '40001'; end if;
      return new; end $$`.execute(write);
      await sql`create trigger give_way before insert on field_values for each row execute function give_way()`.execute(
        write,
      );
      const answer = await support('setCustomData', {
        targetType: 'USER',
        targetIdentifier: userId,
        list: [{ key: 'pin', value: '1' }],
      });
      expect(answer.statusCode).toBe(200);
      const { rows } = await sql<{ value: number }>`select last_value as value from turns`.execute(read);
      expect(rows[0]?.value).toBe(2);
      const asked = await read.selectFrom('activity').select('id').where('event', '=', 'searched').execute();
      expect(asked).toHaveLength(1);
    });
  },
);

describe('a filter that asks for a masked value', () => {
  const masked = { targetType: 'USER' as const, desensitization: true };
  const records = () =>
    api.server.database.read
      .selectFrom('activity')
      .innerJoin('fields', 'fields.id', 'activity.fieldId')
      .select('fields.key')
      .where('activity.event', '=', 'searched')
      .where('fields.key', 'like', 'code%')
      .execute();

  it('isn’t answered as long as it isn’t on record', async () => {
    await api.call('setCustomFields', { list: [{ ...masked, key: 'code1' }] });
    // The database is busy as the first entry is written.
    let isBusy = true;
    const busyOnce: KyselyPlugin = {
      transformQuery({ node }) {
        if (isBusy && node.kind === 'InsertQueryNode' && node.into?.table.identifier.name === 'activity') {
          isBusy = false;
          throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' });
        }
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const { database } = api.server;
    const app = await makeApp({ ...api.server, database: { ...database, brief: database.brief.withPlugin(busyOnce) } });
    const headers = await api.staffHeaders('support');
    const payload = { advancedFilter: [{ field: 'code1', operator: 'EQUAL', value: '4711' }] };
    const ask = async () =>
      (await app.inject({ method: 'POST', url: endpoints.listUsers.path, headers, payload })).json();
    expect(await ask()).toMatchObject({ error: 'unavailable' });
    expect(await records()).toEqual([]);
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(await records()).toEqual([{ key: 'code1' }]);
    await app.close();
  });

  it('is one question where it is asked several times at once', async () => {
    await api.call('setCustomFields', { list: [{ ...masked, key: 'code2' }] });
    const support = await api.staffWith('support');
    const filter = { field: 'code2', operator: 'EQUAL' as const, value: '4711' };
    const answers = await Promise.all([1, 2, 3].map(() => support('listUsers', { advancedFilter: [filter] })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect((await records()).filter(({ key }) => key === 'code2')).toHaveLength(1);
  });
});
