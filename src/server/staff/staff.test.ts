import { createHmac } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { keyScopes } from '#contract/key';
import { presetRoles, rightsOf } from '#contract/staff';
import type { Endpoint, Right } from '#contract/wire/endpoint';
import { makeSecrets } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { addAccessKey, addStaff } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let key: { id: string; secret: string };
beforeAll(async () => {
  api = await testApp();
  key = await addAccessKey(api.server, { name: 'Signer' });
});
afterAll(() => api.close());

let count = 0;

/** A request that is signed like authing-node-sdk. Headers and date can be wrong. */
async function signed(
  {
    method = 'GET',
    path,
    data = {},
    prefix = '',
  }: { method?: 'GET' | 'POST'; path: string; data?: Record<string, string>; prefix?: string },
  { family = 'authing', secret = key.secret, ...headers }: Record<string, string> = {},
) {
  const sent: Record<string, string> = {
    date: new Date().toUTCString(),
    [`x-${family}-signature-nonce`]: `nonce${++count}`,
    [`x-${family}-signature-method`]: 'HMAC-SHA1',
    [`x-${family}-signature-version`]: '1.0',
    [`x-${family}-lang`]: 'zh-CN',
    ...headers,
  };
  const names = Object.keys(sent)
    .filter((name) => name === 'date' || name.startsWith(`x-${family}-`))
    .sort();
  const canonical = names.map((name) => `${name}:${sent[name]}\n`).join('');
  const pairs = Object.keys(data)
    .sort()
    .map((name) => `${name}=${data[name]}`)
    .join('&');
  const text = `${method}\n${canonical}${path}${pairs && `?${pairs}`}`;
  const signature = createHmac('sha1', secret).update(text).digest('base64');
  const scheme = family === 'authing' ? 'authing' : 'GenAuth';
  const authorization = `${scheme} ${key.id}:${signature}`;
  const query = method === 'GET' && pairs ? `?${new URLSearchParams(data)}` : '';
  const answer = await api.app.inject({
    method,
    url: prefix + path + query,
    headers: { ...sent, authorization },
    ...(method === 'POST' && { payload: data }),
  });
  return {
    ...answer.json(),
    httpStatus: answer.statusCode,
    requestHeader: answer.headers['x-request-id'],
    authorization,
    sent,
  };
}

const fields = { path: '/api/v3/get-custom-fields', data: { targetType: 'USER' } };

describe('signed requests', () => {
  it.each(['authing', 'genauth'])('of the %s family are accepted', async (family) => {
    expect(await signed(fields, { family })).toMatchObject({ statusCode: 200, message: '', data: [] });
  });

  it.each<[string, Record<string, string>, number]>([
    ['a wrong secret', { secret: 'x' }, 1300],
    ['another method', { 'x-authing-signature-method': 'HMAC-SHA256' }, 1301],
    ['another version', { 'x-authing-signature-version': '2.0' }, 1302],
    ['a date that is none', { date: 'yesterday' }, 1303],
    ['no date', { date: '' }, 1304],
    ['a date 16 minutes ago', { date: new Date(Date.now() - 16 * 60_000).toUTCString() }, 1305],
  ])('with %s answer HTTP 200 and the published code', async (_name, headers, apiCode) => {
    const answer = await signed(fields, headers);
    expect(answer).toMatchObject({ httpStatus: 200, statusCode: 401, apiCode });
    expect(answer.requestId).toBe(answer.requestHeader);
    expect(answer).not.toHaveProperty('data');
  });

  it('have errors in the language that was signed', async () => {
    expect((await signed(fields, { secret: 'x' })).message).toBe('请求签名不正确。');
  });

  it('are accepted once: reads per process, writes per database', async () => {
    const nonce = { 'x-authing-signature-nonce': 'the same' };
    expect(await signed(fields, nonce)).toMatchObject({ statusCode: 200 });
    expect(await signed(fields, nonce)).toMatchObject({ apiCode: 1306 });
    const write = { method: 'POST' as const, path: '/api/v3/create-group', data: { code: 'once' } };
    const writeNonce = { 'x-authing-signature-nonce': 'write' };
    expect(await signed(write, writeNonce)).toMatchObject({ statusCode: 200 });
    expect(await signed({ ...write, data: { code: 'twice' } }, writeNonce)).toMatchObject({ apiCode: 1306 });
    const [stored] = await api.server.database.read
      .selectFrom('nonces')
      .selectAll()
      .where('nonce', '=', 'write')
      .execute();
    expect(stored?.keyId).toBe(key.id);
  });

  it('use only the headers of their own family', async () => {
    const tenant = (await api.call('createTenant', { name: 'T' })).data.tenantId;
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'secretly' }], tenantId: tenant });
    expect((await signed(fields, { 'x-authing-app-id': tenant })).data).toHaveLength(1);
    // The header belongs to the other family and isn't signed, so it must have no effect.
    expect((await signed(fields, { 'x-genauth-app-id': tenant })).data).toHaveLength(0);
  });

  it('read a POST only from its body', async () => {
    const { sent, authorization } = await signed({ method: 'POST', path: '/api/v3/list-users', data: {} });
    const headers = { ...sent, authorization, 'x-authing-signature-nonce': sent['x-authing-signature-nonce'] ?? '' };
    const replayed = await api.app.inject({
      method: 'POST',
      url: '/api/v3/list-users?keywords=x',
      headers,
      payload: {},
    });
    expect(replayed.json().apiCode).toBe(1306);
  });

  it('work behind a path prefix, which isn’t signed, and on the console’s own calls', async () => {
    expect(await signed({ ...fields, prefix: '/some/where' })).toMatchObject({ statusCode: 200 });
    expect(await signed({ path: '/api/console/count-values', data: { targetType: 'USER' } })).toMatchObject({
      statusCode: 200,
    });
  });

  it('of a revoked key are refused at once', async () => {
    const revoked = await addAccessKey(api.server, { name: 'Gone' });
    await api.server.database.write
      .updateTable('accessKeys')
      .set({ revokedAt: new Date().toISOString() })
      .where('id', '=', revoked.id)
      .execute();
    const payload = { accessKeyId: revoked.id, accessKeySecret: revoked.secret };
    const answer = await api.app.inject({ method: 'POST', url: '/api/v3/get-management-token', payload });
    expect(answer.json()).toMatchObject({ statusCode: 401, apiCode: 2333 });
  });
});

