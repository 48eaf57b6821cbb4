import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeClient } from '../../src/contract/client.ts';
import { endpoints } from '../../src/contract/endpoints.ts';

// Measures what other users notice while bodies of 16 MB arrive on 20 connections: npm run bench:hostile -- 20
// (seconds). The server is the built one, in its own process. Fails if it is slower or larger than SECURITY.md
// promises.
// DATABASE_URL chooses the database; without it, a temporary SQLite file.

// The senders also have their own process, so that only the server's time is measured.

const connections = 20;
const slowest = 100;
const largest = 400;
const size = 16 * 1024 * 1024;

if (process.argv[2] === 'attack') await attack(process.argv[3] ?? '', JSON.parse(process.argv[4] ?? '[]'));
else await measure(Number(process.argv[2] ?? 20));

async function measure(seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-bench-'));
  const env = {
    LOG_LEVEL: 'silent',
    ...process.env,
    DATABASE_URL: process.env.DATABASE_URL ?? `sqlite:${join(folder, 'bench.db')}`,
    FIELDBOOK_SECRET: 'x'.repeat(32),
    FIELDBOOK_ENCRYPTION_KEYS: 'x'.repeat(32),
    PORT: '0',
  };
  const program = ['dist/server/main.js'];
  const made = [...program, 'create-access-key', '--name', 'bench'];
  const [, accessKeyId = '', accessKeySecret = ''] =
    /id: (\S+)\nsecret: (\S+)/.exec(execFileSync(process.execPath, made, { env, encoding: 'utf8' })) ?? [];
  const server = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await addressOf(server);

  const { access_token } = await makeClient(address, () => ({})).call('getManagementToken', {
    accessKeyId,
    accessKeySecret,
  });
  const authorization = `Bearer ${access_token}`;
  const { call } = makeClient(address, () => ({ authorization }));
  await call('setCustomFields', { list: [{ targetType: 'USER', key: 'team' }] });
  const { userId } = await call('createUser', { username: `some${Date.now()}`, customData: { team: 'x' } });
  const point = `${address}${endpoints.getCustomData.path}?targetType=USER&targetIdentifier=${userId}`;

  const senders: Headers[] = [signed('nobody'), signed(accessKeyId), { authorization }];
  const idle = memoryOf(server);
  const hostile = fork(fileURLToPath(import.meta.url), ['attack', address, JSON.stringify(senders)]);
  const times = { health: [] as number[], point: [] as number[] };
  let peak = 0;
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    times.health.push(await timed(`${address}/health`));
    times.point.push(await timed(point, { authorization }));
    peak = Math.max(peak, memoryOf(server));
    await wait(5);
  }
  const sent = await new Promise<unknown>((resolve) => {
    hostile.once('message', resolve);
    hostile.send('stop');
  });
  hostile.kill();
  server.kill();
  rmSync(folder, { recursive: true, force: true });

  process.stdout.write(`${connections} connections, ${sent} bodies of 16 MB answered in ${seconds} s\n`);
  const faults = [
    ...report('/health', times.health),
    ...report('a point read', times.point),
    ...(peak > largest ? [`memory passed ${largest} MB`] : []),
  ];
  process.stdout.write(`memory         idle ${idle.toFixed(0)} MB   peak ${peak.toFixed(0)} MB\n`);
  if (faults.length) process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = faults.length ? 1 : 0;
}

function report(label: string, list: number[]): string[] {
  list.sort((a, b) => a - b);
  const at = (share: number) => list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  const show = (time: number) => `${time.toFixed(1)} ms`.padStart(9);
  process.stdout.write(
    `${label.padEnd(14)} median ${show(at(0.5))}   p99 ${show(at(0.99))}   worst ${show(at(1))}   of ${list.length}\n`,
  );
  return at(0.99) > slowest ? [`${label}: p99 passed ${slowest} ms`] : [];
}

type Headers = Record<string, string>;

function signed(id: string): Headers {
  return { authorization: `authing ${id}:c2lnbmF0dXJl`, date: new Date().toUTCString() };
}

/** Sends on all connections until it is told to stop. Then reports how many bodies had an answer. */
async function attack(address: string, senders: Headers[]): Promise<void> {
  // Bodies that cost much for their size: many small values, one large text, text that isn't JSON.
  const bodies = [
    filled('{"list":[', '{},', '{}]}'),
    filled('{"list":[{"key":"team","value":"', '\\"', '"}]}'),
    filled('{"list":[{"key":"team","value":', '[', ''),
    filled('{"list":[', '1e5,', '1]}'),
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  process.on('message', () => process.send?.(sent));
  for (let index = 0; index < connections; index += 1) {
    const headers = senders[index % senders.length] ?? {};
    const body = bodies[index % bodies.length] ?? Buffer.alloc(0);
    void (async () => {
      for (;;) {
        if (await send(`${address}${endpoints.setCustomData.path}`, { agent, headers, body, index })) sent += 1;
        // A refused sender tries again, but not in a tight loop.
        await wait(10);
      }
    })();
  }
}

/** Sends a body, on some connections slowly, on some without a length. Returns whether there was an answer. */
function send(
  url: string,
  { agent, headers, body, index }: { agent: Agent; headers: Headers; body: Buffer; index: number },
): Promise<boolean> {
  const length: Headers = index % 5 === 4 ? { 'transfer-encoding': 'chunked' } : { 'content-length': `${body.length}` };
  return new Promise((resolve) => {
    const asked = httpRequest(url, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...length, ...headers },
    });
    asked.on('error', () => resolve(false)).on('close', () => resolve(false));
    asked.on('response', (response) => response.resume().on('end', () => resolve(true)));
    if (index % 7 === 6) drip(asked, body);
    else asked.end(body);
  });
}

function drip(asked: ClientRequest, body: Buffer, at = 0): void {
  if (asked.destroyed) return;
  if (at >= body.length) return void asked.end();
  asked.write(body.subarray(at, at + 100_000));
  setTimeout(() => drip(asked, body, at + 100_000), 200);
}

function filled(head: string, part: string, tail: string): Buffer {
  return Buffer.from(head + part.repeat(Math.floor((size - head.length - tail.length) / part.length)) + tail);
}

function timed(url: string, headers: Record<string, string> = {}): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      response.resume().on('end', () => resolve(performance.now() - start));
    });
    asked.on('error', reject).end();
  });
}

/** In megabytes, as the system reports it. */
function memoryOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stdout?.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/\S+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    stdout?.on('end', () => reject(new Error('The server ended.')));
  });
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
