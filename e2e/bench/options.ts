import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { makeApp } from '../../src/server/app.ts';
import { openDatabase } from '../../src/server/database/open.ts';
import { makeSecrets } from '../../src/server/secrets.ts';
import { addStaff } from '../../src/server/staff/service.ts';
import { findChromium } from '../chromium.ts';

// Measures the options editor in Chromium: npm run build && npm run bench:options -- 20000

const count = Number(process.argv[2] ?? 20_000);
const folder = mkdtempSync(join(tmpdir(), 'fieldbook-bench-'));
const databaseUrl = `sqlite:${join(folder, 'bench.db')}`;
const config = {
  databaseUrl,
  secrets: ['x'.repeat(32)],
  port: 0,
  host: '',
  logLevel: 'silent' as const,
  publicUrl: undefined,
  trustProxy: false,
};
const server = { config, secrets: makeSecrets(config.secrets), database: await openDatabase(databaseUrl) };
const app = await makeApp(server, join(import.meta.dirname, '../../dist/console'));
const account = {
  email: 'bench@example.com',
  name: 'bench',
  role: 'administrator' as const,
  password: 'correct horse',
};
await addStaff(server, account);
const address = await app.listen({ host: '127.0.0.1', port: 0 });

const executablePath = findChromium();
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
await page.evaluate(
  (body) =>
    fetch('/api/v3/set-custom-fields', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  { list: [{ targetType: 'USER', key: 'bench', dataType: 'ENUM', options: [{ value: 'first', label: 'First' }] }] },
);
await page.goto(`${address}/fields/USER/bench`);
const first = page.getByLabel('Label of option 1', { exact: true });
await first.waitFor();
const text = Array.from({ length: count - 1 }, (_, index) => `value_${index}\tLabel ${index}`).join('\n');

/** Does something in the page, and gives the milliseconds until the frame after it was drawn. */
async function timed(label: string, work: () => Promise<unknown>) {
  const start = performance.now();
  await work();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  say(label, performance.now() - start);
}

function say(label: string, time: number) {
  process.stdout.write(`${label.padEnd(40)} ${time.toFixed(0).padStart(6)} ms\n`);
}

const all = page.getByRole('heading', { name: count.toLocaleString('en-US') });
await timed(`paste ${count} options`, async () => {
  await first.evaluate((input, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await all.waitFor();
});
await timed('save them', async () => {
  await page.keyboard.press('Control+s');
  await page.getByText('bench is saved').waitFor();
});
await page.goto(`${address}/fields/USER`);
const link = page.getByRole('link', { name: 'bench' });
await link.waitFor();
const opened = await link.evaluate(async (element) => {
  const start = performance.now();
  (element as HTMLElement).click();
  while (!document.querySelector('.option-row .option-text')) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
});
say('open them from the list', opened);
await all.waitFor();

// What was asked of the server on opening has come, and is drawn.
await page.waitForTimeout(1_500);
for (const speed of [60, 300, 2_000]) {
  const frames = await page.locator('.options-scroll').evaluate(async (frame, step) => {
    const times: number[] = [];
    for (let last = performance.now(); times.length <= 240; ) {
      frame.scrollTop += step;
      const now = await new Promise<number>(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times.slice(1);
  }, speed);
  const sorted = frames.toSorted((a, b) => a - b);
  const dropped = frames.filter((time) => time > 25).length;
  process.stdout.write(
    `scroll ${String(speed).padStart(5)} px a frame: median ${sorted[120]?.toFixed(1)} ms, worst ${sorted.at(-1)?.toFixed(1)} ms, ` +
      `${frames.filter((time) => time > 20).length} over 20 ms, ${dropped} over 25 ms (a dropped frame) of ${frames.length}\n`,
  );
}

await browser.close();
await app.close();
await server.database.close();
rmSync(folder, { recursive: true, force: true });
