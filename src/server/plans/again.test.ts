import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SentPlan } from '#contract/plan';
import type { Right } from '#contract/wire/endpoint';
import { lockTargets } from '../database/locks.ts';
import { isPostgres, transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { type Call, testApp } from '../testing/app.ts';
import { erase } from '../vault/erase.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

let count = 0;
const option = (value: string) => ({ value, label: value.toUpperCase() });
const planned = async (request: SentPlan) => (await api.call('planFields', request)).data;
const apply = async (request: SentPlan) => api.call('applyPlan', { ...request, token: (await planned(request)).token });
const undo = async (planId: string) => api.call('undoPlan', { planId });
const set = (targetIdentifier: string, key: string, value: unknown) =>
  api.call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key, value }] });
const get = async (key: string) =>
  (await api.call('getCustomFields', { targetType: 'USER' })).data.find((field) => field.key === key);

/** A field with the options a to d, and people with b. */
async function heldTwice() {
  const key = `choice_${++count}`;
  await api.call('setCustomFields', {
    list: [{ targetType: 'USER', key, label: 'First', dataType: 'ENUM', options: ['a', 'b', 'c', 'd'].map(option) }],
  });
  const users: string[] = [];
  for (const name of ['one', 'two'])
    users.push((await api.call('createUser', { username: `${key}_${name}`, customData: { [key]: 'b' } })).data.userId);
  const held = async () => {
    const answers = users.map((targetIdentifier) =>
      api.call('getCustomData', { targetType: 'USER', targetIdentifier }),
    );
    return (await Promise.all(answers)).map(({ data }) => data[key]);
  };
  /** Moves the holders of one option to another, and renames the field. */
  const move = async (from: string, to: string, label: string, kept: string[]) => {
    const dispositions = [{ value: from, disposition: 'move' as const, to }];
    const applied = await apply({
      changes: [{ targetType: 'USER', key, label, options: kept.map(option), dispositions }],
    });
    expect(applied.statusCode).toBe(200);
    return applied.data.planId;
  };
  return { key, users, held, move };
}

describe('what an undo left', () => {
  it('is restored by a second undo, after the newer plan is undone', async () => {
    const { key, held, move } = await heldTwice();
    const older = await move('b', 'a', 'Second', ['a', 'c', 'd']);
    const newer = await move('a', 'c', 'Third', ['c', 'd']);
    const first = (await undo(older)).data;
    expect(first).toMatchObject({ values: 0 });
    expect(first.skipped.map(({ what }) => what)).toEqual(['label', 'value', 'value']);
    expect(await held()).toEqual(['c', 'c']);
    expect((await undo(newer)).data).toEqual({ values: 2, skipped: [] });
    expect(await held()).toEqual(['a', 'a']);
    expect((await undo(older)).data).toEqual({ values: 2, skipped: [] });
    expect(await held()).toEqual(['b', 'b']);
    expect(await get(key)).toMatchObject({ label: 'First' });
    expect(await undo(older)).toMatchObject({ error: 'planUndone' });
  });

  it('is all that a second undo changes', async () => {
    const { key, users, held, move } = await heldTwice();
    const [one = '', two = ''] = users;
    const plan = await move('b', 'a', 'Second', ['a', 'c', 'd']);
    await set(two, key, 'c');
    expect((await undo(plan)).data).toMatchObject({ values: 1, skipped: [{ what: 'value' }] });
    expect(await held()).toEqual(['b', 'c']);
    // Restored, then changed again: the change stays.
    await set(one, key, 'a');
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'Second' }] });
    await set(two, key, 'a');
    expect((await undo(plan)).data).toEqual({ values: 1, skipped: [] });
    expect(await held()).toEqual(['a', 'b']);
    expect(await get(key)).toMatchObject({ label: 'Second' });
  });

  it('stays for the next undo: a created field that changed is deleted once it is as it was created', async () => {
    const key = `made_${++count}`;
    const made = (await apply({ changes: [{ targetType: 'USER', key, label: 'Made' }] })).data.planId;
    const renamed = (await apply({ changes: [{ targetType: 'USER', key, label: 'Renamed' }] })).data.planId;
    expect((await undo(made)).data.skipped).toEqual([{ key, what: 'changed' }]);
    await undo(renamed);
    expect((await undo(made)).data.skipped).toEqual([]);
    expect(await get(key)).toBeUndefined();
  });
});

