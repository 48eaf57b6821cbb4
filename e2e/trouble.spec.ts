import type { Page } from '@playwright/test';
import { type App, expect, test, unique } from './app.ts';

// What one sees of a server that is slow, silent or gone: what was typed stays, and work goes on by itself.

async function person({ call }: App) {
  const key = unique('kept');
  await call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await call('createUser', { username: unique('person') });
  return { key, userId, held: () => call('getCustomData', { targetType: 'USER', targetIdentifier: userId }) };
}
/** A person's page with a value that was typed, and drafted by now, but not saved. */
async function typed({ app, page }: { app: App; page: Page }) {
  const { key, userId, held } = await person(app);
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('typed');
  await page.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
  return { key, userId, held };
}
const notice = (page: Page) => page.locator('.trouble:popover-open');

test('a save at a stopped server says within 5 seconds that there is no answer, and goes on when there is one', async ({
  app,
  page,
}) => {
  const { key, held } = await typed({ app, page });
  app.trouble.freeze();
  try {
    await page.keyboard.press('Control+s');
    await expect(notice(page)).toContainText('No answer from the server', { timeout: 5_000 });
    await expect(page.getByLabel(key)).toHaveValue('typed');
    // Another page shows its outline meanwhile.
    await expect(page.locator('.shell-nav')).toBeVisible();
  } finally {
    app.trouble.thaw();
  }
  await expect(page.getByText('Saved “')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  expect(await held()).toEqual({ [key]: 'typed' });
});

test('with a killed server the shell and what was typed stay, pages wait as outlines, and all goes on after its start', async ({
  app,
  page,
}) => {
  const { key, userId, held } = await typed({ app, page });
  const second = await page.context().newPage();
  await second.goto(`${app.address}/users/${userId}`);
  await expect(second.getByLabel(key)).toHaveValue('typed');
  await app.trouble.kill();
  try {
    await page.keyboard.press('Control+s');
    // A page whose code isn't there yet, and one whose data isn't.
    await second.locator('.shell-nav a[href="/activity"]').click();
    await second.getByRole('button', { name: 'Discard and leave' }).click();
    await expect(second.locator('.page-wait .skeleton').first()).toBeVisible();
    await expect(notice(page)).toContainText('No answer from the server', { timeout: 5_000 });
    await expect(notice(second)).toBeVisible();
    await expect(second.locator('.shell-nav')).toBeVisible();
    await expect(second.getByRole('alert')).toHaveCount(0);
    await expect(page.getByLabel(key)).toHaveValue('typed');
  } finally {
    await app.trouble.start();
  }
  await expect(page.getByText('Saved “')).toBeVisible();
  await expect(second.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(second.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await expect(notice(second)).toHaveCount(0);
  expect(await held()).toEqual({ [key]: 'typed' });
  await second.close();
});

test('with a latency of a second the frame is there at once, then outlines, and no page is blank', async ({
  app,
  page,
}) => {
  await app.open('/users');
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 1_000,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.goto(`${app.address}/groups`, { waitUntil: 'commit' });
  await expect(page.locator('.shell-wait-brand')).toBeVisible({ timeout: 2_500 });
  await expect(page.locator('.page-wait .skeleton').first()).toBeVisible();
  // From there on there is always a frame with something in it.
  const blank = await page.evaluate(async () => {
    const found: string[] = [];
    for (const until = performance.now() + 12_000; performance.now() < until; ) {
      await new Promise(requestAnimationFrame);
      const frame = document.querySelector('.shell, .shell-wait');
      if (!frame) found.push(`no frame at ${Math.round(performance.now())}`);
      if (document.querySelector('main .page-head')) break;
    }
    return found;
  });
  expect(blank).toEqual([]);
  await expect(page.getByRole('heading', { name: 'Groups' })).toBeVisible();
  await page.locator('.shell-nav a[href="/activity"]').click();
  await expect(page.locator('main .skeleton').first()).toBeVisible({ timeout: 700 });
  await expect(notice(page)).toHaveCount(0);
});

test('the page of an error names a request id only if there is one', async ({ app, page }) => {
  await app.open('/users/nobody-of-that-id');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.route('**/get-target**', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      body: '{"statusCode":500,"message":"","error":"internal"}',
    }),
  );
  await page.reload();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('alert')).not.toContainText('request ID');
});
