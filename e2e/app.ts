import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Client, makeKeyClient } from '../src/contract/client.ts';
import type { Language } from '../src/contract/wire/language.ts';
import { type Database, openDatabase, transact } from '../src/server/database/open.ts';
import { insertSession } from '../src/server/staff/store.ts';
import { makeSchema } from '../src/server/testing/postgres.ts';

// No mocks: the built server in its own process on an empty database, with the built console.

const program = resolve(import.meta.dirname, '../dist/server/main.js');
const password = 'correct horse battery';

/** The address that a server prints when it listens. */
async function listening(server: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (address) done(address);
    });
    server.once('exit', (code) => fail(new Error(`The server ended with ${code}: ${said}`)));
  });
}

export interface Running {
  address: string;
  key: { id: string; secret: string };
  /** Calls the API with a management token of an access key. */
  call: Client['call'];
  /** Its database, to be written past every rule. */
  database: Database;
  /** The trouble that it can have. A test leaves it running. */
  trouble: {
    /** It takes connections and answers nothing. */
    freeze: () => void;
    thaw: () => void;
    kill: () => Promise<void>;
    /** Starts it again, at the same address. */
    start: () => Promise<void>;
  };
}

export interface App extends Running {
  /** Puts JSON in the place of all values of a field, as an older tool may have left it. */
  spoil: (key: string, json: string) => Promise<void>;
  /** Signs in and opens a page, in this language. */
  open: (path: string, options?: { as?: 'admin' | 'support' | 'auditor'; language?: Language }) => Promise<void>;
}

export type Engine = 'sqlite' | 'postgres';

export const test = base.extend<{ app: App }, { engine: Engine; server: Running }>({
  engine: ['sqlite', { option: true, scope: 'worker' }],

  server: [
    async ({ engine }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'fieldbook-e2e-'));
      const schema = engine === 'postgres' ? await makeSchema() : undefined;
      const env = {
        ...process.env,
        DATABASE_URL: schema?.url ?? `sqlite:${join(folder, 'e2e.db')}`,
        FIELDBOOK_SECRET: 'a secret that is long enough for a test',
        FIELDBOOK_ENCRYPTION_KEYS: 'a key that is long enough for a test',
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
        FIELDBOOK_PUBLIC_URL: '',
      };
      const command = (...words: string[]) =>
        execFileSync(process.execPath, [program, ...words], { env, encoding: 'utf8' });
      for (const [email, role] of [
        ['admin@example.com', 'administrator'],
        ['support@example.com', 'support'],
        ['auditor@example.com', 'auditor'],
      ] as const) {
        command(
          'create-staff',
          '--email',
          email,
          '--name',
          email.split('@')[0] ?? '',
          '--role',
          role,
          '--password',
          password,
        );
      }
      const printed = command('create-access-key', '--name', 'e2e');
      const key = { id: /id: (.+)/.exec(printed)?.[1] ?? '', secret: /secret: (.+)/.exec(printed)?.[1] ?? '' };
      const start = (port: string) =>
        spawn(process.execPath, [program], { env: { ...env, PORT: port }, stdio: ['ignore', 'pipe', 'inherit'] });
      const end = async (signal: NodeJS.Signals) => {
        const ended = new Promise((done) => server.once('exit', done));
        server.kill(signal);
        await ended;
      };
      let server = start('0');
      const address = await listening(server);
      const database = await openDatabase(env.DATABASE_URL);
      const trouble: Running['trouble'] = {
        freeze: () => void server.kill('SIGSTOP'),
        thaw: () => void server.kill('SIGCONT'),
        kill: () => end('SIGKILL'),
        async start() {
          server = start(new URL(address).port);
          await listening(server);
        },
      };
      await use({ address, key, call: makeKeyClient(address, key).call, database, trouble });
      await database.close();
      await end('SIGTERM');
      await schema?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  app: async ({ server, page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      // The browser logs an error response that a test causes.
      const refused = /Failed to load resource/.test(message.text());
      if (message.type() === 'error' && !refused) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const open: App['open'] = async (path, { as = 'admin', language } = {}) => {
      if (language) await page.addInitScript((chosen) => localStorage.setItem('fieldbook.language', chosen), language);
      await enter(page, server, as);
      await page.goto(server.address + path);
      await page.locator('.shell-main > :not(.viewing, .page-wait)').first().waitFor({ state: 'attached' });
    };
    await use({ ...server, open, spoil: spoiler(server.database) });
    expect(complaints, 'the console says no errors').toEqual([]);
  },
});

export { expect };

/** The wait after lifting a row by key, in milliseconds. The library listens to the next key a little later. */
export const afterLift = 200;

/** Signs a page's browser in without its sign-in page, which has tests of its own. Open tabs don't notice. */
export async function enter(page: Page, { address, database }: Running, as: string): Promise<void> {
  const email = `${as}@example.com`;
  const { id } = await database.read
    .selectFrom('staff')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow();
  const token = randomBytes(32).toString('base64url');
  const now = Date.now();
  await transact(database, (trx) =>
    insertSession(trx, {
      token,
      staffId: id,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + 3_600_000).toISOString(),
      agent: '',
    }),
  );
  await page
    .context()
    .addCookies([{ name: 'fieldbook', value: token, url: address, httpOnly: true, sameSite: 'Strict' }]);
}

/** Fills in the sign-in page, in any language. */
export async function signIn(page: Page, as: 'admin' | 'support' | 'auditor'): Promise<void> {
  await page.locator('input[type=email]').fill(`${as}@example.com`);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('.shell').waitFor();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.locator('.sign-in').waitFor();
}

/** A name that no other test uses. It has only letters, so that it also works as a key. */
export function unique(prefix: string): string {
  const letters = [...`${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`];
  return `${prefix}_${letters.map((sign) => (/\d/.test(sign) ? String.fromCharCode(97 + Number(sign)) : sign)).join('')}`;
}

function spoiler({ write }: Database): App['spoil'] {
  return async (key, json) => {
    await write
      .updateTable('fieldValues')
      .set({ value: json, number: null })
      .where('fieldId', 'in', (query) => query.selectFrom('fields').select('id').where('key', '=', key))
      .execute();
  };
}