describe('a plan that changes nothing', () => {
  it('is applied once', async () => {
    const { key } = await heldTwice();
    const request: SentPlan = { changes: [{ targetType: 'USER', key, label: 'First' }] };
    const { token } = await planned(request);
    expect((await api.call('applyPlan', { ...request, token })).statusCode).toBe(200);
    expect(await api.call('applyPlan', { ...request, token })).toMatchObject({ error: 'planMoved' });
  });

  it('except the order of fields can be applied again if the order is different now', async () => {
    const [{ key: one }, { key: two }] = [await heldTwice(), await heldTwice()];
    const all = (await api.call('getCustomFields', { targetType: 'USER' })).data.map(({ key }) => key);
    const keys = [two, one, ...all.filter((key) => key !== one && key !== two)];
    const request: SentPlan = { order: { targetType: 'USER', keys } };
    const order = async () => (await api.call('getCustomFields', { targetType: 'USER' })).data.map(({ key }) => key);
    const { data } = await apply(request);
    expect(await order()).toEqual(keys);
    await undo(data.planId);
    expect(await order()).toEqual(all);
    expect((await apply(request)).statusCode).toBe(200);
    expect(await order()).toEqual(keys);
  });
});

describe('an undo while somebody writes', () => {
  /** Two people whose values a plan converted, and nothing else: an undo would restore the texts. */
  async function rewritten() {
    const key = `number_${++count}`;
    const field = { targetType: 'USER' as const, key };
    await api.call('setCustomFields', { list: [{ ...field, label: 'Number', dataType: 'NUMBER' }] });
    const { write } = api.server.database;
    const ids: number[] = [];
    for (const value of [12, 13]) {
      const username = `${key}_${value}`;
      await api.call('createUser', { username, customData: { [key]: value } });
      const { id } = await write
        .selectFrom('users')
        .select('id')
        .where('username', '=', username)
        .executeTakeFirstOrThrow();
      ids.push(id);
      // A text in a number field, as an older tool wrote it.
      await write
        .updateTable('fieldValues')
        .set({ value: `"${value}"`, number: null })
        .where('targetId', '=', id)
        .execute();
    }
    const { planId } = (await apply({ changes: [{ ...field, normalise: true }] })).data;
    const held = async () => {
      const rows = await write
        .selectFrom('fieldValues')
        .select('value')
        .where('targetId', 'in', ids)
        .orderBy('targetId')
        .execute();
      return rows.map(({ value }) => value);
    };
    expect(await held()).toEqual(['12', '13']);
    return { key, planId, held, id: ids[0] ?? 0 };
  }
  /** Undoes a plan while another transaction has locked the first person and done its work. */
  async function whileHeld(id: number, planId: string, work: (trx: Trx) => Promise<unknown>) {
    let undone: ReturnType<typeof undo> | undefined;
    await transact(api.server.database, async (trx) => {
      await lockTargets(trx, 'USER', [id]);
      await work(trx);
      undone = undo(planId);
      await new Promise((resume) => setTimeout(resume, 300));
    });
    return undone;
  }

  it('leaves what was written meanwhile', async () => {
    const { key, planId, held, id } = await rewritten();
    const answer = await whileHeld(id, planId, (trx) =>
      trx.updateTable('fieldValues').set({ value: '99', number: 99 }).where('targetId', '=', id).execute(),
    );
    expect(answer?.data).toMatchObject({ values: 1, skipped: [{ key, what: 'value' }] });
    expect(await held()).toEqual(['99', '"13"']);
  });

  it('restores nothing of a person who was erased meanwhile', async () => {
    const { planId, id } = await rewritten();
    await whileHeld(id, planId, (trx) => erase(trx, id));
    const { read } = api.server.database;
    for (const table of ['fieldValues', 'history', 'claims'] as const)
      expect(await read.selectFrom(table).selectAll().where('targetId', '=', id).execute(), table).toEqual([]);
  });

  it('claims no unique value for a target in the trash', async () => {
    const key = `number_${++count}`;
    const field = { targetType: 'USER' as const, key };
    await api.call('setCustomFields', { list: [{ ...field, label: 'Number', dataType: 'NUMBER', isUnique: true }] });
    const { userId } = (await api.call('createUser', { username: key, customData: { [key]: 12 } })).data;
    const { write } = api.server.database;
    // A text in a number field, as an older tool wrote it.
    const { id } = await write.selectFrom('users').select('id').where('userId', '=', userId).executeTakeFirstOrThrow();
    await write.updateTable('fieldValues').set({ value: '"12"', number: null }).where('targetId', '=', id).execute();
    const { planId } = (await apply({ changes: [{ ...field, normalise: true }] })).data;
    await api.call('deleteUsersBatch', { userIds: [userId] });
    await undo(planId);
    const other = await api.call('createUser', { username: `${key}_other`, customData: { [key]: 12 } });
    expect(other.statusCode).toBe(200);
    const claims = await write.selectFrom('claims').select('key').where('targetId', '=', id).execute();
    expect(claims).toEqual([]);
  });
});

