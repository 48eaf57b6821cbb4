import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/open.ts';
import { testApp } from './testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

describe('the server', () => {
  it('says whether the database answers', async () => {
    const answer = await api.app.inject({ url: '/health' });
    expect([answer.statusCode, answer.json().status]).toEqual([200, 'ok']);
  });

  it('makes a valid and small OpenAPI document from the table, with the permissions and shapes of every endpoint', async () => {
    const answer = await api.app.inject({ url: '/openapi.json' });
    expect(answer.body.length).toBeLessThan(150_000);
    const document = answer.json();
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
    for (const { method, path } of Object.values(endpoints))
      expect(document.paths[path]).toHaveProperty(method.toLowerCase());
    const { parameters, tags } = document.paths['/api/v3/get-custom-data'].get;
    expect(tags).toEqual(['values']);
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual([
      'targetType',
      'targetIdentifier',
      'namespace',
      'tenantId',
    ]);
    expect(parameters[0]).toMatchObject({ required: true, schema: { $ref: '#/components/schemas/TargetType' } });
    expect(document.components.schemas.TargetType).toMatchObject({ enum: ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'] });
    const security = (path: string) => (document.paths[path].post.security ?? document.security).flatMap(Object.keys);
    expect(security('/api/console/sign-in')).toEqual([]);
    expect(security('/api/v3/set-custom-fields')).toEqual(['signature', 'token', 'session']);
    expect(security('/api/console/change-staff')).toEqual(['session']);
    const fields = document.paths['/api/v3/set-custom-fields'].post.responses[200].content['application/json'].schema;
    expect(JSON.stringify(fields)).toContain('#/components/schemas/Field"');
    const refs = [...answer.body.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    for (const name of refs) expect(document.components.schemas).toHaveProperty(name);
  });

  it('answers unknown addresses, bad JSON, other content types and large bodies with the envelope', async () => {
    const post = async (payload: string, type = 'application/json') =>
      (
        await api.app.inject({
          method: 'POST',
          url: '/api/v3/get-management-token',
          payload,
          headers: { 'content-type': type },
        })
      ).json();
    expect((await api.app.inject({ url: '/api/v3/nothing' })).json()).toMatchObject({
      statusCode: 404,
      error: 'notFound',
    });
    expect(await post('{"a":')).toMatchObject({ statusCode: 400, issues: [{ name: 'malformedJson' }] });
    expect(await post('a=b', 'application/x-www-form-urlencoded')).toMatchObject({ statusCode: 400 });
    expect(await post(JSON.stringify({ accessKeyId: 'x'.repeat(1_100_000) }))).toMatchObject({
      statusCode: 413,
      error: 'bodyTooLarge',
    });
    expect(await post('{"__proto__":{"accessKeyId":"x"}}')).toMatchObject({ statusCode: 400, error: 'validation' });
  });

  it('keeps API answers out of caches and names each request', async () => {
    const { headers } = await api.app.inject({ url: '/api/v3/get-user-base-fields' });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('removes properties that the contract doesn’t name', async () => {
    const { userId } = (await api.call('createUser', { username: 'stripped' })).data;
    const user = (await api.call('getUser', { userId })).data;
    for (const column of ['id', 'deletedAt', 'password']) expect(user).not.toHaveProperty(column);
    const [field] = (await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'stripped' }] })).data;
    for (const column of ['id', 'tenantId', 'position', 'deletedAt', 'options'])
      expect(field).not.toHaveProperty(column);
  });

  it('gives an error message in each language', async () => {
    const said = async (language: string) =>
      (await api.call('getUser', { userId: 'nobody' }, { 'x-authing-lang': language })).message;
    expect([await said('zh-CN'), await said('en-US'), await said('zh-TW'), await said('ja-JP')]).toEqual([
      '用户不存在。',
      'The user doesn’t exist.',
      '使用者不存在。',
      'ユーザーが存在しません。',
    ]);
  });
});

describe('the database', () => {
  it('migrates once if several processes start together', async () => {
    const { databaseUrl } = api.server.config;
    await api.server.database.write.deleteFrom('history').execute();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(databaseUrl)));
    const pools = await Promise.all(opened.map(({ read }) => read.selectFrom('pool').selectAll().execute()));
    expect(new Set(pools.map((rows) => JSON.stringify(rows))).size).toBe(1);
    await Promise.all(opened.map(({ close }) => close()));
  });

  it('is created once if several processes start together', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldbook-start-'));
    const url = `sqlite:${join(folder, 'deep', 'new.db')}`;
    const opened = await Promise.all(Array.from({ length: 3 }, () => openDatabase(url)));
    const pools = await Promise.all(opened.map(({ read }) => read.selectFrom('pool').select('poolId').execute()));
    expect(new Set(pools.flat().map(({ poolId }) => poolId)).size).toBe(1);
    await Promise.all(opened.map(({ close }) => close()));
    rmSync(folder, { recursive: true });
  });
});

describe('readConfig', () => {
  const secret = 'x'.repeat(32);
  it.each([
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be sqlite:<file>'],
    [{ FIELDBOOK_SECRET: 'short' }, 'FIELDBOOK_SECRET must have 32 characters'],
    [{ FIELDBOOK_SECRET: `${secret},short` }, 'FIELDBOOK_SECRET must have 32 characters'],
    [{ PORT: 'http' }, 'PORT must be a number'],
    [{ PORT: '70000' }, 'PORT must be 65535 or less'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be'],
    [{ FIELDBOOK_PUBLIC_URL: 'fieldbook' }, 'FIELDBOOK_PUBLIC_URL must be an address'],
  ])('stops on %j with a message that says how to correct it', (setting, sentence) => {
    const read = () => readConfig({ FIELDBOOK_SECRET: secret, ...setting });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(sentence);
  });

  it('makes a secret in a file that only its owner can read, and reads it again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldbook-secret-'));
    const url = `sqlite:${join(folder, 'a.db')}`;
    const first = readConfig({ DATABASE_URL: url, PORT: '' });
    expect(readConfig({ DATABASE_URL: url }).secrets).toEqual(first.secrets);
    expect(statSync(join(folder, 'a.db.secret')).mode & 0o777).toBe(0o600);
    expect(first.port).toBe(4600);
    rmSync(folder, { recursive: true });
  });
});
