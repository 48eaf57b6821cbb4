import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { networkOf } from '../network.ts';
import { testApp } from '../testing/app.ts';
import { browserOf } from '../testing/browser.ts';
import { addStaff } from './service.ts';

const password = 'correct horse';
const next = (from: number) => `10.1.${from >> 8}.${from & 255}`;

describe('limits by address', () => {
  let api: Awaited<ReturnType<typeof testApp>>;
  beforeAll(async () => {
    api = await testApp({ trustProxy: 1 });
  });
  afterAll(() => api.close());
  const tryWith = async (email: string, headers: Record<string, string>, remoteAddress = '10.9.0.1') => {
    const url = endpoints.signIn.path;
    return (
      await api.app.inject({ method: 'POST', url, remoteAddress, headers, payload: { email, password: 'wrong' } })
    ).json().error;
  };

  it('use what the nearest proxy wrote, not what a caller wrote before it', async () => {
    const tries = [];
    for (let index = 0; index < 6; index += 1)
      tries.push(await tryWith('forged@example.com', { 'x-forwarded-for': `${next(index)}, 192.0.2.7` }));
    expect(tries).toEqual([...Array(5).fill('wrongPassword'), 'tooManyRequests']);
  });

  it('count all addresses of one IPv6 network as one', async () => {
    const tries = [];
    for (let index = 0; index < 6; index += 1)
      tries.push(await tryWith('wide@example.com', { 'x-forwarded-for': `2001:db8:1:2:${index}::${index + 1}` }));
    expect(tries).toEqual([...Array(5).fill('wrongPassword'), 'tooManyRequests']);
    expect(await tryWith('wide@example.com', { 'x-forwarded-for': '2001:db8:1:3::1' })).toBe('wrongPassword');
  });

  it('end somebody who sprays accounts from the many networks of one site', async () => {
    const spray = (at: number) =>
      tryWith(`spray${at}@example.com`, { 'x-forwarded-for': `2001:db8:7:${at.toString(16)}::1` });
    expect(await spray(0)).toBe('wrongPassword');
    // As after 199 of them: each takes a tenth of a second, as a password is hashed.
    const { write } = api.server.database;
    const site = await write
      .updateTable('attempts')
      .set({ points: 199 })
      .where('key', '=', 'site 2001:db8:7::/48')
      .returning('key')
      .execute();
    expect(site).toHaveLength(1);
    expect(await spray(1)).toBe('wrongPassword');
    expect(await spray(2)).toBe('tooManyRequests');
    expect(await tryWith('spray@example.com', { 'x-forwarded-for': '2001:db8:8:1::1' })).toBe('wrongPassword');
  });
});

describe('a second factor', () => {
  let api: Awaited<ReturnType<typeof testApp>>;
  beforeAll(async () => {
    api = await testApp();
  });
  afterAll(() => api.close());
  let machines = 0;
  const elsewhere = () => browserOf(api.app, next(machines++));
  const codeOf = (secret: string, later = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later });

  async function personWithCodes(email: string) {
    await addStaff(api.server, { email, name: email, role: 'support', password });
    const own = elsewhere();
    await own.call('signIn', { email, password });
    const { secret, token } = (await own.call('startTotp')).data;
    await own.call('confirmTotp', { token, password, code: codeOf(secret) });
    return { own, secret };
  }

  it('isn’t found by trying codes from many addresses, and its owner’s browser gets in', async () => {
    const email = 'ida@example.com';
    const { own, secret } = await personWithCodes(email);
    const tries = [];
    for (let guess = 0; guess < 7; guess += 1)
      tries.push((await elsewhere().call('signIn', { email, password, code: `00000${guess}` })).error);
    expect(tries).toEqual([...Array(5).fill('wrongCode'), 'tooManyRequests', 'tooManyRequests']);
    const code = codeOf(secret, 30_000);
    expect((await elsewhere().call('signIn', { email, password, code })).error).toBe('tooManyRequests');
    expect((await own.call('signIn', { email, password, code })).statusCode).toBe(200);
  });

  it('that was wrong after the right password has its own audit log entry', async () => {
    const email = 'jon@example.com';
    await personWithCodes(email);
    await elsewhere().call('signIn', { email, password, code: '000000' });
    const found = await api.server.database.read
      .selectFrom('activity')
      .select('event')
      .where('actorName', '=', email)
      .where('event', 'like', 'signIn%')
      .execute();
    expect(found).toEqual([{ event: 'signInCodeFailed' }]);
  });

  it('confirmed twice at once is on once, and its recovery codes are the ones that were shown', async () => {
    const email = 'kim@example.com';
    await addStaff(api.server, { email, name: 'Kim', role: 'support', password });
    const own = elsewhere();
    await own.call('signIn', { email, password });
    const { secret, token } = (await own.call('startTotp')).data;
    const confirm = () => own.call('confirmTotp', { token, password, code: codeOf(secret) });
    const answers = await Promise.all([confirm(), confirm(), confirm()]);
    const shown = answers.filter(({ statusCode }) => statusCode === 200);
    expect(shown).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'wrongCode')).toHaveLength(2);
    const [code] = shown[0].data.recoveryCodes;
    expect((await elsewhere().call('signIn', { email, password, code })).statusCode).toBe(200);
  });
});