it('refuses two keys that differ only in capitals, with their place', async () => {
  const changes = ['Twin', 'tWIN'].map((key) => ({ targetType: 'USER' as const, key, label: key }));
  for (const name of ['planFields', 'applyPlan'] as const)
    expect(await api.call(name, { changes }), name).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['changes', 1, 'key'], name: 'repeated' }],
    });
});

describe('a plan whose holders moved', () => {
  const clearB = (key: string) => ({
    changes: [
      {
        targetType: 'USER' as const,
        key,
        options: ['a', 'c', 'd'].map(option),
        dispositions: [{ value: 'b', disposition: 'clear' as const }],
      },
    ],
  });

  it('is refused where one holder went into the trash and another came back', async () => {
    const { key, users } = await heldTwice();
    const [one = '', two = ''] = users;
    await api.call('deleteUsersBatch', { userIds: [two] });
    const { token } = await planned(clearB(key));
    await api.call('deleteUsersBatch', { userIds: [one] });
    await api.call('restoreTarget', { targetType: 'USER', targetIdentifier: two });
    expect((await api.call('applyPlan', { ...clearB(key), token })).error).toBe('planMoved');
  });

  it('is possible for holders with any id', async () => {
    const { write } = api.server.database;
    // The square of a greater one doesn't fit into 32 bits.
    await (isPostgres(write)
      ? sql`alter table targets alter column id restart with 2000000000`
      : sql`update sqlite_sequence set seq = 2000000000 where name = 'targets'`
    ).execute(write);
    const { key } = await heldTwice();
    const planOfAll = await planned(clearB(key));
    expect((await api.call('applyPlan', { ...clearB(key), token: planOfAll.token })).statusCode).toBe(200);
  });

  it.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')(
    'is refused where a write that began earlier was committed later',
    async () => {
      const { key, users } = await heldTwice();
      const [one = '', two = ''] = users;
      await set(one, key, 'a');
      await set(two, key, 'a');
      const { write } = api.server.database;
      const { id } = await write.selectFrom('users').select('id').where('userId', '=', one).executeTakeFirstOrThrow();
      await sql`create function slow() returns trigger language plpgsql as $$ begin
        if new.target_id = ${sql.lit(id)} then perform pg_sleep(1); end if; return new; end $$`.execute(write);
      await sql`create trigger slow before insert on activity for each row execute function slow()`.execute(write);
      const early = set(one, key, 'b');
      await new Promise((resume) => setTimeout(resume, 300));
      await set(two, key, 'b');
      const { token } = await planned(clearB(key));
      await early;
      await sql`drop trigger slow on activity`.execute(write);
      expect((await api.call('applyPlan', { ...clearB(key), token })).error).toBe('planMoved');
    },
  );
});

