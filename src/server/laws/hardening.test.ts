import { afterEach, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { addStaff } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';

// Tests the statements of SECURITY.md that no other test covers.

let api: Awaited<ReturnType<typeof testApp>>;
afterEach(() => api.close());

const post = (url: string, payload: string | object, headers = {}) =>
  api.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });
const password = 'correct horse battery';

describe('behind https', () => {
  it('cookies are for https and this host only, and browsers must stay on https', async () => {
    api = await testApp({ publicUrl: 'https://fieldbook.test' });
    await addStaff(api.server, { email: 'ada@example.com', name: 'Ada', role: 'support', password });
    const headers = { origin: 'https://fieldbook.test' };
    const answer = await post(endpoints.signIn.path, { email: 'ada@example.com', password }, headers);
    expect(answer.cookies.map(({ name }) => name).sort()).toEqual(['__Host-fieldbook', '__Host-fieldbook-device']);
    for (const cookie of answer.cookies)
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
    const elsewhere = await post(
      endpoints.signIn.path,
      { email: 'ada@example.com', password },
      { origin: 'https://evil.test' },
    );
    expect(elsewhere.json()).toMatchObject({ error: 'crossSite' });
  });
});

describe('a call from another site', () => {
  it('is refused if only a cookie identifies the caller, whatever other headers it has', async () => {
    api = await testApp();
    const { cookie = '' } = await api.staffHeaders('administrator');
    const url = endpoints.listTargets.path;
    const elsewhere = { cookie, origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    for (const authorization of [undefined, 'Basic x', 'Basic eDp4', 'Digest a="b"', 'Bearer x', 'authing x']) {
      const headers = { ...elsewhere, ...(authorization && { authorization }) };
      const answer = await post(url, { targetType: 'USER' }, headers);
      expect(answer.json(), authorization).toMatchObject({ error: 'crossSite' });
    }
    // A proxy in front may ask for its own password. The browser then sends that header from our own pages too.
    const own = { cookie, 'sec-fetch-site': 'same-origin', authorization: 'Basic eDp4' };
    expect((await post(url, { targetType: 'USER' }, own)).json()).toMatchObject({ statusCode: 200 });
  });
});

describe('an answer', () => {
  it('is kept by no cache, however its address is written, and tells an address that can’t be read nothing back', async () => {
    api = await testApp();
    const headers = await api.staffHeaders('administrator');
    for (const path of [endpoints.listStaff.path, endpoints.listStaff.path.replace('api', '%61pi'), '/absent']) {
      const answer = await api.app.inject({ method: 'GET', url: path, headers });
      expect(answer.headers['cache-control'], path).toBe('no-store');
    }
    const broken = await api.app.inject({ method: 'GET', url: '/%ff?secret=x' });
    expect(broken.json()).toMatchObject({ error: 'validation' });
    expect(broken.body).not.toContain('secret');
  });
});

describe('sign-in', () => {
  it('gives the same answer for an unknown account, a wrong password and a disabled account', async () => {
    api = await testApp();
    for (const name of ['known', 'disabled'])
      await addStaff(api.server, { email: `${name}@example.com`, name, role: 'support', password });
    await api.server.database.write
      .updateTable('staff')
      .set({ disabledAt: new Date().toISOString() })
      .where('name', '=', 'disabled')
      .execute();
    const answers = [];
    for (const [email, said] of [
      ['nobody@example.com', password],
      ['known@example.com', 'another password'],
      ['disabled@example.com', password],
    ]) {
      const answer = await post(endpoints.signIn.path, { email, password: said });
      const { requestId: _, ...body } = answer.json();
      answers.push([answer.statusCode, body, answer.cookies]);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('requests', () => {
  it('with endless nesting or prototype names change nothing', async () => {
    api = await testApp();
    const url = endpoints.getManagementToken.path;
    const deep = await post(url, `${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    expect(deep.json()).toMatchObject({ statusCode: 400 });
    const spoof = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"accessKeyId":"x"}';
    expect((await post(url, spoof)).json()).toMatchObject({ statusCode: 400 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const answer = await api.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
      expect(answer).toMatchObject({ error: 'keyReserved' });
    }
  });

  it('without an end are ended', async () => {
    api = await testApp();
    expect(api.app.server.requestTimeout).toBe(60_000);
    expect(api.app.server.headersTimeout).toBeLessThanOrEqual(60_000);
  });
});
