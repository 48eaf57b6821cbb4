import { join } from 'node:path';
import { chromium } from 'playwright';
import type { EndpointName, Output, Sent } from '../../src/contract/endpoints.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { addStaff } from '../../src/server/staff/service.ts';
import { chromiumPath, requireChromium } from '../chromium.ts';
import { openServer } from './server.ts';

/** The built console in Chromium, with an administrator signed in. */
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
  async function call<N extends EndpointName>(name: N, input: Sent<N>): Promise<Output<N>> {
    const envelope = await page.evaluate(
      async ([path, body]) => {
        const headers = { 'content-type': 'application/json' };
        return (await fetch(path as string, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      },
      [endpoints[name].path, input],
    );
    if (envelope.statusCode !== 200) throw new Error(`${name}: ${envelope.message}`);
    return envelope.data;
  }

  async function close() {
    await browser.close();
    await closeServer();
  }
  return { address, page, call, close };
}

export function say(label: string, time: number) {
  process.stdout.write(`${label.padEnd(44)} ${time.toFixed(0).padStart(6)} ms\n`);
}
