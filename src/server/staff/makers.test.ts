import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';
import { addAccessKey } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

const targetType = 'USER' as const;
const most: Right[] = ['read', 'write', 'define', 'directory', 'activity', 'export', 'reveal', 'staff'];
let count = 0;
async function roleWith(rights: Right[]) {
  count += 1;
  const name = `Role ${count}`;
  const { id } = (await admin('saveStaffRole', { name, rights, tenants: null })).data;
  return { id, change: (now: Right[]) => admin('saveStaffRole', { id, name, rights: now, tenants: null }) };
}
async function accountOf(call: Call) {
  const { email } = (await call('getSession', {})).data ?? {};
  const account = (await admin('listStaff', {})).data.find((one) => one.email === email);
  if (!account) throw new Error('no account');
  return account;
}

describe('an invitation', () => {
  const accept = async (token: string) =>
    api.callAs({ 'sec-fetch-site': 'same-origin' })('acceptInvitation', {
      token,
      name: 'New',
      password: 'another horse, another battery',
    });
  const refused = { error: 'invitationNotFound' };

  it('stops working when its sender is disabled, and the list says so', async () => {
    const inviter = await api.staffWith('administrator');
    const email = 'first@example.com';
    const { token } = (await inviter('inviteStaff', { email, name: 'First', role: 'support' })).data;
    const { id } = await accountOf(inviter);
    await admin('changeStaff', { id, isDisabled: true });
    expect(await api.callAs({})('getInvitation', { token })).toMatchObject(refused);
    expect(await accept(token)).toMatchObject(refused);
    const listed = (await admin('listInvitations', {})).data.find((one) => one.email === email);
    expect(listed).toMatchObject({ isValid: false });
    await admin('changeStaff', { id, isDisabled: false });
    expect((await accept(token)).statusCode).toBe(200);
  });

  it('stops working when its sender can no longer give its role', async () => {
    const { id, change } = await roleWith(most);
    const inviter = await api.staffWith(id);
    const sent = await inviter('inviteStaff', { email: 'second@example.com', name: 'Second', role: 'support' });
    await change(['read', 'staff']);
    expect(await accept(sent.data.token)).toMatchObject(refused);
  });
});

describe('an access key', () => {
  it('with another role has no more power than its creator’s role has now', async () => {
    const maker = await roleWith(most);
    const call = await api.staffWith(maker.id);
    const key = (await call('createAccessKey', { name: 'As support', scopes: ['read', 'write'], role: 'support' }))
      .data;
    const { userId } = (await api.call('createUser', { username: 'sees' })).data;
    await api.call('setCustomFields', { list: [{ targetType, key: 'later' }] });
    const value = { targetType, targetIdentifier: userId, list: [{ key: 'later', value: 'v-4711' }] };
    await api.call('setCustomData', value);
    const asKey = await api.keyCall(key);
    const read = () => asKey('getCustomData', { targetType, targetIdentifier: userId });
    expect(JSON.stringify(await read())).toContain('4711');
    await admin('setCustomFields', { list: [{ targetType, key: 'later', access: { [maker.id]: 'hidden' } }] });
    expect(JSON.stringify(await read())).not.toContain('4711');
    await maker.change(['staff']);
    expect(await read()).toMatchObject({ error: 'forbidden' });
  });

  it('has no more power than its creator after they get a lower role', async () => {
    const maker = await api.staffWith('administrator');
    const key = (await maker('createAccessKey', { name: 'Of a maker', scopes: ['read', 'define'] })).data;
    const asKey = await api.keyCall(key);
    expect((await asKey('planFields', {})).statusCode).toBe(200);
    const { id } = await accountOf(maker);
    await admin('changeStaff', { id, role: 'support' });
    expect(await asKey('planFields', {})).toMatchObject({ error: 'forbidden' });
    expect((await asKey('listUsers', {})).statusCode).toBe(200);
    await admin('changeStaff', { id, isDisabled: true });
    expect(await asKey('planFields', {})).toMatchObject({ error: 'forbidden' });
    await admin('changeStaff', { id, isDisabled: false });
    await admin('changeStaff', { id, role: 'administrator' });
    expect((await asKey('planFields', {})).statusCode).toBe(200);
  });

  it('has no more power than the person who rotated it has now, even if the command line made it', async () => {
    const { id, change } = await roleWith(['read', 'write', 'reveal', 'staff']);
    const keeper = await api.staffWith(id);
    const made = (await admin('createAccessKey', { name: 'For others', scopes: ['read', 'write'], role: 'support' }))
      .data;
    const bare = await addAccessKey(api.server, { name: 'Command line', scopes: ['read', 'write'] });
    const keys = [];
    for (const one of [made, bare]) {
      const rotated = await keeper('rotateAccessKey', { id: one.id, overlapHours: 0 });
      expect(rotated.statusCode).toBe(200);
      keys.push(await api.keyCall(rotated.data));
    }
    for (const call of keys) expect((await call('listUsers', {})).statusCode).toBe(200);
    await change(['write', 'reveal', 'staff']);
    for (const call of keys) expect(await call('listUsers', {})).toMatchObject({ error: 'forbidden' });
  });

  it('can’t be rotated by a caller without one of its scopes, even if its role doesn’t have that today', async () => {
    const { id, change } = await roleWith(most);
    const key = (await (await api.staffWith(id))('createAccessKey', { name: 'Wide', scopes: ['read', 'reveal'] })).data;
    await change(['read', 'staff']);
    const keeper = await api.staffWith(id);
    const rotated = await keeper('rotateAccessKey', { id: key.id, overlapHours: 0 });
    expect(rotated).toMatchObject({ error: 'forbidden', issues: [{ path: ['id'], name: 'beyondOwn' }] });
  });
});

