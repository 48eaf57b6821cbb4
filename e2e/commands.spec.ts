import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import Sqlite from 'better-sqlite3';

// The built program as an operator runs it: its commands, its settings, and its exit.

const program = resolve(import.meta.dirname, '../dist/server/main.js');
let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldbook-commands-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  PORT: '0',
  LOG_LEVEL: 'silent',
  ...more,
});
const run = (words: string[], env = {}) =>
  spawnSync(process.execPath, [program, ...words], { cwd: folder, env: environment(env), encoding: 'utf8' });

/** Calls the API with the access key that a command printed. */
async function callerOf(address: string, [, accessKeyId, accessKeySecret]: readonly string[]) {
  const post = async (name: string, body: object, headers = {}) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    return (await fetch(`${address}/api/v3/${name}`, init)).json();
  };
  const { data } = await post('get-management-token', { accessKeyId, accessKeySecret });
  const authorization = { authorization: data.access_token };
  return { authorization, call: (name: string, body: object) => post(name, body, authorization) };
}

test('accounts and keys can be made before the first start, in files that only their owner can read', () => {
  const admin = run(['create-admin', '--email', 'you@example.com']);
  expect([admin.status, admin.stderr]).toEqual([0, '']);
  expect(admin.stdout).toMatch(/^email: you@example\.com\npassword: \S{16}\n$/);
  const key = run(['create-access-key', '--name', 'HR sync']);
  expect(key.stdout).toMatch(/^id: [0-9a-f]{24}\nsecret: \S{32}\n$/);
  for (const file of readdirSync(join(folder, 'data')))
    expect(statSync(join(folder, 'data', file)).mode & 0o077).toBe(0);
});

