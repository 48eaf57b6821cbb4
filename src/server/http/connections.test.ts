import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '../app.ts';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let app: FastifyInstance;
let folder: string;
let port: number;
beforeAll(async () => {
  api = await testApp();
  folder = mkdtempSync(join(tmpdir(), 'fieldbook-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<html></html>');
  writeFileSync(join(folder, 'assets', 'large.js'), 'x'.repeat(3_000_000));
  app = await makeApp(api.server, folder);
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(async () => {
  await app.close();
  await api.close();
  rmSync(folder, { recursive: true });
});

const request = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const pause = (time: number) => new Promise((resume) => setTimeout(resume, time));

/** A connection that sends and reads nothing. */
function send(text: string) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.pause();
  socket.write(text);
  return socket;
}

/** How often this process has the large file open. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).endsWith('large.js');
    } catch {
      return false;
    }
  }).length;

describe('a connection that sends requests without waiting for answers', () => {
  it('has each of a few answered in order', async () => {
    let heard = '';
    const socket = connect(port, '127.0.0.1').on('data', (chunk) => {
      heard += chunk;
    });
    socket.write(request('/health').repeat(8));
    await expect.poll(() => heard.match(/HTTP\/1\.1 200/g)?.length).toBe(8);
    socket.destroy();
  });

  it('is ended before it opens many files, and leaves none open', async () => {
    const flood = request('/assets/large.js');
    const many = [1, 2, 3, 4].map(() => send(flood.repeat(Math.floor(65_536 / flood.length))));
    const few = [1, 2].map(() => send(flood.repeat(6)));
    await expect.poll(openFiles).toBeGreaterThan(1);
    await pause(500);
    expect(openFiles()).toBeLessThanOrEqual(12);
    for (const socket of [...many, ...few]) socket.destroy();
    await expect.poll(openFiles, { timeout: 5_000 }).toBe(0);
  });

  it('takes no memory for answers that nobody reads', async () => {
    await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).text();
    const before = process.memoryUsage().rss;
    const flood = request('/openapi.json');
    const sockets = [1, 2, 3, 4].map(() => send(flood.repeat(Math.floor(65_536 / flood.length))));
    await pause(1_000);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    for (const socket of sockets) socket.destroy();
  });
});
