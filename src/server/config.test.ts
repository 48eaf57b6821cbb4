import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/open.ts';

const secrets = { FIELDBOOK_SECRET: 's'.repeat(32), FIELDBOOK_ENCRYPTION_KEYS: 'k'.repeat(32) };

const program = ['--import', 'tsx', `${import.meta.dirname}/main.ts`];
function run(more: Record<string, string>, ...words: string[]) {
  const env = { PATH: process.env.PATH, PORT: '0', ...more };
  return spawnSync(process.execPath, [...program, ...words], { env, encoding: 'utf8', timeout: 20_000 });
}

it('refuses a misspelt setting and names the nearest known one', () => {
  expect(() => readConfig({ ...secrets, FIELDBOOK_SECRTE: 'x' })).toThrow(
    'There is no setting FIELDBOOK_SECRTE. Did you mean FIELDBOOK_SECRET?',
  );
  expect(() => readConfig({ ...secrets, FIELDBOOK_TRUSTPROXY: 'true' })).toThrow('FIELDBOOK_TRUST_PROXY?');
});

it('accepts the settings of commands and of tests', () => {
  expect(() => readConfig({ ...secrets, FIELDBOOK_URL: 'http://x', FIELDBOOK_TEST_ENGINE: 'sqlite' })).not.toThrow();
});

it.each([{}, secrets])('ends with a message if it can’t make the folder of its database', (more) => {
  const { status, stderr } = run({ DATABASE_URL: 'sqlite:/proc/x/y.db', ...more });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^The folder \/proc\/x can't be made \(\w+\)\.\n$/)]);
});

it('waits for a PostgreSQL that isn’t there yet, then says so', async () => {
  const start = Date.now();
  const opened = openDatabase('postgres://x:x@127.0.0.1:1/x', { patience: 1_000 });
  await expect(opened).rejects.toThrow(new ConfigError("PostgreSQL can't be reached at DATABASE_URL (ECONNREFUSED)."));
  expect(Date.now() - start).toBeGreaterThan(700);
});

it('ends with a message if the database has another secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-config-'));
  const settings = { ...secrets, DATABASE_URL: `sqlite:${join(folder, 'x.db')}` };
  expect(run(settings, 'create-access-key', '--name', 'x').status).toBe(0);
  const { status, stdout, stderr } = run({ ...settings, FIELDBOOK_SECRET: 'n'.repeat(32) });
  expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^[^\n]*FIELDBOOK_SECRET[^\n]*\n$/)]);
  rmSync(folder, { recursive: true });
});

it('ends with a message if a newer version wrote the database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-config-'));
  const settings = { ...secrets, DATABASE_URL: `sqlite:${join(folder, 'x.db')}` };
  expect(run(settings, 'create-access-key', '--name', 'x').status).toBe(0);
  const database = new Sqlite(join(folder, 'x.db'));
  database.prepare('insert into migrations values (?, ?)').run('999-of-tomorrow', '');
  database.close();
  const { status, stderr } = run(settings);
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^[^\n]*newer Fieldbook \(999-of-tomorrow\)[^\n]*\n$/)]);
  rmSync(folder, { recursive: true });
});

describe('the secret that a first start makes', () => {
  let folder: string;
  let settings: { DATABASE_URL: string };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldbook-config-'));
    settings = { DATABASE_URL: `sqlite:${join(folder, 'x.db')}` };
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  // A start as far as its settings.
  const start = [
    ...['--import', 'tsx', '-e'],
    `import('${import.meta.dirname}/config.ts').then((m) => console.log(m.readConfig(process.env).secrets[0]))`,
  ];

  it('isn’t there in part where that start is killed as it writes', () => {
    const env = { PATH: process.env.PATH, ...settings };
    // What tsx keeps of our source is written by a start that lasts.
    const other = { ...env, DATABASE_URL: `sqlite:${join(folder, 'other', 'x.db')}` };
    expect(spawnSync(process.execPath, start, { env: other }).status).toBe(0);
    // The kernel kills whoever writes a byte into a file.
    const killed = spawnSync('sh', ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, ...start], { env });
    expect(killed.status).not.toBe(0);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toEqual(['other']);
    const { status, stdout } = spawnSync(process.execPath, start, { env, encoding: 'utf8' });
    expect([status, stdout.trim()]).toEqual([0, expect.stringMatching(/^[\w-]{64}$/)]);
  });

  it('is one, of several that start together', async () => {
    const env = { PATH: process.env.PATH, ...settings };
    const found = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, start, { env });
        const [secret] = await once(child.stdout, 'data');
        await once(child, 'close');
        return String(secret).trim();
      }),
    );
    expect(found[0]).toMatch(/^[\w-]{64}$/);
    expect(new Set(found).size).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['x.db.encryption-key', 'x.db.secret']);
  });

  it('isn’t made for the values of a PostgreSQL, which would depend on a file of this machine', () => {
    const env = { PATH: process.env.PATH, DATABASE_URL: 'postgres://x@127.0.0.1/x', FIELDBOOK_SECRET: 's'.repeat(32) };
    const [first = '', , ...others] = start;
    const { status, stderr } = spawnSync(process.execPath, [first, import.meta.resolve('tsx'), ...others], {
      env,
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('FIELDBOOK_ENCRYPTION_KEYS must be set with PostgreSQL');
    expect(readdirSync(folder, { recursive: true })).toEqual(['data']);
  });

  it('is asked for where its file is empty', () => {
    writeFileSync(join(folder, 'x.db.secret'), '');
    expect(() => readConfig(settings)).toThrow(/x\.db\.secret is empty, because .* Restore the file from a backup/);
    expect(existsSync(join(folder, 'x.db.encryption-key'))).toBe(false);
  });
});

it.each([
  ['true', 1],
  ['2', 2],
  ['false', 0],
  ['10.0.0.0/8, loopback', ['10.0.0.0/8', 'loopback']],
])('trusts proxies by their number or addresses: %s', (text, proxies) => {
  expect(readConfig({ ...secrets, FIELDBOOK_TRUST_PROXY: text }).trustProxy).toEqual(proxies);
});

it('refuses proxies that are neither a number nor addresses', () => {
  expect(() => readConfig({ ...secrets, FIELDBOOK_TRUST_PROXY: 'yes' })).toThrow('must be true for one proxy');
});
