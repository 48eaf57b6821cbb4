import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import type { errors } from '#contract/wire/errors';
import { addAccessKey } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';
import { inputFor, type Pools, pick, type Random, randomFrom } from '../testing/inputs.ts';

// No input causes an internal error. FIELDBOOK_TORTURE=1 searches longer; FIELDBOOK_SEED=7 starts elsewhere.

const runs = process.env.FIELDBOOK_TORTURE ? 400 : 12;
const seed = Number(process.env.FIELDBOOK_SEED ?? 1);

let api: Awaited<ReturnType<typeof testApp>>;
let key: { id: string; secret: string };
let headers: Record<string, string>;
let pools: Pools;

/** Names of properties that every object inherits. */
const own = ['toString', 'valueOf', 'hasOwnProperty', '__proto__', 'constructor', 'prototype', '__defineGetter__'];

beforeAll(async () => {
  api = await testApp();
  key = await addAccessKey(api.server, { name: 'fuzz' });
  headers = await api.keyHeaders();
  const fields = ['STRING', 'NUMBER', 'DATETIME', 'BOOLEAN', 'ENUM'].flatMap((dataType) =>
    ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'].map((targetType) => ({
      targetType,
      dataType,
      key: `${dataType.toLowerCase()}_`,
      ...(dataType === 'ENUM' && { options: [{ value: 'a', label: 'A' }] }),
    })),
  );
  await api.call('setCustomFields', {
    list: [...fields, ...own.slice(0, 3).map((name) => ({ targetType: 'USER', key: name }))],
  });
  await api.call('setCustomFields', {
    list: [{ targetType: 'USER', key: 'sealed', encrypted: true, desensitization: true }],
  });
  const customData = { string_: 'x', number_: 1, toString: 'y', sealed: 'z' };
  const users = [];
  for (const name of ['ada', 'bob', 'cyd']) users.push(await api.call('createUser', { username: name, customData }));
  const userIds = users.map(({ data }) => data.userId);
  const tenantId = (await api.call('createTenant', { name: 'T' })).data.tenantId;
  await api.call('createRole', { code: 'role' });
  await api.call('createGroup', { code: 'group' });
  const organization = await api.call('createOrganization', { organizationCode: 'org', organizationName: 'Org' });
  const list = await api.call('listTargets', { targetType: 'USER', limit: 1 });
  pools = {
    userId: userIds,
    'USER.targetIdentifier': userIds,
    'ROLE.targetIdentifier': ['role'],
    'GROUP.targetIdentifier': ['group'],
    'DEPARTMENT.targetIdentifier': [organization.data.departmentId],
    departmentId: [organization.data.departmentId],
    organizationCode: ['org'],
    code: ['role', 'group'],
    tenantId: [tenantId, '', 'nowhere'],
    cursor: [list.data.next, 'end'],
    field: [...fields.map((field) => field.key), 'email', 'loginsCount', 'disableTime', 'createdAt', 'emailVerified'],
    key: [...fields.map((field) => field.key), 'toString', 'valueOf', 'sealed'],
    value: ['x', 1, true, '2024-01-01', null, ['a', 'b']],
  };
});
afterAll(() => api.close());

const far = (size: number) =>
  String.fromCodePoint(...Array.from({ length: size }, (_, at) => 0x4e00 + ((at * 7_919) % 20_000)));
const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Values that no honest client sends. */
const hostile = (random: Random): unknown =>
  pick(random, [
    () => 'a\u0000b',
    () => '\u0000',
    () => '\ud800',
    () => 'x'.repeat(60_000),
    () => '\\'.repeat(pick(random, [255, 511, 1_023]) ?? 1),
    () => '\ufdfa'.repeat(pick(random, [255, 511, 1_023]) ?? 1),
    () => far(pick(random, [128, 256, 512, 1_024]) ?? 1),
    () => Array.from({ length: 2_000 }, (_, index) => `v${index}`),
    () => Array.from({ length: pick(random, [20, 50, 499]) ?? 1 }, (_, index) => index),
    () => pick(random, own),
    () => Object.fromEntries(own.map((name) => [name, 'x'])),
    () => [pick(random, own)],
    () => pick(random, [0, -1, 1.5, 9e15, 2 ** 31, 2 ** 63, 1e308, -0, 1e-320]),
    () => pick(random, ['1.5', '9000000000000000', '-1', 'NaN', 'Infinity', '1e400', '0x10']),
    () => pick(random, ['9999-12-31T23:59:59.999Z', '0000-01-01', '+275760-09-13T00:00:00.000Z', '2024-02-30']),
    () => pick(random, [null, true, false, '', ' ', [], {}, [[]], [null], [{}]]),
    () =>
      pick(random, [
        "'",
        '"',
        '%',
        '_',
        '`',
        ';--',
        '$1',
        '?',
        ':a',
        '\\',
        '&|!()',
        '\u202e',
        '\ufeff',
        '😀'.repeat(200),
      ]),
    () =>
      pick(random, [
        forged('', 'set', 'x', 1, false),
        forged('', 'set', 9e15, 9e15, true),
        forged('+name', 'unset', null, -1, false),
        'end',
      ]),
  ])?.();

