import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
