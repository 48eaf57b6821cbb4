import { join } from 'node:path';
import { chromium } from 'playwright';
import { makeClient } from '../../src/contract/client.ts';
import { addStaff } from '../../src/server/staff/service.ts';
import { chromiumPath, requireChromium } from '../chromium.ts';
import { openServer } from './server.ts';

/** The built console in Chromium, with a signed-in administrator. */
export async function openConsole() {
  const { server, app, close: closeServer } = await openServer(join(import.meta.dirname, '../../dist/console'));
  const account = {
    email: 'bench@example.com',
    name: 'bench',
    role: 'administrator' as const,
    password: 'correct horse',
  };
  await addStaff(server, account);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });

  requireChromium();
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  await page.goto(address);
  await page.locator('input[type=email]').fill(account.email);
  await page.locator('input[type=password]').fill(account.password);
  await page.locator('button[type=submit]').click();
  await page.locator('.shell').waitFor();

  /** Calls the API with the session of the page. */
  const { call } = makeClient(
    '',
    () => ({}),
    async (path, request) => {
      const envelope = await page.evaluate(async ([to, init]) => (await fetch(to, init)).json(), [
        path,
        request,
      ] as const);
      return { json: async () => envelope, headers: { get: () => null } };
    },
  );

  async function close() {
    await browser.close();
    await closeServer();
  }
  return { address, page, call, close };
}

export function say(label: string, time: number) {
  process.stdout.write(`${label.padEnd(44)} ${time.toFixed(0).padStart(6)} ms\n`);
}