it('a browser that somebody signed in with before isn’t locked out by others at its address', async () => {
  const api = await testApp();
  const email = 'lea@example.com';
  await addStaff(api.server, { email, name: 'Lea', role: 'support', password });
  const own = browserOf(api.app);
  await own.call('signIn', { email, password });
  for (let guess = 0; guess < 60; guess += 1)
    await browserOf(api.app).call('signIn', { email: guess < 10 ? email : next(guess), password: 'wrong' });
  expect((await browserOf(api.app).call('signIn', { email, password })).error).toBe('tooManyRequests');
  expect((await own.call('signIn', { email, password })).statusCode).toBe(200);
  await api.close();
}, 90_000);

describe('browsers that somebody signed in with before', () => {
  let api: Awaited<ReturnType<typeof testApp>>;
  beforeAll(async () => {
    api = await testApp();
  });
  afterAll(() => api.close());
  type Browser = ReturnType<typeof browserOf>;
  const known = async (email: string) => {
    const browser = browserOf(api.app);
    await browser.call('signIn', { email, password });
    return browser;
  };
  /** Another one, with what this one was given. */
  const copyOf = ({ jar }: Browser) => {
    const copy = browserOf(api.app);
    for (const [name, value] of jar) copy.jar.set(name, value);
    return copy;
  };
  const guess = async (browser: Browser, email: string, times: number) => {
    const errors = [];
    for (let guess = 0; guess < times; guess += 1)
      errors.push((await browser.call('signIn', { email, password: `guess ${guess}` })).error);
    return errors.filter((error) => error === 'wrongPassword').length;
  };

  it('try ten passwords each and thirty together, however often somebody signed in', async () => {
    const email = 'mia@example.com';
    await addStaff(api.server, { email, name: 'Mia', role: 'support', password });
    const own = await known(email);
    const before = copyOf(own);
    await own.call('signIn', { email, password });
    const others = [await known(email), await known(email), await known(email)];
    expect([await guess(before, email, 7), await guess(own, email, 7)]).toEqual([7, 3]);
    const tried = [];
    for (const other of others) tried.push(await guess(other, email, 12));
    expect(tried).toEqual([10, 10, 0]);
  }, 90_000);

  it('are known for four hundred days after the last time', async () => {
    const email = 'ned@example.com';
    await addStaff(api.server, { email, name: 'Ned', role: 'support', password });
    const start = Date.now();
    const own = await known(email);
    const old = copyOf(own);
    const signInAfter = async (days: number, browser: Browser) => {
      vi.useFakeTimers({ toFake: ['Date'], now: start + days * 86_400_000 });
      await guess(browserOf(api.app), email, 6);
      return (await browser.call('signIn', { email, password })).statusCode;
    };
    try {
      expect(await signInAfter(399, own)).toBe(200);
      expect(await signInAfter(401, old)).toBe(429);
      expect(await signInAfter(798, own)).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  }, 60_000);
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:40312', '192.0.2.1'],
  ['[2001:db8::1]:40312', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0:0:9::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
