import { openConsole, say } from './console.ts';

// Measures the options editor in Chromium: npm run build && npm run bench:options -- 20000

const count = Number(process.argv[2] ?? 20_000);
const { address, page, call, close } = await openConsole();
await call('setCustomFields', {
  list: [{ targetType: 'USER', key: 'bench', dataType: 'ENUM', options: [{ value: 'first', label: 'First' }] }],
});
await page.goto(`${address}/fields/USER/bench/options`);
const first = page.getByLabel('Value of option 1');
await first.waitFor();
const text = Array.from({ length: count - 1 }, (_, index) => `value_${index}\tLabel ${index}`).join('\n');

/** Does something in the page. Prints the milliseconds until the frame after it. */
async function timed(label: string, work: () => Promise<unknown>) {
  const start = performance.now();
  await work();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  say(label, performance.now() - start);
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
  await page.getByText('Saved “bench”').waitFor();
});
await page.goto(`${address}/fields/USER/bench`);
const link = page.locator('.field-tabs').getByRole('link', { name: 'Options' });
await link.waitFor();
const opened = await link.evaluate(async (element) => {
  const start = performance.now();
  (element as HTMLElement).click();
  while (!document.querySelector('.option-row .plain-input')) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
});
say('open their tab', opened);
await all.waitFor();

// The requests of opening the page are done and rendered.
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

await close();
