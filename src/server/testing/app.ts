import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryOf } from '#contract/client';
import { type EndpointName, endpoints, type Output, type Sent } from '#contract/endpoints';
import type { Right } from '#contract/wire/endpoint';
import type { ErrorName } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Server } from '../context.ts';
import { openDatabase, transact } from '../database/open.ts';
import { makeSecrets } from '../secrets.ts';
import { hashPassword } from '../staff/passwords.ts';
import { addAccessKey } from '../staff/service.ts';
import { insertSession, insertStaff } from '../staff/store.ts';
import { makeVault } from '../vault/vault.ts';
import { makeDatabase, makeSchema } from './postgres.ts';

/** The engine of this test run (vite.config.ts). */
const engine = process.env.FIELDBOOK_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

export interface Envelope<N extends EndpointName> {
  statusCode: number;
  message: string;
  apiCode?: number;
  error?: ErrorName;
  issues?: Issue[];
  current?: unknown;
  requestId?: string;
  data: Output<N>;
}

export type Call = <N extends EndpointName>(
  name: N,
  input: Sent<N>,
  headers?: Record<string, string>,
) => Promise<Envelope<N>>;

/** The hash of "correct horse", the password of all test accounts. It is made once, because hashing is slow. */
let hashed: Promise<string> | undefined;

/** A real server on its own database (empty, or a copy of one made for copying), and ways to call it. */
export async function testApp(
  settings: Partial<Pick<Config, 'requireReason' | 'oidc' | 'publicUrl' | 'trustProxy'>> = {},
  { copyOf, isCopied = false }: { copyOf?: string; isCopied?: boolean } = {},
) {
  const place = await placeFor(copyOf, isCopied);
  const config = {
    databaseUrl: place.url,
    secrets: ['a secret that is long enough for a test'],
    encryptionKeys: ['a key that is long enough for a test'],
    port: 0,
    host: '127.0.0.1',
    logLevel: 'silent' as const,
    publicUrl: undefined,
    oidc: undefined,
    trustProxy: 0,
    requireReason: false,
    ...settings,
  };
  const server: Server = {
    config,
    secrets: makeSecrets(config.secrets),
    vault: makeVault(config.encryptionKeys),
    database: await openDatabase(place.url),
  };
  const app = await makeApp(server);

  /** The headers of an access key with these scopes, made on the command line. */
  async function keyHeaders(scopes?: readonly Right[]): Promise<Record<string, string>> {
    return headersOfKey(await addAccessKey(server, { name: 'Test', ...(scopes && { scopes: [...scopes] }) }));
  }

  async function headersOfKey(key: { id: string; secret: string }): Promise<Record<string, string>> {
    const token = await app.inject({
      method: 'POST',
      url: endpoints.getManagementToken.path,
      payload: { accessKeyId: key.id, accessKeySecret: key.secret },
    });
    return { authorization: `Bearer ${token.json().data.access_token}` };
  }

  /** A signed-in team member: the headers that a browser sends with the session cookie. */
  async function staffHeaders(role: string): Promise<Record<string, string>> {
    const id = randomBytes(12).toString('hex');
    const email = `${role}-${randomBytes(4).toString('hex')}@example.com`;
    const createdAt = new Date().toISOString();
    const token = randomBytes(32).toString('base64url');
    hashed ??= hashPassword('correct horse');
    await insertStaff(server.database.write, { id, email, name: role, role, password: await hashed, createdAt });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await transact(server.database, (trx) =>
      insertSession(trx, { token, staffId: id, createdAt, expiresAt, agent: '' }),
    );
    return { cookie: `fieldbook=${token}`, 'sec-fetch-site': 'same-origin' };
  }

  const callAs =
    (own: Record<string, string>): Call =>
    async (name, input, headers = {}) =>
      (await ask(name, input, { ...own, ...headers })).json();

  /** Sends a request. Returns the full answer with headers. */
  function ask<N extends EndpointName>(name: N, input: Sent<N>, headers: Record<string, string>) {
    const { method, path } = endpoints[name];
    return app.inject(
      method === 'GET'
        ? { method, url: `${path}${queryOf(input)}`, headers }
        : { method, url: path, headers, payload: input as object },
    );
  }
  const keyCall = async (key: { id: string; secret: string }) => callAs(await headersOfKey(key));
  const callerWith = async (scopes?: readonly Right[]) => callAs(await keyHeaders(scopes));
  const staffWith = async (role: string) => callAs(await staffHeaders(role));

  /** Stops the server and keeps its database for copies. Returns a function that removes it. */
  async function stop() {
    await app.close();
    await server.database.close();
    return place.remove;
  }
  const close = async () => (await stop())();
  return {
    app,
    server,
    call: await callerWith(),
    ask,
    callAs,
    keyCall,
    keyHeaders,
    staffHeaders,
    callerWith,
    staffWith,
    stop,
    close,
  };
}

function placeFor(copyOf: string | undefined, isCopied: boolean) {
  if (engine === 'postgres') return copyOf || isCopied ? makeDatabase(copyOf) : makeSchema();
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-test-'));
  const file = join(folder, 'test.db');
  // The newest commits may still be in the log next to the file.
  for (const part of copyOf ? ['', '-wal'] : []) {
    const from = `${copyOf?.replace('sqlite:', '')}${part}`;
    if (existsSync(from)) copyFileSync(from, `${file}${part}`);
  }
  return {
    url: `sqlite:${file}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