/** The places inside an input, not the input itself. */
function placesOf(input: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof input !== 'object' || input === null) return [];
  const holder = input as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, key: name }, ...placesOf(holder[name])]);
}

function spoilt(name: EndpointName, random: Random): unknown {
  const input = structuredClone(inputFor(name, random, pools)) as Record<string, unknown>;
  for (let change = 0; change <= random() * 2; change += 1) {
    const place = pick(random, placesOf(input));
    if (place && random() < 0.9) place.holder[place.key] = hostile(random);
    // Or a property of the contract that the input doesn't have.
    else input[pick(random, Object.keys(endpoints[name].input.shape)) ?? 'x'] = hostile(random);
  }
  if (endpoints[name].method === 'POST') return input;
  // A query holds texts and lists of texts.
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, Array.isArray(value) ? value.map(text) : text(value)]),
  );
}

interface Answer {
  statusCode: number;
  error?: keyof typeof errors;
  issues?: { path: (string | number)[]; name: string; limit?: string }[];
}

function expectNoFault(answer: { body: string; json(): Answer }, said: string) {
  const { error, statusCode } = answer.json();
  // `unsupported` is a 501 for something that Fieldbook doesn't do, not a fault.
  const isFault = statusCode >= 500 && error !== 'unsupported';
  expect(isFault, `${answer.body.slice(0, 200)} to ${said.slice(0, 500)}`).toBe(false);
}

describe('random inputs', () => {
  it.each(Object.keys(endpoints) as EndpointName[])('%s', async (name) => {
    const random = randomFrom(seed * 1_000 + Object.keys(endpoints).indexOf(name));
    // The test's own session must stay.
    const staff = endpoints[name].right === 'person' || endpoints[name].path.startsWith('/api/console/');
    const person = staff && name !== 'signOut' ? await api.staffHeaders('administrator') : headers;
    for (let run = 0; run < runs; run += 1) {
      const input = spoilt(name, random);
      const answer = await api.ask(name, input as never, run % 2 ? headers : person);
      expectNoFault(answer, `${name} ${JSON.stringify(input)}`);
    }
  });
});

describe('raw bodies', () => {
  const send = (name: EndpointName, payload: string, more: Record<string, string>) =>
    api.app.inject({
      method: 'POST',
      url: endpoints[name].path,
      payload,
      headers: { 'content-type': 'application/json', ...more },
    });
  const signed = (name: EndpointName, resource: string, id = key.id) => {
    const date = new Date().toUTCString();
    const text = `POST\ndate:${date}\n${endpoints[name].path}${resource}`;
    const signature = createHmac('sha1', key.secret).update(text, 'utf8').digest('base64');
    return { date, authorization: `authing ${id}:${signature}` };
  };
  const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

  it.each<[string, () => string]>([
    ['[]', () => '[]'],
    ['{', () => '{'],
    ['a text', () => '"x"'],
    ['nothing', () => ''],
    ['a member that is broken', () => '{"a":"\\x"}'],
    ['a text of 12 MB', () => JSON.stringify({ list: megabytes(12) })],
    ['12 MB that aren’t JSON', () => megabytes(12)],
    ['quotation marks', () => '"'.repeat(300_000)],
    ['escapes', () => `{"a":"${'\\"'.repeat(3_000_000)}`],
    ['names of every object', () => JSON.stringify(Object.fromEntries(own.map((name) => [name, name])))],
    ['a number without end', () => `{"targetType":1e${'9'.repeat(200_000)}}`],
  ])('%s', async (_name, body) => {
    const payload = body();
    for (const name of ['setCustomData', 'signIn'] as const) {
      for (const more of [{}, headers, signed(name, ''), signed(name, '?'), signed(name, '', 'nobody')])
        expectNoFault(await send(name, payload, more), `${name} ${payload}`);
    }
  });

  it('refuses a nonce that is longer than an index entry', async () => {
    const date = new Date().toUTCString();
    const nonce = far(2_000).replace(/./g, (sign) => sign.charCodeAt(0).toString(36));
    const text = `POST\ndate:${date}\nx-authing-signature-nonce:${nonce}\n${endpoints.createTenant.path}?name=T`;
    const signature = createHmac('sha1', key.secret).update(text, 'utf8').digest('base64');
    const more = { date, 'x-authing-signature-nonce': nonce, authorization: `authing ${key.id}:${signature}` };
    expect((await send('createTenant', '{"name":"T"}', more)).json()).toMatchObject({ statusCode: 200 });
    expect((await send('createTenant', '{"name":"T"}', more)).json()).toMatchObject({ error: 'nonceReused' });
  });
});

