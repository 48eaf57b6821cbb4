import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { makeApp } from '../app.ts';
import { openDatabase } from '../database/open.ts';
import { testApp } from '../testing/app.ts';
import { browserOf } from '../testing/browser.ts';
import { addStaff } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
});
afterEach(() => api.close());

const password = 'correct horse battery';

const browser = (remoteAddress?: string) => browserOf(api.app, remoteAddress);
const signIn = (person: ReturnType<typeof browser>, email: string, more: object = {}) =>
  person.call('signIn', { email, password, ...more });
const newStaff = (email: string, role = 'support') =>
  addStaff(api.server, { email, name: email.split('@')[0] ?? '', role, password });

describe('an invitation', () => {
  it('makes an account with its role, once, only through its link', async () => {
    const admin = await api.staffWith('administrator');
    const { data } = await admin('inviteStaff', { email: ' New@Example.com ', name: 'New', role: 'support' });
    expect((await admin('listInvitations', {})).data).toMatchObject([{ email: 'new@example.com', role: 'support' }]);
    const person = browser();
    expect((await person.call('getInvitation', { token: data.token })).data).toMatchObject({
      email: 'new@example.com',
    });
    const accept = (sent: object) => person.call('acceptInvitation', { token: data.token, name: 'Nia New', ...sent });
    expect(await accept({ password: 'short' })).toMatchObject({ statusCode: 400, issues: [{ path: ['password'] }] });
    for (const guessable of [
      'password123456',
      'Passwordpassword',
      'aaaaaaaaaaaa',
      'new@example.com1',
      'FIELDBOOK-2026!',
    ]) {
      expect(await accept({ password: guessable })).toMatchObject({
        issues: [{ path: ['password'], name: 'passwordCommon' }],
      });
    }
    expect(await accept({ password })).toMatchObject({ data: { name: 'Nia New', role: { id: 'support' } } });
    expect((await person.call('getSession')).data.email).toBe('new@example.com');
    expect(await accept({ password })).toMatchObject({ error: 'invitationNotFound' });
    expect((await signIn(browser(), 'new@example.com')).statusCode).toBe(200);
  });

  it('that two requests accept at once makes one account', async () => {
    const admin = await api.staffWith('administrator');
    const { data } = await admin('inviteStaff', { email: 'two@example.com', name: '', role: 'auditor' });
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((name) => browser().call('acceptInvitation', { token: data.token, name, password })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 404, 404]);
  });

  it('ends when it is revoked, replaced or seven days old', async () => {
    const admin = await api.staffWith('administrator');
    const invite = async () =>
      (await admin('inviteStaff', { email: 'x@example.com', name: '', role: 'auditor' })).data.token;
    const isOpen = async (token: string) => (await browser().call('getInvitation', { token })).statusCode === 200;
    const first = await invite();
    const second = await invite();
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true]);
    await admin('revokeInvitation', { id: (await admin('listInvitations', {})).data[0]?.id ?? '' });
    expect(await isOpen(second)).toBe(false);
    const third = await invite();
    await api.server.database.write.updateTable('invitations').set({ expiresAt: '2020-01-01' }).execute();
    expect(await isOpen(third)).toBe(false);
  });

  it('gives no role with permissions that the inviter doesn’t have, and no second account', async () => {
    const admin = await api.staffWith('administrator');
    const role = { name: 'Host', rights: ['read' as const, 'staff' as const], tenants: null };
    const host = await api.staffWith((await admin('saveStaffRole', role)).data.id);
    expect(await host('inviteStaff', { email: 'y@example.com', name: '', role: 'administrator' })).toMatchObject({
      error: 'forbidden',
      issues: [{ name: 'scopeBeyondOwn' }],
    });
    await newStaff('known@example.com');
    expect(await admin('inviteStaff', { email: 'known@example.com', name: '', role: 'auditor' })).toMatchObject({
      issues: [{ path: ['email'], name: 'accountExists' }],
    });
    expect(await admin('inviteStaff', { email: 'nobody', name: '', role: 'auditor' })).toMatchObject({
      statusCode: 400,
    });
  });
});