describe('the limit of queries about protected values', () => {
  const questionsOf = async (key: string) => {
    await api.call('setCustomFields', { list: [{ targetType, key, desensitization: true }] });
    const { userId } = (await api.call('createUser', { username: key, customData: { [key]: '4711' } })).data;
    const question = { targetType, targetIdentifier: userId, key, value: '4712' };
    return async (call: Call, times: number) => {
      let issues = 0;
      for (let at = 0; at < times; at += 1) {
        if ((await call('compareValue', question)).error === 'tooManyRequests') issues += 1;
      }
      return issues;
    };
  };

  it('is shared by a person and the keys that they make or rotate', async () => {
    const ask = await questionsOf('shared');
    const person = await api.staffWith('administrator');
    expect(await ask(person, 20)).toBe(0);
    const make = async (call: Call) => (await call('createAccessKey', { name: 'Own', scopes: ['read', 'write'] })).data;
    expect(await ask(await api.keyCall(await make(person)), 11)).toBe(1);
    expect(await ask(await api.keyCall(await make(person)), 1)).toBe(1);
    const others = await make(admin);
    const taken = (await person('rotateAccessKey', { id: others.id, overlapHours: 0 })).data;
    expect(await ask(await api.keyCall(taken), 1)).toBe(1);
    expect(await ask(person, 1)).toBe(1);
  });

  it('also limits a field, for all callers', async () => {
    const ask = await questionsOf('bounded');
    let issues = 0;
    for (let caller = 0; caller < 10; caller += 1) issues += await ask(await api.callerWith(['read', 'write']), 30);
    expect(issues).toBe(0);
    expect(await ask(await api.callerWith(['read', 'write']), 1)).toBe(1);
    expect(await (await questionsOf('another'))(await api.callerWith(['read', 'write']), 1)).toBe(0);
  });
});

describe('a key that another rotates', () => {
  it('is not for a while worth more to its former maker, who has less by now', async () => {
    const { id: role } = await roleWith(most);
    const maker = await api.staffWith(role);
    const made = (await maker('createAccessKey', { name: 'Mine', scopes: ['read', 'define'] })).data;
    const { id } = await accountOf(maker);
    await admin('changeStaff', { id, role: 'support' });
    expect(await admin('rotateAccessKey', { id: made.id, overlapHours: 24 })).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['overlapHours'], name: 'formerMakerHasLess' }],
    });
    expect(await admin('rotateAccessKey', { id: made.id, overlapHours: 0 })).toMatchObject({ statusCode: 200 });
  });
});

describe('the last who has all that an administrator has', () => {
  it('is not disabled by somebody who may do everything but sees less', async () => {
    const fresh = await testApp();
    const boss = await fresh.staffWith('administrator');
    const session = (await boss('getSession', {})).data;
    const { id: role } = (await boss('saveStaffRole', { name: 'IT', rights: most, tenants: null })).data;
    const it = await fresh.staffWith(role);
    await boss('setCustomFields', { list: [{ targetType, key: 'salary', access: { [role]: 'hidden' } }] });
    const account = (await boss('listStaff', {})).data.find((one) => one.email === session?.email);
    const disable = () => it('changeStaff', { id: account?.id ?? '', isDisabled: true });
    expect(await disable()).toMatchObject({ error: 'forbidden', issues: [{ name: 'lastAdministrator' }] });
    await fresh.staffWith('administrator');
    expect(await disable()).toMatchObject({ statusCode: 200 });
    await fresh.close();
  });
});
