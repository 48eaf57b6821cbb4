import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

// A PostgreSQL for the tests: a given one (`FIELDBOOK_TEST_POSTGRES`), or the machine's own binaries with a temporary
// folder. Without either, the tests are skipped with a message; in CI they fail.

/** Whether to run the PostgreSQL half of a suite. If not, `setup` prints a message. */
export const wantsPostgres = () =>
  Boolean(process.env.FIELDBOOK_TEST_POSTGRES || findBinaries()) || process.env.CI === 'true';

/** A new schema in the test database, and a function that removes it. */
export async function makeSchema(): Promise<{ url: string; remove: () => Promise<void> }> {
  const base = process.env.FIELDBOOK_TEST_POSTGRES;
  if (!base) throw new Error('FIELDBOOK_TEST_POSTGRES is not set.');
  const schema = `fieldbook_test_${randomBytes(6).toString('hex')}`;
  await run(base, `create schema ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.toString(), remove: () => run(base, `drop schema ${schema} cascade`) };
}

/** A new database, empty or a copy of another. Nobody may be connected to the other one. */
export async function makeDatabase(copyOf?: string): Promise<{ url: string; remove: () => Promise<void> }> {
  const base = process.env.FIELDBOOK_TEST_POSTGRES;
  if (!base) throw new Error('FIELDBOOK_TEST_POSTGRES is not set.');
  const name = `fieldbook_copy_${randomBytes(6).toString('hex')}`;
  await run(base, `create database ${name} template ${copyOf ? new URL(copyOf).pathname.slice(1) : 'template0'}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { url: url.toString(), remove: () => run(base, `drop database ${name} with (force)`) };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Global setup: starts what is necessary and returns a function that stops it. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.FIELDBOOK_TEST_POSTGRES) return undefined;
  const binaries = findBinaries();
  if (!binaries) {
    const message = 'PostgreSQL tests: no FIELDBOOK_TEST_POSTGRES and no /usr/lib/postgresql/*/bin on this machine.';
    if (process.env.CI === 'true') throw new Error(`${message} CI must have one.`);
    process.stderr.write(`\n${message} SKIPPED.\n\n`);
    return undefined;
  }
  const started = await start(binaries);
  process.env.FIELDBOOK_TEST_POSTGRES = started.url;
  return started.stop;
}

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

async function start(binaries: string) {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-postgres-'));
  // PostgreSQL refuses to run as root. Debian's package has a user for it.
  const owner = userInfo().uid === 0 ? idsOf('postgres') : undefined;
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'fieldbook', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      stdio: 'ignore',
      cwd: folder,
      ...owner,
    },
  );
  const port = await freePort();
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_connections=200',
  ];
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    {
      stdio: 'ignore',
      cwd: folder,
      ...owner,
    },
  );
  const url = `postgres://fieldbook@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idsOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
