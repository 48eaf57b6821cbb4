import { createHmac } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { addAccessKey, addStaff } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';
import { makeGate, readBody } from './body.ts';

// Checks what the server reads from whom, and that nobody's body blocks the others.

let api: Awaited<ReturnType<typeof testApp>>;
let port: number;
let key: { id: string; secret: string };
let authorization: string;
beforeAll(async () => {
  api = await testApp();
  port = Number(new URL(await api.app.listen({ port: 0, host: '127.0.0.1' })).port);
  key = await addAccessKey(api.server, { name: 'bodies' });
  const payload = { accessKeyId: key.id, accessKeySecret: key.secret };
  const token = await api.app.inject({ method: 'POST', url: endpoints.getManagementToken.path, payload });
  authorization = `Bearer ${token.json().data.access_token}`;
});
afterAll(() => api.close());

interface Answer {
  statusCode: number;
  error?: string;
  issues?: { path: (string | number)[]; name: string; limit?: string }[];
  data?: unknown;
}

const megabyte = 1024 * 1024;
const opened: ClientRequest[] = [];

/** Opens a POST over HTTP and returns its answer. The caller writes the body. */
function open(name: EndpointName, headers: Record<string, string | number>) {
  const sent = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: endpoints[name].path,
    headers: { 'content-type': 'application/json', ...headers },
  });
  opened.push(sent);
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

function post(name: EndpointName, body: string, headers: Record<string, string | number>) {
  const { sent, answer } = open(name, headers);
  sent.end(body);
  return answer;
}

const date = () => new Date().toUTCString();
const looksSigned = (id: string) => ({ authorization: `authing ${id}:c2lnbmF0dXJl`, date: date() });

/** Signs like an SDK. */
function signed(name: EndpointName, body: string, resource: string) {
  const headers = { date: date() };
  const text = `POST\ndate:${headers.date}\n${endpoints[name].path}${resource}`;
  const signature = createHmac('sha1', key.secret).update(text, 'utf8').digest('base64');
  return post(name, body, { ...headers, authorization: `authing ${key.id}:${signature}` });
}

describe('before a body is read', () => {
  const announced = { 'content-length': 15 * megabyte };

  it.each<[string, () => Record<string, string>, string]>([
    ['an unknown key', () => looksSigned('nobody'), 'badSignature'],
    ['a token that nobody gave', () => ({ authorization: 'Bearer a.b.c' }), 'unauthenticated'],
    ['nobody', () => ({}), 'unauthenticated'],
    ['a session that isn’t', () => ({ cookie: 'fieldbook=x', 'sec-fetch-site': 'same-origin' }), 'unauthenticated'],
  ])('%s is refused', async (_name, headers, error) => {
    const { sent, answer } = open('setCustomData', { ...announced, ...headers() });
    sent.flushHeaders();
    expect(await answer).toMatchObject({ error });
    sent.destroy();
  });

  it('a caller without permission for the endpoint is refused', async () => {
    const email = 'auditor@example.com';
    await addStaff(api.server, { email, name: 'A', role: 'auditor', password: 'correct horse' });
    const answer = await api.app.inject({
      method: 'POST',
      url: endpoints.signIn.path,
      payload: { email, password: 'correct horse' },
    });
    const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const asked = open('setCustomData', { ...announced, cookie, 'sec-fetch-site': 'same-origin' });
    asked.sent.flushHeaders();
    expect(await asked.answer).toMatchObject({ error: 'forbidden' });
    asked.sent.destroy();
  });

  it('a body over the limit is refused: 64 kB for public endpoints, 1 MB or 16 MB for others', async () => {
    const sizes: [EndpointName, number][] = [
      ['signIn', 64 * 1024],
      ['createUser', megabyte],
      ['setCustomData', 16 * megabyte],
    ];
    for (const [name, size] of sizes) {
      const { sent, answer } = open(name, { authorization, 'content-length': size + 1 });
      sent.flushHeaders();
      expect(await answer, name).toMatchObject({ statusCode: 413, error: 'bodyTooLarge' });
      sent.destroy();
    }
  });

  it('a body without a length is read up to 64 kB from anybody, and no further', async () => {
    const { sent, answer } = open('setCustomData', looksSigned('nobody'));
    sent.write('{"list":["'.padEnd(70 * 1024, 'x'));
    expect(await answer).toMatchObject({ error: 'badSignature' });
    sent.destroy();
  });
});