for (const [name, words, env, sentence] of [
  [
    'a second account of an address',
    ['create-admin', '--email', 'twice@example.com'],
    {},
    'twice@example.com already has an account.',
  ],
  ['an unknown scope', ['create-access-key', '--name', 'x', '--scopes', 'nope'], {}, 'There is no scope “nope”.'],
  ['an unknown option', ['create-admin', '--nope'], {}, "Unknown option '--nope'"],
  ['an unknown command', ['nope'], {}, 'Usage: npm run fieldbook -- <command>'],
  ['a database of no kind', [], { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be sqlite:<file>'],
  ['a short secret', [], { FIELDBOOK_SECRET: 'short' }, 'FIELDBOOK_SECRET must have 32 characters'],
  ['a demo for other machines', ['demo'], { HOST: '0.0.0.0' }, 'listens on this machine only'],
] as const) {
  test(`${name} is refused with a message`, () => {
    if (name.startsWith('a second')) run([...words]);
    const { status, stderr } = run([...words], env);
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
  });
}

test('the demo keeps changes, and starts over with --reset', async () => {
  const visit = async (words: string[], change?: string) => {
    const server = spawn(process.execPath, [program, 'demo', ...words], {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = `http://127.0.0.1:${await portOf(server)}/api/v3`;
    const post = async (path: string, input: object, headers = {}) => {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(input),
      };
      return (await fetch(`${address}/${path}`, request)).json();
    };
    const key = { accessKeyId: 'demo-access-key', accessKeySecret: 'demo-access-key-secret-for-local-use' };
    const authorization = (await post('get-management-token', key)).data.access_token;
    if (change) await post('create-group', { code: change }, { authorization });
    const groups = await (await fetch(`${address}/list-groups`, { headers: { authorization } })).json();
    const users = await post('list-users', {}, { authorization });
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
    return [users.data.totalCount, groups.data.totalCount];
  };
  expect(await visit([], 'mine')).toEqual([500, 16]);
  expect(await visit([])).toEqual([500, 16]);
  expect(await visit(['--reset'])).toEqual([500, 15]);

  // It looks lived in: several people saved for months, in the order of their entries, and nothing is of tomorrow.
  const database = new Sqlite(join(folder, 'data/demo.db'), { readonly: true });
  const entries = database
    .prepare("select at, actor_name as author, request_id as save from history where kind = 'value' order by id")
    .all() as { at: string; author: string; save: string }[];
  const { members } = database
    .prepare('select count(*) as members from staff where created_at > ?')
    .get(new Date(Date.now() - 200 * 86_400_000).toISOString()) as { members: number };
  database.close();
  const times = entries.map(({ at }) => at);
  expect(members).toBe(0);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times.at(-1) ?? '')).toBeLessThan(Date.now());
  expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeGreaterThan(200 * 86_400_000);
  expect(new Set(entries.map(({ author }) => author)).size).toBeGreaterThan(3);
  expect(new Set(entries.map(({ save }) => save)).size).toBeLessThan(entries.length / 2);
});

test('SIGTERM finishes the running request, and then the program', async () => {
  const server = spawn(process.execPath, [program], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(server);
  const body = JSON.stringify({ accessKeyId: 'x', accessKeySecret: 'y' });
  // Browsers and load balancers open connections that they may never use.
  for (const head of ['', 'GET /health HTTP/1.1\r\nhost:'])
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .write(head);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const head = `POST /api/v3/get-management-token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 10));
  await new Promise((done) => setTimeout(done, 200));
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await new Promise((done) => setTimeout(done, 200));
  socket.write(body.slice(10));
  expect(await ended).toBe(0);
  expect(answer).toContain('"apiCode":2333');
});

function portOf(server: ChildProcess): Promise<number> {
  return new Promise((done) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) done(Number(port));
    });
  });
}

test('definitions are exported, planned and applied from the command line', async () => {
  const key = run(['create-access-key', '--name', 'Files']);
  const server = spawn(process.execPath, [program], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const env = {
      FIELDBOOK_URL: `http://127.0.0.1:${await portOf(server)}`,
      FIELDBOOK_ACCESS_KEY_ID: /id: (.+)/.exec(key.stdout)?.[1] ?? '',
      FIELDBOOK_ACCESS_KEY_SECRET: /secret: (.+)/.exec(key.stdout)?.[1] ?? '',
    };
    const fields = (...words: string[]) => run(['fields', ...words], env);
    const file = join(folder, 'users.json');
    const field = { key: 'school', dataType: 'ENUM', label: 'School', options: [{ value: 'a', label: 'A' }] };
    writeFileSync(file, JSON.stringify({ fieldbook: 1, targetType: 'USER', fields: [field] }));
    const planned = fields('plan', file);
    expect([planned.status, planned.stdout]).toEqual([2, '+ school\n']);
    expect(fields('apply', file).status).toBe(1);
    const applied = fields('apply', file, '--yes');
    expect([applied.status, applied.stdout]).toEqual([0, expect.stringContaining('Applied: ')]);
    expect(fields('plan', file)).toMatchObject({ status: 0, stdout: 'No changes.\n' });
    const exported = fields('export', 'USER');
    expect(exported.stdout).toBe(fields('export', 'user').stdout);
    writeFileSync(file, exported.stdout);
    expect(fields('plan', file).status).toBe(0);
    writeFileSync(file, JSON.stringify({ fieldbook: 1, targetType: 'USER', fields: [] }));
    expect(fields('plan', file)).toMatchObject({ status: 0, stdout: expect.stringContaining('kept: school') });
    expect(fields('plan', file, '--prune')).toMatchObject({ status: 2, stdout: '- school\n' });
    writeFileSync(
      file,
      JSON.stringify({ fieldbook: 1, targetType: 'USER', fields: [{ ...field, dataType: 'NUMBER' }] }),
    );
    expect(fields('plan', file)).toMatchObject({ status: 1, stderr: expect.stringContaining('type') });
    writeFileSync(file, '{"fieldbook": 2}');
    expect(fields('plan', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('isn’t a file of field definitions'),
    });
    expect(run(['fields', 'export', 'USER'], { ...env, FIELDBOOK_URL: 'http://127.0.0.1:9' }).status).toBe(1);
  } finally {
    server.kill('SIGTERM');
    await new Promise((done) => server.once('exit', done));
  }
});

