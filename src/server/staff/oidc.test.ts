import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockStaff } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import { testApp } from '../testing/app.ts';
import { callbackPath, startPath } from './oidc.ts';
import { addStaff } from './service.ts';

// A real provider, and a person who signs in there like a browser: redirects, cookies and forms.

const publicUrl = 'http://fieldbook.test';
type Claims = { email?: string; email_verified?: boolean; name?: string; groups?: string | string[] };
let people: Record<string, Claims>;
let listener: HttpServer;
let issuer: string;
let api: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  listener = createServer();
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'fieldbook', client_secret: 'client secret', redirect_uris: [publicUrl + callbackPath] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    // The id token contains the person's claims.
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true },
  });
  listener.on('request', provider.callback());
});
afterAll(() => listener.close());
beforeEach(() => {
  people = {};
});
afterEach(() => api.close());

async function start(roleClaim?: string) {
  api = await testApp({
    publicUrl,
    oidc: { issuer, clientId: 'fieldbook', clientSecret: 'client secret', roleClaim },
  });
}

/** Signs in through the provider as one of its people. Returns the answer of our callback. */
async function comeAs(
  sub: string,
  { tamper = (url) => url, ours = true }: { tamper?: (url: URL) => URL | Promise<URL>; ours?: boolean } = {},
) {
  const begun = await api.app.inject({ method: 'GET', url: startPath });
  const mine = begun.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const jar = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>): Promise<URL> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next) {
      const target = new URL(next, url);
      return target.origin === publicUrl ? target : go(target.href);
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
    return go(new URL(action, url).href, { prompt, login: sub, password: 'any' });
  };
  const back = await tamper(await go(String(begun.headers.location)));
  const answer = await api.app.inject({
    method: 'GET',
    url: back.pathname + back.search,
    // A role that somebody viewed as before is nothing to whoever comes.
    headers: { 'x-fieldbook-view-as': 'administrator', ...(ours && { cookie: mine }) },
  });
  const session = answer.cookies.find(({ name }) => name === 'fieldbook');
  const who = await api.app.inject({
    method: 'GET',
    url: '/api/console/get-session',
    headers: { cookie: `fieldbook=${session?.value}`, 'sec-fetch-site': 'same-origin' },
  });
  return { to: answer.headers.location, cookie: session, session: who.json().data };
}
const invite = async (email: string, role = 'support') =>
  (await api.staffWith('administrator'))('inviteStaff', { email, name: 'Invited', role });

