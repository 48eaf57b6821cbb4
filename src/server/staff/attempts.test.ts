import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints, type Sent } from '#contract/endpoints';
import { transact } from '../database/open.ts';
import { giveBackTaken, takeSome } from '../limits.ts';
import { testApp } from '../testing/app.ts';
import { addStaff } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const password = 'correct horse';
const errorsOf = (answers: { error?: string }[]) => answers.map(({ error }) => error);
const many = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const signIn = (input: Sent<'signIn'>, remoteAddress = '10.9.0.1') =>
  api.app.inject({ method: 'POST', url: endpoints.signIn.path, remoteAddress, payload: input });

describe('concurrent attempts', () => {
  it('at one’s own password are limited like sequential ones', async () => {
    const person = await api.staffWith('support');
    const next = 'another horse, another battery';
    const answers = await many(40, (index) =>
      person('changePassword', { current: index === 20 ? password : `guess ${index}`, next }),
    );
    expect(errorsOf(answers).filter((error) => error === 'wrongOwnPassword')).toHaveLength(5);
    expect(answers[20]?.error).toBe('tooManyRequests');
  });

  it('at a second factor count for the account, whatever the password', async () => {
    const email = 'codes@example.com';
    await addStaff(api.server, { email, name: 'Codes', role: 'support', password });
    const secret = new Secret({ size: 20 }).base32;
    const totpSecret = api.server.secrets.seal('totp', secret);
    await api.server.database.write.updateTable('staff').set({ totpSecret }).where('email', '=', email).execute();
    const right = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const answers = await many(40, (index) =>
      signIn({ email, password, code: index === 20 ? right : `guess${index}` }),
    );
    const errors = errorsOf(answers.map((answer) => answer.json()));
    expect(errors.filter((error) => error === 'wrongCode')).toHaveLength(5);
    expect(errors[20]).toBe('tooManyRequests');
  });

  it('at a protected value are counted and recorded before their answers', async () => {
    const mask = { desensitization: true, mask: 'ALL' as const };
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'pin', ...mask }] });
    const { userId } = (await api.call('createUser', { customData: { pin: '20' } })).data;
    const support = await api.staffWith('support');
    const who = { targetType: 'USER' as const, targetIdentifier: userId };
    const answers = await many(45, (index) => support('compareValue', { ...who, key: 'pin', value: `${index + 15}` }));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(30);
    expect(answers.filter(({ error }) => error === 'tooManyRequests')).toHaveLength(15);
    const { read } = api.server.database;
    const records = await read.selectFrom('activity').select('id').where('event', '=', 'compared').execute();
    expect(records).toHaveLength(30);
  });

  it('that succeed are returned', async () => {
    const email = 'often@example.com';
    await addStaff(api.server, { email, name: 'Often', role: 'support', password });
    for (let round = 0; round < 3; round += 1) {
      const answers = await many(4, () => signIn({ email, password }, '10.9.0.2'));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    }
  });
});

describe('a sign-in that fails', () => {
  it('looks the same for an address with an account and without', async () => {
    await addStaff(api.server, { email: 'known@example.com', name: 'Known', role: 'support', password });
    const { read } = api.server.database;
    const failed = () =>
      read.selectFrom('activity').select(['actorName', 'actorKind']).where('event', '=', 'signInFailed').execute();
    const before = (await failed()).length;
    const answers = [];
    for (const email of ['known@example.com', 'unknown@example.com']) {
      answers.push((await signIn({ email, password: 'wrong' }, '10.9.0.3')).json());
    }
    const [known, unknown] = answers.map(({ requestId: _, ...answer }) => answer);
    expect(unknown).toEqual(known);
    expect((await failed()).slice(before)).toEqual([
      { actorName: 'Known', actorKind: 'staff' },
      { actorName: '', actorKind: 'staff' },
    ]);
  });
});

describe('a second factor', () => {
  it('is turned on or replaced only with the password', async () => {
    const person = await api.staffWith('support');
    const start = async () => {
      const { secret, token } = (await person('startTotp', {})).data;
      return { token, code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() };
    };
    const unproved = (await start()) as Sent<'confirmTotp'>;
    expect(await person('confirmTotp', unproved)).toMatchObject({ statusCode: 400, issues: [{ path: ['password'] }] });
    for (const turn of ['first', 'replaced']) {
      expect(await person('confirmTotp', { ...(await start()), password: turn })).toMatchObject({
        error: 'wrongOwnPassword',
        issues: [{ path: ['password'] }],
      });
      expect((await person('confirmTotp', { ...(await start()), password })).data.recoveryCodes).toHaveLength(10);
    }
    expect((await person('getSession', {})).data?.hasTotp).toBe(true);
    await many(10, async () => person('confirmTotp', { ...(await start()), password: 'guess' }));
    expect(await person('confirmTotp', { ...(await start()), password })).toMatchObject({ error: 'tooManyRequests' });
  });
});

describe('a password change during a sign-in with the old password', () => {
  it('keeps nobody signed in who knew the old one', async () => {
    const email = 'swift@example.com';
    await addStaff(api.server, { email, name: 'Swift', role: 'support', password });
    const here = await signIn({ email, password }, '10.9.0.4');
    const headers = {
      cookie: here.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      'sec-fetch-site': 'same-origin',
    };
    const next = 'another horse, another battery';
    const url = endpoints.changePassword.path;
    const change = () => api.app.inject({ method: 'POST', url, headers, payload: { current: password, next } });
    await Promise.all([change(), ...Array.from({ length: 4 }, () => signIn({ email, password }, '10.9.0.5'))]);
    const left = await api.server.database.read
      .selectFrom('sessions')
      .innerJoin('staff', 'staff.id', 'sessions.staffId')
      .select('sessions.id')
      .where('staff.email', '=', email)
      .execute();
    expect(left).toHaveLength(1);
  });
});

it('attempts of a window that has ended aren’t given back into the next one', async () => {
  const { write } = api.server.database;
  const limiter = { name: 'test', points: 30, seconds: 600 };
  const taken = await transact({ write }, (trx) => takeSome(trx, limiter, 'me', 30));
  expect(taken.count).toBe(30);
  await write.updateTable('attempts').set({ expiresAt: 1 }).where('key', '=', 'test me').execute();
  const again = await transact({ write }, (trx) => takeSome(trx, limiter, 'me', 20));
  await giveBackTaken(write, taken);
  expect((await transact({ write }, (trx) => takeSome(trx, limiter, 'me', 30))).count).toBe(10);
  await giveBackTaken(write, again);
  expect((await transact({ write }, (trx) => takeSome(trx, limiter, 'me', 30))).count).toBe(20);
});
