import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

let count = 0;
/** Somebody who may create users and not read them. */
async function joiner(): Promise<Call> {
  count += 1;
  const role = { name: `Joiner ${count}`, rights: ['directory' as const], tenants: null };
  return api.staffWith((await admin('saveStaffRole', role)).data.id);
}

const asked = async () => {
  const all = api.server.database.read.selectFrom('activity').select('fieldId').where('event', '=', 'searched');
  return (await all.execute()).map(({ fieldId }) => fieldId);
};
const phones = (start: string, length: number) =>
  Array.from({ length }, (_, index) => ({ phone: `${start}${String(index).padStart(4, '0')}` }));

describe('who may not read', () => {
  it('learns of no more than 30 names in ten minutes that somebody has them, and each is recorded', async () => {
    const call = await joiner();
    const taken = phones('1380000', 31);
    await api.call('createUsersBatch', { list: taken });
    const guess = (index: number) => call('createUser', taken[index] ?? {});
    // A name that nobody has costs nothing.
    for (let index = 0; index < 40; index += 1)
      expect(await call('createUser', { username: `new${index}` })).toMatchObject({ statusCode: 200 });
    for (let index = 0; index < 30; index += 1) expect(await guess(index)).toMatchObject({ error: 'valueTaken' });
    expect(await guess(30)).toMatchObject({ error: 'tooManyRequests' });
    expect(await asked()).toEqual(Array.from({ length: 30 }, () => null));
    // Whoever has no guess left isn't told that a name is free either.
    expect(await call('createUser', { username: 'free' })).toMatchObject({ error: 'tooManyRequests' });
    expect(await call('createUser', { name: 'Without any name of an account' })).toMatchObject({ statusCode: 200 });
    const reader = await api.callerWith(['directory', 'read']);
    for (let index = 0; index < 31; index += 1)
      expect(await reader('createUser', { phone: '13800000001' })).toMatchObject({ error: 'valueTaken' });
  });

  it('learns of no name from a batch that is refused for something else, and pays for none', async () => {
    const call = await joiner();
    await api.call('createUser', { phone: '13900000007' });
    const before = await asked();
    for (const start of ['1390000', '1391111']) {
      const list = [...phones(start, 49), { username: 'nowhere', departmentIds: ['nowhere'] }];
      expect(await call('createUsersBatch', { list })).toMatchObject({
        error: 'departmentNotFound',
        issues: [{ path: ['list', 49, 'departmentIds', 0] }],
      });
    }
    expect(await asked()).toEqual(before);
  });

  it('pays for every name that a refused batch looked up, and for none of a batch that is done', async () => {
    const call = await joiner();
    await api.call('createUser', { phone: '13700000099' });
    const before = (await asked()).length;
    for (const start of ['1371111', '1372222', '1373333'])
      expect(await call('createUsersBatch', { list: phones(start, 50) })).toMatchObject({ statusCode: 200 });
    expect((await asked()).length - before).toBe(0);
    const refused = (start: string) =>
      call('createUsersBatch', { list: [...phones(start, 19), { phone: '13700000099' }] });
    expect(await refused('1374444')).toMatchObject({ error: 'valueTaken', issues: [{ path: ['list', 19, 'phone'] }] });
    expect((await asked()).length - before).toBe(20);
    expect(await refused('1375555')).toMatchObject({ error: 'valueTaken' });
    expect((await asked()).length - before).toBe(40);
    for (const list of [phones('1376666', 50), phones('1370000', 100).slice(99)])
      expect(await call('createUsersBatch', { list })).toMatchObject({ error: 'tooManyRequests' });
    expect((await asked()).length - before).toBe(40);
  });

  it('is told no more of names by calls at once than one after another', async () => {
    const call = await joiner();
    const taken = phones('1350000', 60);
    for (const list of [taken.slice(0, 30), taken.slice(30)]) await api.call('createUsersBatch', { list });
    const answers = await Promise.all(taken.map((one) => call('createUser', one)));
    expect(answers.filter(({ error }) => error === 'valueTaken')).toHaveLength(30);
    expect(answers.filter(({ error }) => error === 'tooManyRequests')).toHaveLength(30);
  });

  it('is told no more by batches at once than by one after another, and nobody waits in vain for free names', async () => {
    const call = await joiner();
    await api.call('createUser', { phone: '13400000099' });
    const batch = (at: number) => [...phones(`134${String(at + 1).padStart(4, '0')}`, 39), { phone: '13400000099' }];
    const before = (await asked()).length;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => call('createUsersBatch', { list: batch(at) })),
    );
    expect(answers.filter(({ error }) => error === 'valueTaken')).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'tooManyRequests')).toHaveLength(11);
    expect((await asked()).length - before).toBe(40);
    const other = await joiner();
    const free = await Promise.all(phones('1341111', 60).map((one) => other('createUser', one)));
    expect(free.filter(({ statusCode }) => statusCode === 200)).toHaveLength(60);
  });

  it('isn’t refused because others import names at once, though all of them together have few guesses', async () => {
    const people = await Promise.all(Array.from({ length: 11 }, joiner));
    const answers = await Promise.all(
      people.map((call, at) => call('createUsersBatch', { list: phones(`132${String(at).padStart(4, '0')}`, 30) })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(people.map(() => 200));
  });

  it('writes at most a thousand names in ten minutes, free or taken', async () => {
    const call = await joiner();
    const named = (start: number) =>
      phones(`133${start}`, 50).map(({ phone }) => ({ phone, username: phone, email: `${phone}@example.com` }));
    for (let at = 0; at < 6; at += 1)
      expect(await call('createUsersBatch', { list: named(1000 + at) })).toMatchObject({ statusCode: 200 });
    expect(await call('createUsersBatch', { list: named(2000) })).toMatchObject({ error: 'tooManyRequests' });
    // A hundred are left.
    expect(await call('createUsersBatch', { list: named(2000).slice(0, 33) })).toMatchObject({ statusCode: 200 });
    expect(await call('createUser', { phone: '13399999998' })).toMatchObject({ statusCode: 200 });
    expect(await call('createUser', { phone: '13399999999' })).toMatchObject({ error: 'tooManyRequests' });
    expect(await call('createUser', { name: 'Without any name of an account' })).toMatchObject({ statusCode: 200 });
  });

  it('asks with each restore of a user whether somebody bears the names by now', async () => {
    const call = await joiner();
    const { userId } = (await call('createUser', { phone: '13600000001' })).data;
    await call('deleteUsersBatch', { userIds: [userId] });
    await api.call('createUser', { phone: '13600000001' });
    const before = (await asked()).length;
    const restore = () => call('restoreTarget', { targetType: 'USER', targetIdentifier: userId });
    for (let index = 0; index < 30; index += 1) expect(await restore()).toMatchObject({ error: 'codeTaken' });
    expect(await restore()).toMatchObject({ error: 'tooManyRequests' });
    expect((await asked()).length - before).toBe(30);
  });

  it('is told neither which department has a code nor, uncounted, that one has it', async () => {
    await api.call('createOrganization', { organizationCode: 'o', organizationName: 'O' });
    const place = { organizationCode: 'o', parentDepartmentId: 'root' };
    await api.call('createDepartment', { ...place, name: 'Secret', code: 'secret', openDepartmentId: 'open' });
    const writer = await api.callerWith(['write']);
    const find = (call: Call, departmentId: string, departmentIdType: 'code' | 'open_department_id') =>
      call('updateDepartment', { organizationCode: 'o', departmentId, departmentIdType, customData: {} });
    for (const [id, type] of [
      ['secret', 'code'],
      ['other', 'code'],
      ['open', 'open_department_id'],
    ] as const) {
      expect(await find(writer, id, type)).toMatchObject({
        error: 'forbidden',
        issues: [{ path: ['departmentIdType'], name: 'needsReadRight' }],
      });
    }
    expect(await find(await api.callerWith(['read', 'write']), 'secret', 'code')).toMatchObject({ statusCode: 200 });
    const call = await joiner();
    const { departmentId } = (await call('createDepartment', { ...place, name: 'Mine', code: 'mine' })).data;
    const before = (await asked()).length;
    const rename = (code: string) => call('updateDepartment', { organizationCode: 'o', departmentId, code });
    expect(await rename('free')).toMatchObject({ statusCode: 200 });
    expect(await rename('secret')).toMatchObject({ error: 'codeTaken' });
    expect(await call('createDepartment', { ...place, name: 'Other', code: 'secret' })).toMatchObject({
      error: 'codeTaken',
    });
    expect((await asked()).length - before).toBe(2);
  });
});