describe('management tokens', () => {
  const tokenOf = async (secret = key.secret, headers = {}) => {
    const payload = { accessKeyId: key.id, accessKeySecret: secret };
    return (await api.app.inject({ method: 'POST', url: '/api/v3/get-management-token', payload, headers })).json();
  };
  const read = async (headers: Record<string, string>) =>
    (await api.app.inject({ url: '/api/v3/get-user-base-fields', headers })).json();

  it('are JWTs that every SDK can decode, and work with and without Bearer', async () => {
    const { data } = await tokenOf(key.secret, { authorization: 'Bearer ', 'x-authing-app-tenant-id': '' });
    expect(data.expires_in).toBe(7200);
    expect(decodeJwt(data.access_token)).toMatchObject({
      scoped_userpool_id: expect.any(String),
      access_key_id: key.id,
    });
    expect(data.access_token.split('.')[1]).not.toMatch(/[-_]/);
    for (const authorization of [data.access_token, `Bearer ${data.access_token}`, `bearer ${data.access_token}`]) {
      expect(await read({ authorization })).toMatchObject({ statusCode: 200 });
    }
  });

  it('are refused for another pool, but PHP’s name of the pool is accepted', async () => {
    const { access_token: authorization } = (await tokenOf()).data;
    expect(await read({ authorization, 'x-authing-userpool-id': 'another' })).toMatchObject({ statusCode: 401 });
    expect(await read({ authorization, 'x-authing-userpool-id': key.id })).toMatchObject({ statusCode: 200 });
  });

  it('are refused when forged or unsigned', async () => {
    const { access_token: token } = (await tokenOf()).data;
    const [head, body, tail] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [`${none}.${body}.`, `${none}.${body}.x`, `${head}.${body}.${tail.slice(0, -2)}xx`]) {
      expect(await read({ authorization: forged })).toMatchObject({ statusCode: 401, apiCode: 2020 });
    }
  });
});