describe('OpenID Connect', () => {
  it('admits an invited person whose address the provider verified, and later identifies them by their id there', async () => {
    await start();
    people.ada = { email: 'Ada@Example.com', email_verified: true, name: 'Ada' };
    expect(await comeAs('ada')).toMatchObject({ to: '/?sign-in=refused', session: null });
    await invite('ada@example.com');
    const first = await comeAs('ada');
    expect(first).toMatchObject({
      to: '/',
      session: { email: 'ada@example.com', role: { id: 'support' }, hasPassword: false },
    });
    expect(first.cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    // The same person with another address at the provider.
    people.ada = { email: 'other@example.com', email_verified: true, name: 'Ada' };
    expect(await comeAs('ada')).toMatchObject({ to: '/', session: { email: 'ada@example.com' } });
    const admin = await api.staffWith('administrator');
    const account = (await admin('listStaff', {})).data.find(({ email }) => email === 'ada@example.com');
    expect(account?.issuer).toBe(issuer);
    await admin('changeStaff', { id: account?.id ?? '', isDisabled: true });
    expect(await comeAs('ada')).toMatchObject({ to: '/?sign-in=refused', session: null });
  });

  it('admits nobody whose sessions were all ended while they were at the provider', async () => {
    await start();
    people.ada = { email: 'ada@example.com', email_verified: true, name: 'Ada' };
    await invite('ada@example.com');
    const { session } = await comeAs('ada');
    const admin = await api.staffWith('administrator');
    const tamper = async (url: URL) => {
      expect(await admin('signOutStaff', { id: session.id })).toMatchObject({ statusCode: 200 });
      return url;
    };
    expect(await comeAs('ada', { tamper })).toMatchObject({ to: '/?sign-in=refused', session: null });
    expect(await comeAs('ada')).toMatchObject({ to: '/', session: { email: 'ada@example.com' } });
  });

  it('admits nobody by an unverified address, nor into an existing account with that address', async () => {
    await start();
    people.eve = { email: 'boss@example.com', email_verified: false, name: 'Eve' };
    await invite('boss@example.com');
    expect(await comeAs('eve')).toMatchObject({ to: '/?sign-in=refused', session: null });
    await addStaff(api.server, {
      email: 'local@example.com',
      name: 'Local',
      role: 'administrator',
      password: 'a long password',
    });
    people.mallory = { email: 'local@example.com', email_verified: true, name: 'Mallory' };
    expect(await comeAs('mallory')).toMatchObject({ to: '/?sign-in=refused', session: null });
  });

  it('takes an address for another’s under no sign that only looks like a letter of it', async () => {
    await start();
    await invite('kate@example.com');
    people.mallory = { email: '\u212Aate@example.com', email_verified: true, name: 'Mallory' };
    expect(await comeAs('mallory')).toMatchObject({ to: '/?sign-in=refused', session: null });
    people.kate = { email: 'Kate@example.com', email_verified: true, name: 'Kate' };
    expect(await comeAs('kate')).toMatchObject({ to: '/', session: { email: 'kate@example.com' } });
  });

  // On SQLite there is one writer at a time, whatever it locks.
  it.runIf(process.env.FIELDBOOK_TEST_ENGINE === 'postgres')(
    'waits for no writer where nothing of the account changes',
    async () => {
      await start('groups');
      people.ada = { email: 'ada@example.com', email_verified: true, groups: 'support' };
      expect(await comeAs('ada')).toMatchObject({ to: '/' });
      await transact(api.server.database, async (trx) => {
        await lockStaff(trx);
        expect(await comeAs('ada')).toMatchObject({ to: '/' });
      });
    },
  );

  it('gives the role that a claim names, each time anew, and none to who has none', async () => {
    await start('groups');
    const admin = await api.staffWith('administrator');
    await admin('saveStaffRole', { name: 'Payroll', rights: ['read'], tenants: null });
    people.cai = { email: 'cai@example.com', email_verified: true, groups: ['everybody', 'payroll'] };
    expect(await comeAs('cai')).toMatchObject({ to: '/', session: { role: { name: 'Payroll' }, rights: ['read'] } });
    people.cai = { ...people.cai, groups: 'AUDITOR' };
    expect(await comeAs('cai')).toMatchObject({ session: { role: { id: 'auditor' } } });
    people.cai = { ...people.cai, groups: ['everybody'] };
    expect(await comeAs('cai')).toMatchObject({ to: '/?sign-in=refused', session: null });
    people.dan = { groups: ['support'] };
    expect(await comeAs('dan')).toMatchObject({ session: { email: 'dan@127.0.0.1', role: { id: 'support' } } });
  });

  it('keeps the role of the last administrator who can sign in, whatever the claim says, and records it', async () => {
    await start('groups');
    people.ada = { email: 'ada@example.com', email_verified: true, groups: ['administrator'] };
    expect(await comeAs('ada')).toMatchObject({ session: { role: { id: 'administrator' } } });
    people.ada = { ...people.ada, groups: ['support'] };
    expect(await comeAs('ada')).toMatchObject({ to: '/', session: { role: { id: 'administrator' } } });
    const { read } = api.server.database;
    const kept = () =>
      read.selectFrom('activity').select('actorName').where('event', '=', 'lastAdministratorKept').execute();
    expect(await kept()).toHaveLength(1);
    people.ada = { ...people.ada, groups: undefined };
    expect(await comeAs('ada')).toMatchObject({ to: '/', session: { role: { id: 'administrator' } } });
    expect(await kept()).toHaveLength(2);
    people.ada = { ...people.ada, groups: ['support'] };
    await addStaff(api.server, {
      email: 'b@example.com',
      name: 'B',
      role: 'administrator',
      password: 'a long password',
    });
    expect(await comeAs('ada')).toMatchObject({ session: { role: { id: 'support' } } });
    expect(await kept()).toHaveLength(2);
  });

  it('lets only full administrators name a role, and no two alike, because claims give roles by name', async () => {
    await start('groups');
    const admin = await api.staffWith('administrator');
    const { id } = (await admin('saveStaffRole', { name: 'Keepers', rights: ['read', 'staff'], tenants: null })).data;
    const keeper = await api.staffWith(id);
    const named = { name: 'everybody', rights: ['read' as const], tenants: null };
    expect(await keeper('saveStaffRole', named)).toMatchObject({ error: 'forbidden', issues: [{ path: ['name'] }] });
    expect((await admin('saveStaffRole', named)).statusCode).toBe(200);
    for (const name of ['EVERYBODY', 'Support', id])
      expect(await admin('saveStaffRole', { ...named, name }), name).toMatchObject({ error: 'codeTaken' });
  });

  it('gives no role for an empty claim', async () => {
    await start('groups');
    people.nil = { email: 'nil@example.com', email_verified: true, groups: '' };
    expect(await comeAs('nil')).toMatchObject({ to: '/?sign-in=refused', session: null });
    people.two = { email: 'two@example.com', email_verified: true, groups: ['everybody', '', ' '] };
    expect(await comeAs('two')).toMatchObject({ to: '/?sign-in=refused', session: null });
  });

  it('refuses a callback that didn’t start here or was changed', async () => {
    await start();
    people.ada = { email: 'ada@example.com', email_verified: true };
    await invite('ada@example.com');
    const changed = (name: string) => (url: URL) => {
      url.searchParams.set(name, 'another');
      return url;
    };
    expect(await comeAs('ada', { ours: false })).toMatchObject({ to: '/?sign-in=refused', session: null });
    expect(await comeAs('ada', { tamper: changed('state') })).toMatchObject({ to: '/?sign-in=failed', session: null });
    expect(await comeAs('ada', { tamper: changed('code') })).toMatchObject({ to: '/?sign-in=failed', session: null });
    expect(await comeAs('ada', { tamper: changed('iss') })).toMatchObject({ to: '/?sign-in=failed', session: null });
    expect(await comeAs('ada')).toMatchObject({ to: '/' });
  });

  it('is announced to the sign-in page, and doesn’t exist without a provider', async () => {
    await start();
    const said = async () => (await api.app.inject({ method: 'GET', url: '/api/console/get-sign-in' })).json().data;
    expect(await said()).toEqual({ hasProvider: true });
    await api.close();
    api = await testApp();
    expect(await said()).toEqual({ hasProvider: false });
    expect((await api.app.inject({ method: 'GET', url: startPath })).statusCode).toBe(404);
  });
});

describe('a provider that can’t be reached', () => {
  it('sends people back to the sign-in page', async () => {
    api = await testApp({
      publicUrl,
      oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y', roleClaim: undefined },
    });
    const answer = await api.app.inject({ method: 'GET', url: startPath });
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe('/?sign-in=failed');
  });

  it('delays only some seconds', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    api = await testApp({
      publicUrl,
      oidc: { issuer: `http://127.0.0.1:${port}`, clientId: 'x', clientSecret: 'y', roleClaim: undefined },
    });
    const answer = await api.app.inject({ method: 'GET', url: startPath });
    silent.closeAllConnections();
    silent.close();
    expect(answer.headers.location).toBe('/?sign-in=failed');
  }, 10_000);
});
