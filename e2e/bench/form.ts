import { openConsole, say } from './console.ts';

// Measures a target's form with many fields in Chromium: npm run build && npm run bench:form -- 1000

const count = Number(process.argv[2] ?? 1_000);
const types = ['STRING', 'NUMBER', 'DATETIME', 'BOOLEAN', 'ENUM'] as const;
const { address, page, call, close } = await openConsole();
const list = Array.from({ length: count }, (_, at) => ({
  targetType: 'USER' as const,
  key: `field_${at}`,
  dataType: types[at % types.length],
  ...(at % types.length === 4 && { options: ['a', 'b', 'c'].map((value) => ({ value, label: value })) }),
}));
for (let at = 0; at < count; at += 50) await call('setCustomFields', { list: list.slice(at, at + 50) });
const { userId } = await call('createUser', { username: 'bench', customData: { field_0: 'text' } });

for (const round of ['cold', 'again']) {
  await page.goto(`${address}/users`);
  const link = page.getByRole('link', { name: 'bench' });
  await link.waitFor();
  const opened = await link.evaluate(async (element) => {
    const start = performance.now();
    (element as HTMLElement).click();
    while (!document.querySelector('.value textarea:not(:disabled)')) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  say(`${count} fields, opened from the list, ${round}`, opened);
}
const input = page.getByLabel('field_0', { exact: true });
const typed: number[] = [];
await input.click();
for (const sign of 'a quick line of text') {
  const start = performance.now();
  await page.keyboard.press(sign === ' ' ? 'Space' : sign);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  typed.push(performance.now() - start);
}
typed.sort((a, b) => a - b);
say('a key, until it is drawn (median)', typed[typed.length >> 1] ?? 0);
say('a key, until it is drawn (worst)', typed.at(-1) ?? 0);
await page.getByRole('searchbox', { name: 'Find a field' }).fill(`_${count - 1}`);
const start = performance.now();
await page.getByLabel(`field_${count - 1}`, { exact: true }).waitFor();
say('the last field, searched', performance.now() - start);
await page.goto(`${address}/users/${userId}`);
await close();