describe('a large body', () => {
  it('is verified, parsed exactly and validated like a small one', async () => {
    await api.call('setCustomFields', {
      list: [
        { targetType: 'USER', key: 'memo' },
        { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
        { targetType: 'USER', key: 'hasOwnProperty' },
      ],
    });
    const { userId } = (await api.call('createUser', { username: 'large' })).data;
    const memo = '备"\\'.repeat(16_000);
    const body = (level: string) =>
      `{"targetType":"USER","targetIdentifier":"${userId}","list":[{"key":"memo","value":${JSON.stringify(memo)}},{"key":"hasOwnProperty","value":"x"},{"key":"level","value":${level}}]}`;
    const list = (text: string) => text.slice(text.indexOf('['), -1);
    const resource = (text: string) => `?list=${list(text)}&targetIdentifier=${userId}&targetType=USER`;
    expect(body('1').length).toBeGreaterThan(64 * 1024);
    expect(await signed('setCustomData', body('1.50'), resource(body('1.50')))).toMatchObject({ statusCode: 200 });
    const held = await api.call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
    expect(held.data).toEqual({ memo, level: 1.5, hasOwnProperty: 'x' });
    expect(await signed('setCustomData', body('1'), resource(body('2')))).toMatchObject({ error: 'badSignature' });
    const inexact = body('9007199254740993');
    expect(await signed('setCustomData', inexact, resource(inexact))).toMatchObject({
      error: 'validation',
      issues: [{ name: 'notExact' }],
    });
    const wrong = JSON.stringify({ targetType: 'USER', targetIdentifier: 'x'.repeat(70_000), list: [] });
    expect((await post('setCustomData', wrong, { authorization })).issues?.map(({ path }) => path)).toEqual([
      ['targetIdentifier'],
      ['list'],
    ]);
  });

  it('with a field of 20,000 options is accepted', async () => {
    const options = Array.from({ length: 20_000 }, (_, index) => ({ value: `v${index}`, label: `Option ${index}` }));
    const answer = await post(
      'setCustomFields',
      JSON.stringify({ list: [{ targetType: 'GROUP', key: 'many', dataType: 'ENUM', options }] }),
      { authorization },
    );
    expect(answer).toMatchObject({ statusCode: 200 });
    expect((answer.data as { options: unknown[] }[])[0]?.options).toEqual(options);
  });

  it('with the maximum number of entries is validated', async () => {
    const options = Array.from({ length: 20_000 }, (_, index) => ({ value: `v${index}`, label: `Option ${index}` }));
    const list = Array.from({ length: 6 }, () => ({
      targetType: 'GROUP',
      key: 'not a key',
      dataType: 'ENUM',
      options,
    }));
    const body = JSON.stringify({ list });
    expect(body.length).toBeGreaterThan(4 * megabyte);
    expect((await post('setCustomFields', body, { authorization })).issues?.[0]).toMatchObject({
      path: ['list', 0, 'key'],
    });
  }, 30_000);

  it.each<[string, () => string, object]>([
    ['levels without end', () => `{"list":${'['.repeat(100_000)}`, { name: 'tooDeep', limit: '64' }],
    ['millions of values', () => `{"list":[${'[],'.repeat(1_500_000)}0]}`, { name: 'tooMany', path: [] }],
    ['a list that is too long', () => `{"list":[${'0,'.repeat(300_000)}0]}`, { name: 'tooMany', path: ['list'] }],
    ['no JSON', () => `{"list":[${'x'.repeat(300_000)}`, { name: 'malformedJson' }],
  ])('with %s is refused with a reason', async (_name, body, issue) => {
    expect((await post('setCustomData', body(), { authorization })).issues).toEqual(
      expect.arrayContaining([expect.objectContaining(issue)]),
    );
  });

  /** A token of a key of its own. */
  async function tokenOfAnother(name: string) {
    const { id, secret } = await addAccessKey(api.server, { name });
    const payload = { accessKeyId: id, accessKeySecret: secret };
    const token = await api.app.inject({ method: 'POST', url: endpoints.getManagementToken.path, payload });
    return { authorization: `Bearer ${token.json().data.access_token}` };
  }
  const stalled = (headers: Record<string, string>) => {
    const asked = open('setCustomData', { ...headers, 'content-length': megabyte });
    asked.sent.write('{"list":[');
    return asked;
  };
  const orWaits = <T>(answer: Promise<T>) =>
    Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 2_000, 'waits'))]);
  const body = `{"list":[${'0,'.repeat(80_000)}0]}`;
  const signedBody = () => signed('setCustomData', body, `?list=${body.slice(body.indexOf('['), -1)}`);

  it('waits while two others are read, unread itself', async () => {
    const slow = [stalled(await tokenOfAnother('one')), stalled(await tokenOfAnother('two'))];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const third = post('setCustomData', body, { authorization });
    const fourth = post('setCustomData', body, { authorization });
    expect(await orWaits(third)).toBe('waits');
    // Small ones pass.
    expect(await post('listUsers', '{}', { authorization })).toMatchObject({ statusCode: 200 });
    slow[0]?.sent.destroy();
    expect((await third).statusCode).toBe(400);
    expect((await fourth).statusCode).toBe(400);
    for (const { sent } of slow) sent.destroy();
  });

  it('of a caller who sends another one waits, and keeps nobody else waiting', async () => {
    const other = await tokenOfAnother('greedy');
    const slow = Array.from({ length: 3 }, () => stalled(other));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await post('setCustomData', body, { authorization })).statusCode).toBe(400);
    for (const { sent } of slow) sent.destroy();
  });

  it('in the name of keys that nobody proved keeps out nobody who is proven, by a token or by a signature before', async () => {
    // A right signature, however small its call, proves the key for the network that it came from.
    expect(await signed('listUsers', '{}', '?')).toMatchObject({ statusCode: 200 });
    const names = await Promise.all(['a', 'b', 'c'].map((name) => addAccessKey(api.server, { name })));
    const slow = names.flatMap(({ id }) => Array.from({ length: 12 }, () => stalled(looksSigned(id))));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await orWaits(signedBody())).toMatchObject({ statusCode: 400 });
    expect(await orWaits(post('setCustomData', body, { authorization }))).toMatchObject({ statusCode: 400 });
    // More than a few of them don't even wait.
    expect(await slow[35]?.answer).toMatchObject({ error: 'unavailable' });
    for (const { sent } of slow) sent.destroy();
  });

  it('in the name of a key that nobody proved gives way when another one waits', async () => {
    const [first, second] = await Promise.all(['d', 'e'].map((name) => addAccessKey(api.server, { name })));
    const slow = open('setCustomData', { ...looksSigned(first?.id ?? ''), 'content-length': 15 * megabyte });
    // Fast enough not to be refused as slow.
    slow.sent.write('{"list":["'.padEnd(8 * megabyte));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const next = post('setCustomData', body, looksSigned(second?.id ?? ''));
    expect(await slow.answer).toMatchObject({ error: 'unavailable' });
    expect(await next).toMatchObject({ error: 'badSignature' });
    slow.sent.destroy();
  }, 15_000);

  it('whose sender goes while it waits for who they are takes no place', async () => {
    const gone = [1, 2].map(() => open('setCustomData', { authorization }));
    for (const { sent } of gone) {
      sent.write('{"list":['.padEnd(70_000));
      await new Promise((resume) => setTimeout(resume, 1));
      sent.destroy();
    }
    await new Promise((resume) => setTimeout(resume, 200));
    expect(await orWaits(post('setCustomData', body, { authorization }))).toMatchObject({ statusCode: 400 });
    // Whenever it is that they go: the gate's answer comes to nobody.
    const gate = makeGate();
    const message = Object.assign(new PassThrough(), { headers: {} }) as unknown as IncomingMessage;
    let admitted = () => {};
    const reading = readBody(message, {
      limit: megabyte,
      gate,
      admit: () => new Promise((resolve) => (admitted = () => resolve({ name: 'gone', isProven: true }))),
    });
    (message as unknown as PassThrough).write(Buffer.alloc(70_000));
    await new Promise((resume) => setTimeout(resume, 50));
    message.destroy();
    await expect(reading).rejects.toMatchObject({ name: 'unavailable' });
    admitted();
    await new Promise((resume) => setTimeout(resume, 50));
    for (const name of ['gone', 'other']) await gate.enter({ name, isProven: true });
  });

  it('that comes too slowly loses its place', async () => {
    const start = Date.now();
    const { sent, answer } = open('setCustomData', { authorization, 'content-length': megabyte });
    sent.write('{"list":['.padEnd(100_000));
    expect(await answer).toMatchObject({ error: 'unavailable' });
    expect(Date.now() - start).toBeLessThan(8_000);
    sent.destroy();
  }, 15_000);

  it('that waits too long is refused with a time to try again', async () => {
    const gate = makeGate(50);
    const sender = (name: string) => ({ name, isProven: true });
    const first = await gate.enter(sender('a'));
    await gate.enter(sender('b'));
    await expect(gate.enter(sender('c'))).rejects.toMatchObject({ name: 'unavailable', details: { retryAfter: 5 } });
    const waits = gate.enter(sender('c'));
    first.leave();
    first.leave();
    await waits;
    await expect(gate.enter(sender('d'))).rejects.toMatchObject({ name: 'unavailable' });
  });
});