test('a backup is made and restored while people write, and each is consistent', async () => {
  test.setTimeout(90_000);
  const words = (...list: string[]) =>
    new Promise<{ status: number | null; said: string }>((done) => {
      const child = spawn(process.execPath, [program, ...list], { cwd: folder, env: environment() });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      child.once('exit', (status) => done({ status, said }));
    });
  const key = /id: (\S+)\nsecret: (\S+)/.exec(run(['create-access-key', '--name', 'load']).stdout);
  const server = spawn(process.execPath, [program], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = `http://127.0.0.1:${await portOf(server)}`;
  try {
    const { call, authorization } = await callerOf(address, key ?? []);
    // Two fields of one person that are always written together and are always equal.
    await call('set-custom-fields', {
      list: ['a', 'b'].map((name) => ({ targetType: 'USER', key: name, dataType: 'NUMBER' })),
    });
    const { userId } = (await call('create-user', { username: 'load' })).data;
    let written = 0;
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        written += 1;
        const list = ['a', 'b'].map((name) => ({ key: name, value: written }));
        const { statusCode } = await call('set-custom-data', { targetType: 'USER', targetIdentifier: userId, list });
        expect(statusCode).toBe(200);
      }
    })();
    const held = async () => {
      const query = new URLSearchParams({ targetType: 'USER', targetIdentifier: userId });
      const answer = await fetch(`${address}/api/v3/get-custom-data?${query}`, { headers: authorization });
      return (await answer.json()).data as { a: number; b: number };
    };
    await expect.poll(() => written).toBeGreaterThan(20);
    const file = join(folder, 'saved.db');
    const backup = await words('backup', file);
    expect(backup).toEqual({ status: 0, said: expect.stringContaining('saved.db. It doesn’t include the secret') });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect((await words('backup', file)).said).toContain('already exists');
    const after = written;
    await expect.poll(() => written).toBeGreaterThan(after + 20);
    isOver = true;
    await load;
    const restored = await words('restore', file);
    expect(restored.said).toContain('The previous database is in');
    const { a, b } = await held();
    expect(a).toBe(b);
    expect(a).toBeGreaterThan(0);
    expect(a).toBeLessThanOrEqual(after);
    // The server continues, and the old content is kept.
    expect(
      await call('set-custom-data', { targetType: 'USER', targetIdentifier: userId, list: [{ key: 'a', value: -1 }] }),
    ).toMatchObject({ statusCode: 200 });
    const kept = readdirSync(join(folder, 'data')).find((name) => name.includes('before-restore')) ?? '';
    expect((await words('restore', join(folder, 'data', kept))).status).toBe(0);
    expect(await held()).toEqual({ a: written, b: written });
  } finally {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
  }
});

test('a file that is no backup is refused with a message, and nothing changes', () => {
  run(['create-access-key', '--name', 'one']);
  const before = statSync(join(folder, 'data', 'fieldbook.db')).mtimeMs;
  writeFileSync(join(folder, 'not.db'), 'no database');
  for (const [words, sentence] of [
    [['restore', 'not.db'], 'isn’t a Fieldbook backup'],
    [['restore', 'missing.db'], 'There is no file missing.db'],
    [['backup'], 'Usage: backup'],
  ] as const) {
    const { status, stderr } = run([...words]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(sentence)]);
    expect(stderr).not.toContain('    at ');
  }
  expect(run(['backup', 'mine.db']).status).toBe(0);
  const { stderr } = run(['restore', 'mine.db'], { FIELDBOOK_SECRET: 'another secret that is long enough for it' });
  expect(stderr).toContain('another FIELDBOOK_SECRET');
  expect(statSync(join(folder, 'data', 'fieldbook.db')).mtimeMs).toBe(before);
  const elsewhere = { DATABASE_URL: 'postgres://localhost/none', FIELDBOOK_ENCRYPTION_KEYS: 'k'.repeat(32) };
  expect(run(['backup', 'x.db'], elsewhere).stderr).toContain('pg_dump');
});