describe('sessions', () => {
  const email = 'person@example.com';
  const password = 'a long password';
  beforeAll(() => addStaff(api.server, { email, name: 'Person', role: 'support', password }));
  const signIn = (payload: object, headers = {}) =>
    api.app.inject({ method: 'POST', url: endpoints.signIn.path, payload, headers });
  const cookieOf = (answer: Awaited<ReturnType<typeof signIn>>) => answer.cookies[0];
  const whoAmI = async (cookie: string) =>
    (await api.app.inject({ url: endpoints.getSession.path, headers: { cookie } })).json().data;

  it('start with the right password, in a cookie that scripts can’t read and other sites can’t send', async () => {
    const answer = await signIn({ email: ' PERSON@example.com ', password });
    expect(answer.json().data).toMatchObject({ email, role: { id: 'support' }, rights: rightsOf.support });
    expect(cookieOf(answer)).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    const stored = await api.server.database.read.selectFrom('sessions').select('digest').execute();
    expect(stored.map(({ digest }) => digest)).not.toContain(cookieOf(answer)?.value);
  });

  it('begin with one’s own view, whatever role the browser viewed as before', async () => {
    const left = { 'x-fieldbook-view-as': 'administrator' };
    const answer = await signIn({ email, password }, left);
    expect(answer.json()).toMatchObject({ statusCode: 200, data: { role: { id: 'support' }, isViewingAs: false } });
    const admin = await api.staffWith('administrator');
    const invited = { email: 'viewed@example.com', name: 'Viewed', role: 'support' };
    const { token } = (await admin('inviteStaff', invited)).data;
    const { path } = endpoints.acceptInvitation;
    const payload = { token, name: 'Viewed', password };
    const accepted = await api.app.inject({ method: 'POST', url: path, payload, headers: left });
    expect(accepted.json()).toMatchObject({ statusCode: 200, data: { isViewingAs: false } });
  });

  it('rotate at sign-in and end at sign-out', async () => {
    const first = cookieOf(await signIn({ email, password }))?.value;
    const second = cookieOf(await signIn({ email, password }, { cookie: `fieldbook=${first}` }))?.value;
    expect(await whoAmI(`fieldbook=${first}`)).toBeNull();
    expect(await whoAmI(`fieldbook=${second}`)).toMatchObject({ email });
    await api.app.inject({
      method: 'POST',
      url: endpoints.signOut.path,
      payload: {},
      headers: { cookie: `fieldbook=${second}` },
    });
    expect(await whoAmI(`fieldbook=${second}`)).toBeNull();
  });

  it('accept nothing from a tab of another account, and say who is signed in, whatever the tab views as', async () => {
    const cookie = `fieldbook=${cookieOf(await signIn({ email, password }))?.value}`;
    const ask = async (name: 'listUsers' | 'saveDraft' | 'signOut' | 'getSession', account: string, payload = {}) => {
      const { method, path: url } = endpoints[name];
      const headers = { cookie, 'x-fieldbook-account': account, 'sec-fetch-site': 'same-origin' };
      const sent = name === 'getSession' ? { ...headers, 'x-fieldbook-view-as': 'administrator' } : headers;
      return (await api.app.inject({ method, url, headers: sent, ...(method === 'POST' && { payload }) })).json();
    };
    const { id } = await whoAmI(cookie);
    const draft = { targetType: 'USER', targetIdentifier: 'x', draft: null };
    expect(await ask('listUsers', 'another')).toMatchObject({ error: 'unauthenticated' });
    expect(await ask('saveDraft', 'another', draft)).toMatchObject({ error: 'unauthenticated' });
    expect(await ask('signOut', 'another')).toMatchObject({ error: 'unauthenticated' });
    expect(await ask('getSession', 'another')).toMatchObject({ data: { id, isViewingAs: false } });
    expect(await ask('getSession', id)).toMatchObject({ error: 'forbidden' });
    expect(await ask('listUsers', id)).toMatchObject({ statusCode: 200 });
    expect(await ask('signOut', id)).toMatchObject({ statusCode: 200 });
  });

  it('refuse requests that another site sends with the cookie', async () => {
    const cookie = `fieldbook=${cookieOf(await signIn({ email, password }))?.value}`;
    const post = async (headers: Record<string, string>) =>
      (
        await api.app.inject({
          method: 'POST',
          url: '/api/v3/list-users',
          payload: {},
          headers: { cookie, ...headers },
        })
      ).json().error;
    expect(await post({ origin: 'https://evil.example' })).toBe('crossSite');
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe('crossSite');
    expect(await post({})).toBe('crossSite');
    expect(await post({ origin: 'http://localhost:8080', host: 'localhost:8080' })).toBeUndefined();
  });

  it('are limited: five failures for an account from one address', async () => {
    const attempts = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      attempts.push(await signIn({ email: 'victim@example.com', password: 'x' }));
    expect(attempts.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(attempts.at(-1)?.headers['retry-after']).toMatch(/^\d+$/);
    expect((await signIn({ email, password })).statusCode).toBe(200);
  });
});

describe('permissions', () => {
  const names = Object.keys(endpoints) as EndpointName[];
  const guarded = names.filter((name) => endpoints[name].right !== 'public');
  const allowed = (name: EndpointName, held: readonly Right[], isPerson = false) =>
    (endpoints[name].right === 'person'
      ? isPerson
      : (endpoints[name].right as readonly Right[]).some((right) => held.includes(right))) &&
    held.includes((endpoints[name] as Endpoint).also ?? (held[0] as Right));

  it.each(presetRoles)('of the role %s are enforced on every endpoint', async (role) => {
    const call = await api.staffWith(role);
    for (const name of guarded) {
      const { error } = await call(name, {} as never);
      expect([name, error === 'forbidden']).toEqual([name, !allowed(name, rightsOf[role], true)]);
    }
  });

  it.each(keyScopes)('of an access key with only the scope %s are enforced on every endpoint', async (scope) => {
    const call = await api.callerWith([scope]);
    for (const name of guarded) {
      const { error } = await call(name, {} as never);
      expect([name, error === 'forbidden']).toEqual([name, !allowed(name, [scope])]);
    }
  });

  it('aren’t checked on public endpoints, and only there', async () => {
    for (const name of names) {
      const { method, path, right } = endpoints[name];
      const answer = (await api.app.inject({ method, url: path, ...(method === 'POST' && { payload: {} }) })).json();
      expect([name, answer.error === 'unauthenticated' || answer.error === 'crossSite']).toEqual([
        name,
        right !== 'public',
      ]);
    }
  });

  it('let support change values but no built-in field, and a directory editor no value', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'memo' }] });
    const { userId } = (await api.call('createUser', { username: 'subject' })).data;
    const support = await api.staffWith('support');
    expect(await support('updateUser', { userId, customData: { memo: 'x' } })).toMatchObject({ statusCode: 200 });
    expect(await support('updateUser', { userId, name: 'x' })).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['name'] }],
    });
    const editor = await api.callerWith(['directory']);
    expect(await editor('updateUser', { userId, name: 'x' })).toMatchObject({ statusCode: 200 });
    expect(await editor('updateUser', { userId, customData: { memo: 'y' } })).toMatchObject({ error: 'forbidden' });
  });
});