describe('a code of an authenticator app', () => {
  const codeOf = (secret: string, timestamp = Date.now()) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });

  it('is required after confirmation, works once, and so do recovery codes', async () => {
    await newStaff('ada@example.com');
    // The same moment for all codes, because a step may end in between.
    const now = Date.now();
    const person = browser();
    await signIn(person, 'ada@example.com');
    const { secret, uri, token } = (await person.call('startTotp')).data;
    expect(uri).toContain('otpauth://totp/Fieldbook:ada%40example.com');
    expect(await person.call('confirmTotp', { token, password, code: '000000' })).toMatchObject({ error: 'wrongCode' });
    expect((await person.call('getSession')).data.hasTotp).toBe(false);
    const { recoveryCodes } = (await person.call('confirmTotp', { token, password, code: codeOf(secret, now) })).data;
    expect(recoveryCodes).toHaveLength(10);
    expect((await person.call('getSession')).data.hasTotp).toBe(true);

    const other = browser('10.0.0.2');
    expect(await signIn(other, 'ada@example.com')).toMatchObject({ statusCode: 401, error: 'codeRequired' });
    expect(await signIn(other, 'ada@example.com', { password: 'wrong', code: codeOf(secret) })).toMatchObject({
      error: 'wrongPassword',
    });
    // The confirmation used this code. The next one works once.
    expect(await signIn(other, 'ada@example.com', { code: codeOf(secret, now) })).toMatchObject({ error: 'wrongCode' });
    const next = codeOf(secret, now + 30_000);
    expect((await signIn(other, 'ada@example.com', { code: next })).statusCode).toBe(200);
    expect(await signIn(browser('10.0.0.3'), 'ada@example.com', { code: next })).toMatchObject({ error: 'wrongCode' });
    const [spare = ''] = recoveryCodes;
    expect((await signIn(browser('10.0.0.4'), 'ada@example.com', { code: spare.toUpperCase() })).statusCode).toBe(200);
    expect(await signIn(browser('10.0.0.5'), 'ada@example.com', { code: spare })).toMatchObject({ error: 'wrongCode' });

    const stored = JSON.stringify(await api.server.database.read.selectFrom('staff').selectAll().execute());
    expect(stored).not.toContain(secret);
    expect(await person.call('stopTotp', { password: 'wrong' })).toMatchObject({ error: 'wrongOwnPassword' });
    expect((await person.call('stopTotp', { password })).statusCode).toBe(200);
    expect((await signIn(browser('10.0.0.6'), 'ada@example.com')).statusCode).toBe(200);
  });

  it('is reset by another team manager, for a person who lost it', async () => {
    await newStaff('ben@example.com');
    const person = browser();
    await signIn(person, 'ben@example.com');
    const { secret, token } = (await person.call('startTotp')).data;
    await person.call('confirmTotp', { token, password, code: codeOf(secret) });
    const admin = await api.staffWith('administrator');
    const ben = (await admin('listStaff', {})).data.find(({ email }) => email === 'ben@example.com');
    expect(ben?.hasTotp).toBe(true);
    await admin('resetTotp', { id: ben?.id ?? '' });
    expect((await person.call('getSession')).data).toBe(null);
    expect((await signIn(browser(), 'ben@example.com')).statusCode).toBe(200);
  });
});