test('the command line verifies the audit log, writes a checkpoint, rotates keys and erases a person', async () => {
  const key = /id: (\S+)\nsecret: (\S+)/.exec(run(['create-access-key', '--name', 'one']).stdout);
  const server = spawn(process.execPath, [program], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = `http://127.0.0.1:${await portOf(server)}`;
  const { call } = await callerOf(address, key ?? []);
  await call('set-custom-fields', { list: [{ targetType: 'USER', key: 'pin', encrypted: true }] });
  const { userId } = (await call('create-user', { username: 'ada', customData: { pin: '4711' } })).data;
  // The server seals entries automatically.
  await expect
    .poll(() => run(['verify-activity']).stdout, { timeout: 15_000 })
    .toMatch(/^[1-9]\d* entries are unchanged/);
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
  expect(run(['checkpoint', 'kept.json'])).toMatchObject({ status: 0 });
  expect(run(['verify-activity', '--checkpoint', 'kept.json'])).toMatchObject({ status: 0 });
  writeFileSync(join(folder, 'wrong.json'), '{}');
  expect(run(['verify-activity', '--checkpoint', 'wrong.json']).stderr).toContain('isn’t a checkpoint');

  const former = readFileSync(join(folder, 'data', 'fieldbook.db.encryption-key'), 'utf8');
  const both = {
    FIELDBOOK_ENCRYPTION_KEYS: `the next key, long enough for its purpose,${former}`.replace('key, long', 'key long'),
  };
  expect(run(['rotate-keys', '--check'], both)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('Run rotate-keys'),
  });
  expect(run(['rotate-keys', '--hashes'], both)).toMatchObject({ status: 0 });
  expect(run(['rotate-keys', '--check'], both)).toMatchObject({ status: 0 });
  expect(run(['erase-user', 'nobody'], both).stderr).toContain('There is no user nobody.');
  expect(run(['erase-user', userId], both)).toMatchObject({ status: 0 });
  expect(run(['verify-activity', '--checkpoint', 'kept.json'])).toMatchObject({ status: 0 });

  const database = new Sqlite(join(folder, 'data', 'fieldbook.db'));
  database.exec("drop trigger activity_no_update; update activity set actor_name = 'Nobody' where id = 2");
  database.close();
  const { status, stdout } = run(['verify-activity']);
  expect([status, stdout]).toEqual([1, expect.stringContaining('Entry 2 (seal 2) was changed')]);
});

test('logs are lines of JSON, whatever is sent, without secrets, values or query strings', async () => {
  run(['create-admin', '--email', 'you@example.com', '--password', 'correct horse battery']);
  const server = spawn(process.execPath, [program], {
    cwd: folder,
    env: environment({ LOG_LEVEL: 'info' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  server.stdout?.on('data', (chunk) => (said += chunk));
  await expect.poll(() => /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? '').not.toBe('');
  const address = `http://127.0.0.1:${/127\.0\.0\.1:(\d+)/.exec(said)?.[1]}`;
  const forged = 'x\n{"level":30,"msg":"forged"}';
  const signIn = (email: string, password: string) =>
    fetch(`${address}/api/console/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'x\tforged' },
      body: JSON.stringify({ email, password }),
    });
  await signIn(forged, forged);
  await signIn('you@example.com', 'wrong-password-4711');
  const { headers } = await signIn('you@example.com', 'correct horse battery');
  const token = /fieldbook=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? 'none';
  await fetch(`${address}/api/v3/get-user?userId=secret-4711%0aforged`, {
    headers: { authorization: 'authing a:secret-4712' },
  });
  await fetch(`${address}/%0a%0dforged?value=secret-4713`);
  const page = await fetch(`${address}/users`);
  const policy = page.headers.get('content-security-policy') ?? '';
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
  const lines = said.trim().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
  expect(lines.some((line) => JSON.parse(line).msg === 'forged')).toBe(false);
  for (const secret of ['4711', '4712', '4713', 'correct horse', token]) expect(said).not.toContain(secret);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).toContain("frame-ancestors 'none'");
});