describe('secrets', () => {
  const [old, fresh] = ['an old secret of enough characters', 'a new secret of enough characters'];
  it('decrypt what a former secret encrypted, but not an unknown one', () => {
    const sealed = makeSecrets([old]).seal('access-key', 'text');
    expect(makeSecrets([fresh, old]).open('access-key', sealed)).toBe('text');
    expect(() => makeSecrets([fresh]).open('access-key', sealed)).toThrow('no longer lists');
    expect(() => makeSecrets([old]).open('other purpose', sealed)).toThrow();
  });
});

describe('access keys', () => {
  it('are made by people within their own scopes, used, rotated and revoked, with audit log entries', async () => {
    const admin = await api.staffWith('administrator');
    const made = await admin('createAccessKey', { name: 'HR sync', scopes: ['read', 'write'], days: 30 });
    expect(made.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      secret: expect.stringMatching(/^\S{32}$/),
    });
    const { id, secret } = made.data;
    const found = async () => (await admin('listAccessKeys', {})).data.find((one) => one.id === id);
    expect(await found()).toMatchObject({
      name: 'HR sync',
      scopes: ['read', 'write'],
      createdBy: 'administrator',
      lastUsedAt: null,
    });
    expect(JSON.stringify((await admin('listAccessKeys', {})).data)).not.toContain(secret);

    const tokenOf = async (of: string) =>
      (await api.call('getManagementToken', { accessKeyId: id, accessKeySecret: of })).data?.access_token;
    const reads = async (token: string | undefined) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await api.app.inject({ url: `${endpoints.getCustomFields.path}?targetType=USER`, headers })).json()
        .statusCode;
    };
    const before = await tokenOf(secret);
    expect(await reads(before)).toBe(200);
    await expect.poll(async () => (await found())?.lastUsedAt).toMatch(/^\d{4}-/);

    // During the overlap both secrets work, and so do tokens of the former one.
    const second = (await admin('rotateAccessKey', { id, overlapHours: 1 })).data.secret;
    expect(second).not.toBe(secret);
    expect([await reads(await tokenOf(secret)), await reads(await tokenOf(second)), await reads(before)]).toEqual([
      200, 200, 200,
    ]);
    // Tokens have a precision of one second.
    await new Promise((resume) => setTimeout(resume, 1_100));
    const third = (await admin('rotateAccessKey', { id, overlapHours: 0 })).data.secret;
    expect(await tokenOf(second)).toBeUndefined();
    expect(await reads(before)).toBe(401);
    const last = await tokenOf(third);
    expect(await reads(last)).toBe(200);
    expect((await admin('revokeAccessKey', { id })).statusCode).toBe(200);
    expect([await tokenOf(third), await reads(last)]).toEqual([undefined, 401]);
    expect((await admin('rotateAccessKey', { id, overlapHours: 0 })).statusCode).toBe(404);
    const { list } = (await admin('listActivity', { kind: 'target', limit: 10 })).data;
    const events = list.filter(({ subject }) => subject === 'HR sync').map(({ target }) => target?.event);
    expect(events).toEqual(['deleted', 'changed', 'changed', 'created']);
    expect(JSON.stringify(list)).not.toContain(third);
  });

  it('end on their day', async () => {
    const admin = await api.staffWith('administrator');
    const { id, secret } = (await admin('createAccessKey', { name: 'Brief', scopes: ['read'], days: 1 })).data;
    const past = new Date(Date.now() - 1_000).toISOString();
    await api.server.database.write.updateTable('accessKeys').set({ expiresAt: past }).where('id', '=', id).execute();
    const answer = await api.call('getManagementToken', { accessKeyId: id, accessKeySecret: secret });
    expect(answer).toMatchObject({ error: 'wrongSecret' });
  });

  it('are refused without the permission, to keys, and beyond the caller’s own permissions', async () => {
    const support = await api.staffWith('support');
    expect(await support('listAccessKeys', {})).toMatchObject({ error: 'forbidden' });
    const administrator = await api.staffWith('administrator');
    const role = { name: 'Key keeper', rights: ['read' as const, 'staff' as const], tenants: null };
    const keeper = await api.staffWith((await administrator('saveStaffRole', role)).data.id);
    expect(await keeper('createAccessKey', { name: 'All', scopes: ['read', 'reveal'] })).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['scopes', 1], name: 'scopeBeyondOwn' }],
    });
    const asKey = await api.callerWith(['staff']);
    expect(await asKey('createAccessKey', { name: 'Self', scopes: ['read'] })).toMatchObject({ error: 'forbidden' });
  });
});