describe('to whoever meets some tenants', () => {
  it('a plan’s undo tells nothing of what it left to somebody without read, nor to whom the field is hidden', async () => {
    const admin = await api.staffWith('administrator');
    const targetType = 'USER' as const;
    const roleOf = async (name: string, rights: Right[]) =>
      (await admin('saveStaffRole', { name, rights, tenants: null })).data.id;
    const [blind, barred] = [await roleOf('Blind', ['define', 'write']), await roleOf('Barred', ['read', 'define'])];
    const told: unknown[] = [];
    for (const was of ['b', 'c']) {
      const key = `undone_${was}`;
      const options = ['a', 'b', 'c', 'd'].map(option);
      await admin('setCustomFields', {
        list: [{ targetType, key, dataType: 'ENUM', options, access: { [barred]: 'hidden' } }],
      });
      const { userId } = (await api.call('createUser', { customData: { [key]: was } })).data;
      const dispositions = [{ value: 'b', disposition: 'move' as const, to: 'a' }];
      const changes = [{ targetType, key, options: options.filter(({ value }) => value !== 'b'), dispositions }];
      const { token } = (await admin('planFields', { changes })).data;
      const { planId } = (await admin('applyPlan', { changes, token })).data;
      const callers = [await api.staffWith(blind), await api.staffWith(barred)];
      await callers[0]?.('setCustomData', { targetType, targetIdentifier: userId, list: [{ key, value: 'd' }] });
      await admin('undoPlan', { planId });
      for (const call of callers) {
        const undoneAt = (await call('listPlans', { targetType })).data.find(({ id }) => id === planId)?.undoneAt;
        told.push([was, typeof undoneAt, (await call('undoPlan', { planId })).error]);
      }
    }
    const same = (was: string) => [0, 1].map(() => [was, 'string', 'forbidden']);
    expect(told).toEqual([...same('b'), ...same('c')]);
  });

  it('a plan is undone after the first undo, whatever that left at other tenants', async () => {
    const admin = await api.staffWith('administrator');
    const targetType = 'DEPARTMENT' as const;
    const dep = async (name: string) => {
      const { tenantId } = (await api.call('createTenant', { name })).data;
      await api.call('createOrganization', { organizationCode: name, organizationName: name, tenantId });
      const parent = { organizationCode: name, parentDepartmentId: 'root', tenantId };
      return { tenantId, ...(await api.call('createDepartment', { ...parent, name })).data };
    };
    const [north, south] = [await dep('North'), await dep('South')];
    const { tenantId } = north;
    const rights: Right[] = ['read', 'write', 'define'];
    const bound = await api.staffWith(
      (await admin('saveStaffRole', { name: 'Bound', rights, tenants: [tenantId] })).data.id,
    );
    const hold = (targetIdentifier: string, key: string, value: string) =>
      api.call('setCustomData', { targetType, targetIdentifier, tenantId, list: [{ key, value }] });
    const answers = [];
    for (const since of ['b', 'c']) {
      const key = `tier_${since}`;
      const options = ['a', 'b', 'c'].map(option);
      await api.call('setCustomFields', { tenantId, list: [{ targetType, key, dataType: 'ENUM', options }] });
      for (const { departmentId } of [north, south]) await hold(departmentId, key, 'a');
      const dispositions = [{ value: 'a', disposition: 'move' as const, to: 'b' }];
      const changes = [{ targetType, key, options: options.slice(1), dispositions }] satisfies SentPlan['changes'];
      const request = { tenantId, changes };
      const { token } = (await bound('planFields', request)).data;
      const { planId } = (await bound('applyPlan', { ...request, token })).data;
      await hold(south.departmentId, key, since);
      const undone = (await bound('undoPlan', { planId })).data;
      const toldTo = async (call: Call) => {
        const { data } = await call('listPlans', { targetType, tenantId });
        return data.find(({ id }) => id === planId)?.undoneAt !== null;
      };
      answers.push([undone, await toldTo(bound), (await bound('undoPlan', { planId })).error]);
      // What it left can be tried again by whoever is told of it.
      expect(await toldTo(admin)).toBe(since === 'b');
      await hold(south.departmentId, key, 'b');
      if (since === 'c') expect((await api.call('undoPlan', { planId })).data).toEqual({ values: 1, skipped: [] });
    }
    expect(answers).toEqual([0, 1].map(() => [{ values: 1, skipped: [] }, true, 'planUndone']));
  });
});