describe('too much, or the wrong kind', () => {
  const filtered = (field: string, operator: string, value: unknown) => ({
    targetType: 'USER',
    filters: [{ field, operator, value }],
  });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

  it.each<[string, EndpointName, object, (string | number)[], string, string?]>([
    [
      'a part of 60,000 signs',
      'listTargets',
      filtered('string_', 'CONTAINS', 'x'.repeat(60_000)),
      ['filters', 0, 'value'],
      'tooLong',
      '512',
    ],
    [
      '1,100 operands',
      'listTargets',
      filtered('string_', 'IN', many(1_100)),
      ['filters', 0, 'value'],
      'tooMany',
      '500',
    ],
    [
      '1,500 operands in all',
      'listTargets',
      { targetType: 'USER', filters: [0, 1, 2].flatMap(() => filtered('name', 'IN', many(500)).filters) },
      ['filters'],
      'tooMany',
      '1000',
    ],
    ['keywords of 60,000 signs', 'listUsers', { keywords: 'x'.repeat(60_000) }, ['keywords'], 'tooLong', '256'],
    [
      '2,000 places to search',
      'listUsers',
      { keywords: 'x', options: { fuzzySearchOn: Array(2_000).fill('name') } },
      ['options', 'fuzzySearchOn'],
      'tooMany',
      '19',
    ],
    ['NUL in a tenant', 'countTargets', { targetType: 'USER', tenantId: 'a\u0000' }, ['tenantId'], 'nulCharacter'],
    ['NUL in a query', 'getUser', { userId: 'a\u0000' }, ['userId'], 'nulCharacter'],
    ['NUL in keywords', 'listUsers', { keywords: '\u0000' }, ['keywords'], 'nulCharacter'],
    ['NUL in an address', 'signIn', { email: 'a\u0000@example.com', password: 'x' }, ['email'], 'nulCharacter'],
    ['NUL in a name', 'createUser', { customData: { 'a\u0000': 'x' } }, ['customData', 'a\u0000'], 'nulCharacter'],
    [
      'a cursor that we didn’t make',
      'listTargets',
      { targetType: 'USER', cursor: forged('', 'set', 'x\u0000', 1, false) },
      ['cursor'],
      'malformed',
    ],
    ['a row that can’t be', 'listActivity', { before: 1e16 }, ['before'], 'tooBig', '9007199254740991'],
    ['an address that no index holds', 'createUser', { email: far(1_000) }, ['email'], 'tooLong', '512'],
  ])('%s is refused with its place and reason', async (_name, endpoint, input, path, name, limit) => {
    const answer: Answer = (await api.ask(endpoint, input as never, headers)).json();
    expect(answer.error).toBe('validation');
    expect(answer.issues).toContainEqual(expect.objectContaining({ path, name, ...(limit && { limit }) }));
  });

  it('input just within the limits is accepted', async () => {
    for (const [field, operator, value] of [
      ['string_', 'CONTAINS', '\ufdfa'.repeat(512)],
      ['string_', 'CONTAINS', '\\'.repeat(512)],
      ['name', 'CONTAINS', far(512)],
      ['string_', 'IN', many(500)],
      ['number_', 'IN', Array.from({ length: 500 }, (_, index) => index)],
      ['sealed', 'EQUAL', 'z'.repeat(60_000)],
      ['loginsCount', 'EQUAL', 1.5],
      ['loginsCount', 'IN', [1.5, 9e15]],
      ['loginsCount', 'GREATER', 9e15],
      ['loginsCount', 'BETWEEN', [-9e15, 9e15]],
    ] as const) {
      const v3 = { advancedFilter: [{ field, operator, value }] };
      const said = `${field} ${operator}`;
      expect((await api.ask('listUsers', v3 as never, headers)).json(), said).toMatchObject({ statusCode: 200 });
      const answer = await api.ask('listTargets', filtered(field, operator, value) as never, headers);
      expect(answer.json(), said).toMatchObject({ statusCode: 200 });
    }
    for (const field of ['string_', 'name'])
      expect(
        (
          await api.ask(
            'listUsers',
            { advancedFilter: [0, 1].map(() => ({ field, operator: 'IN', value: many(500) })) },
            headers,
          )
        ).json(),
        field,
      ).toMatchObject({ statusCode: 200 });
  });

  it('a cursor of one list doesn’t work in another', async () => {
    const { next } = (await api.call('listTargets', { targetType: 'USER', limit: 1, sort: { field: 'number_' } })).data;
    const elsewhere = { targetType: 'USER', limit: 1, sort: { field: 'string_' }, cursor: next };
    expect(await api.call('listTargets', elsewhere as never)).toMatchObject({ issues: [{ path: ['cursor'] }] });
    const itself = { targetType: 'USER', limit: 1, sort: { field: 'number_' }, cursor: next };
    expect(await api.call('listTargets', itself as never)).toMatchObject({ statusCode: 200 });
  });
});