describe('staff', () => {
  it('get another role, are signed out everywhere, disabled and enabled by somebody else', async () => {
    const admin = await api.staffWith('administrator');
    const support = await api.staffWith('support');
    const email = (await support('getSession', {})).data?.email ?? '';
    const found = async () => (await admin('listStaff', {})).data.find((one) => one.email === email);
    const id = (await found())?.id ?? '';
    expect(await found()).toMatchObject({ role: 'support', sessions: 1, disabledAt: null });
    expect((await support('listUsers', {})).statusCode).toBe(200);

    expect((await admin('changeStaff', { id, role: 'auditor' })).statusCode).toBe(200);
    expect((await support('getSession', {})).data).toMatchObject({ role: { id: 'auditor' } });
    expect((await support('saveDraft', { targetType: 'USER', targetIdentifier: 'x', draft: null })).error).toBe(
      'forbidden',
    );

    expect((await admin('signOutStaff', { id })).statusCode).toBe(200);
    expect((await support('listUsers', {})).error).toBe('unauthenticated');
    expect(await found()).toMatchObject({ sessions: 0, signedInAt: null });

    expect((await admin('changeStaff', { id, isDisabled: true })).statusCode).toBe(200);
    const signIn = () =>
      api.app.inject({ method: 'POST', url: endpoints.signIn.path, payload: { email, password: 'correct horse' } });
    expect((await signIn()).statusCode).toBe(401);
    expect((await admin('changeStaff', { id, isDisabled: false })).statusCode).toBe(200);
    expect((await signIn()).statusCode).toBe(200);
    const { list } = (await admin('listActivity', { kind: 'target', limit: 3 })).data;
    expect(list.map(({ subject, target }) => [subject, target?.event])).toEqual(Array(3).fill(['support', 'changed']));
  });

  it('never change themselves, and need the permission to change others', async () => {
    const admin = await api.staffWith('administrator');
    const email = (await admin('getSession', {})).data?.email;
    const id = (await admin('listStaff', {})).data.find((one) => one.email === email)?.id ?? '';
    for (const change of [{ role: 'auditor' as const }, { isDisabled: true }]) {
      expect(await admin('changeStaff', { id, ...change })).toMatchObject({
        error: 'forbidden',
        issues: [{ path: ['id'], name: 'notYourself' }],
      });
    }
    expect(await admin('changeStaff', { id: 'nobody', isDisabled: true })).toMatchObject({ statusCode: 404 });
    const auditor = await api.staffWith('auditor');
    expect(await auditor('listStaff', {})).toMatchObject({ error: 'forbidden' });
  });
});
