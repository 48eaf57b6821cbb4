import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, makeKeyClient, type Transport } from '../../src/contract/client.ts';
import { makeApp } from '../../src/server/app.ts';
import { openDatabase } from '../../src/server/database/open.ts';
import { makeSecrets } from '../../src/server/secrets.ts';
import { addAccessKey } from '../../src/server/staff/service.ts';
import { makeVault } from '../../src/server/vault/vault.ts';

/** A server on the database of DATABASE_URL or a temporary SQLite file. With `consoleFolder` it serves the console. */
export async function openServer(consoleFolder?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-bench-'));
  const databaseUrl = process.env.DATABASE_URL ?? `sqlite:${join(folder, 'bench.db')}`;
  const config = {
    databaseUrl,
    secrets: ['x'.repeat(32)],
    encryptionKeys: ['x'.repeat(32)],
    port: 0,
    host: '',
    logLevel: 'silent' as const,
    publicUrl: undefined,
    oidc: undefined,
    trustProxy: 0,
    requireReason: false,
  };
  const server = {
    config,
    secrets: makeSecrets(config.secrets),
    vault: makeVault(config.encryptionKeys),
    database: await openDatabase(databaseUrl),
  };
  const app = await makeApp(server, consoleFolder);
  async function close() {
    await app.close();
    await server.database.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { server, app, close };
}

/** Calls the API of a server with an access key, without a network. */
export async function callerOf({ server, app }: Awaited<ReturnType<typeof openServer>>): Promise<Client['call']> {
  const transport: Transport = async (url, { method, headers, body }) => {
    const answer = await app.inject({ method: method as 'GET' | 'POST', url, headers, ...(body && { payload: body }) });
    return { json: async () => answer.json(), headers: { get: (name) => String(answer.headers[name] ?? '') } };
  };
  return makeKeyClient('', await addAccessKey(server, { name: 'bench' }), { transport }).call;
}

/** Median and maximum of repeated runs, in milliseconds. */
export async function measure(label: string, work: () => Promise<unknown>, runs = 30) {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const show = (time = 0) => `${time.toFixed(1)} ms`.padStart(10);
  process.stdout.write(`${label.padEnd(44)} median ${show(times[runs >> 1])}   worst ${show(times.at(-1))}\n`);
}