describe('what nobody signed in sends', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a number of 64 kB', () => post('signIn', `{"email":1.${'0'.repeat(65_000)}1}`, {})],
    ['a header full of spaces', () => post('listStaff', '{}', { authorization: `authing${' '.repeat(15_000)}x` })],
    [
      'a header of a signature without end',
      () => post('listStaff', '{}', { authorization: `authing ${':x '.repeat(5_000)}` }),
    ],
  ])('%s is refused at once', async (_name, send) => {
    await send();
    const started = performance.now();
    expect(((await send()) as Answer).statusCode).not.toBe(200);
    // It was a fifth of a second and more, in which nobody else was answered.
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe('while hostile bodies arrive', () => {
  it('other requests are answered at once', async () => {
    const junk = `{"list":[${'{},'.repeat(5_000_000)}{}]}`;
    const hostile = [looksSigned('nobody'), looksSigned(key.id), { authorization }].flatMap((headers) =>
      [0, 1].map(() => post('setCustomData', junk, headers).catch(() => undefined)),
    );
    let worst = 0;
    let isOver = false;
    const all = Promise.all(hostile).then(() => {
      isOver = true;
    });
    while (!isOver) {
      const start = performance.now();
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
      worst = Math.max(worst, performance.now() - start);
    }
    await all;
    // e2e/bench/hostile.ts measures it. Here it takes seconds if it blocks, whatever else the machine does.
    expect(worst).toBeLessThan(1_000);
  });
});