describe('one’s own account', () => {
  it('lists signed-in devices, and signs out any of them', async () => {
    await newStaff('cai@example.com');
    const [here, there] = [browser(), browser()];
    await signIn(here, 'cai@example.com');
    await signIn(there, 'cai@example.com');
    const { data } = await here.call('listSessions');
    expect(data).toMatchObject([{ agent: 'Browser/1.0' }, { agent: 'Browser/1.0' }]);
    const other = data.find(({ isThis }: { isThis: boolean }) => !isThis);
    await newStaff('dan@example.com');
    const stranger = browser();
    await signIn(stranger, 'dan@example.com');
    expect((await stranger.call('endSession', { id: other.id })).statusCode).toBe(404);
    expect((await here.call('endSession', { id: other.id })).statusCode).toBe(200);
    expect((await there.call('getSession')).data).toBe(null);
    expect((await here.call('getSession')).data.email).toBe('cai@example.com');
  });

  it('changes its password with the current one, and ends all other sessions', async () => {
    await newStaff('eve@example.com');
    const [here, there] = [browser(), browser()];
    await signIn(here, 'eve@example.com');
    await signIn(there, 'eve@example.com');
    const next = 'another horse, another battery';
    expect(await here.call('changePassword', { current: 'wrong', next })).toMatchObject({ error: 'wrongOwnPassword' });
    expect(await here.call('changePassword', { current: password, next: 'letmein12345' })).toMatchObject({
      issues: [{ path: ['next'], name: 'passwordCommon' }],
    });
    expect((await here.call('changePassword', { current: password, next })).statusCode).toBe(200);
    expect((await here.call('getSession')).data.email).toBe('eve@example.com');
    expect((await there.call('getSession')).data).toBe(null);
    expect((await signIn(browser(), 'eve@example.com')).error).toBe('wrongPassword');
    expect((await signIn(browser(), 'eve@example.com', { password: next })).statusCode).toBe(200);
    // Whoever finds the session open can't find the password by trying.
    for (let guess = 0; guess < 5; guess += 1) await here.call('changePassword', { current: `guess ${guess}`, next });
    expect((await here.call('changePassword', { current: next, next: password })).statusCode).toBe(429);
  });
});

describe('guessing', () => {
  it('is stopped, and doesn’t lock out a browser that signed in before', async () => {
    await newStaff('fay@example.com');
    const own = browser('10.1.0.1');
    await signIn(own, 'fay@example.com');
    // Thirty machines with five passwords each.
    let refused = 0;
    for (let machine = 0; machine < 30; machine += 1) {
      const thief = browser(`10.2.0.${machine}`);
      for (let guess = 0; guess < 4; guess += 1) {
        const answer = await signIn(thief, 'fay@example.com', { password: `guess ${guess}` });
        if (answer.statusCode === 429) refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(10);
    expect((await signIn(browser('10.3.0.1'), 'fay@example.com')).statusCode).toBe(429);
    // Her own browser still gets in, also from another place.
    const moved = browser('10.4.0.1');
    const device = own.jar.get('fieldbook-device') ?? '';
    moved.jar.set('fieldbook-device', device);
    expect((await signIn(moved, 'fay@example.com')).statusCode).toBe(200);
    // Another account's device doesn't open hers.
    await newStaff('gus@example.com');
    expect((await signIn(own, 'gus@example.com')).statusCode).toBe(200);
    const borrowed = browser('10.5.0.1');
    borrowed.jar.set('fieldbook-device', own.jar.get('fieldbook-device') ?? '');
    expect((await signIn(borrowed, 'fay@example.com')).statusCode).toBe(429);
  }, 60_000);

  it('at once gets no more attempts, and two servers of one database share them', async () => {
    await newStaff('hal@example.com');
    const database = await openDatabase(api.server.config.databaseUrl);
    const other = await makeApp({ ...api.server, database });
    const { path: url } = endpoints.signIn;
    const answers = await Promise.all(
      Array.from({ length: 250 }, (_, index) =>
        (index % 2 ? other : api.app).inject({
          method: 'POST',
          url,
          remoteAddress: '10.6.0.1',
          payload: { email: 'hal@example.com', password: index === 199 ? password : `guess ${index}` },
        }),
      ),
    );
    await other.close();
    await database.close();
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(0);
    const codes = answers.map((answer) => answer.json().statusCode);
    expect(codes.filter((code) => code !== 429)).toHaveLength(5);
    expect(codes[199]).toBe(429);
  }, 60_000);
});
