import type { Page, Request } from '@playwright/test';
import { expect, type Running, signOut, test, unique } from './app.ts';
import { axe } from './axe.ts';

/** One object of each kind, so that every page has content. */
async function fill({ call }: Running) {
  const key = unique('page');
  const code = unique('code');
  const validateRules = [{ type: 'regExp', content: '^[a-z]+$', error: 'Small letters only' }];
  await call('setCustomFields', {
    list: [
      { targetType: 'USER', key, dataType: 'ENUM', options: [{ value: 'a', label: 'A' }] },
      { targetType: 'USER', key: `${key}_text`, isUnique: true, description: 'With a description', validateRules },
      { targetType: 'USER', key: `${key}_bool`, dataType: 'BOOLEAN', userEditable: true },
      { targetType: 'USER', key: `${key}_date`, dataType: 'DATETIME', precision: 'day' },
      { targetType: 'USER', key: `${key}_hidden`, visibleInAdminConsole: false },
      { targetType: 'USER', key: `${key}_masked`, encrypted: true, desensitization: true, mask: 'PHONE' },
    ],
  });
  const { userId } = await call('createUser', {
    username: code,
    name: 'Name',
    customData: { [key]: 'a', [`${key}_date`]: '2024-04-01', [`${key}_masked`]: '13812345678' },
  });
  await call('setCustomFields', { list: [{ targetType: 'USER', key, options: [{ value: 'b', label: 'B' }] }] });
  await call('setCustomFields', { list: [{ targetType: 'USER', key: `${key}_gone` }] });
  const request = { deletions: [{ targetType: 'USER' as const, key: `${key}_gone` }] };
  await call('applyPlan', { ...request, token: (await call('planFields', request)).token });
  await call('createRole', { code });
  await call('createGroup', { code });
  const { departmentId } = await call('createOrganization', { organizationCode: code, organizationName: code });
  await call('createDepartment', { organizationCode: code, name: 'Below' });
  return [
    '/',
    '/fields/USER',
    '/fields/USER/new',
    `/fields/USER/${key}`,
    `/fields/USER/${key}/options`,
    `/fields/USER/${key}_date/rules`,
    `/fields/USER/${key}_text/rules`,
    `/fields/USER/${key}_text/protection`,
    '/fields/USER/built-in',
    '/fields/USER/built-in/nickname/visibility',
    '/fields/USER/translations',
    '/fields/USER/preview',
    '/fields/USER/files',
    '/fields/USER/trash',
    `/fields/USER/${key}/health`,
    '/users',
    `/users/${userId}`,
    `/users/${userId}/history`,
    `/users/${userId}/raw`,
    '/users?create=user',
    '/users?trash',
    `/users?sort=-name&filter=${encodeURIComponent('["name","NOT_NULL"]')}`,
    '/departments?as=list',
    '/activity',
    '/settings/keys',
    '/settings/staff',
    '/settings/roles',
    '/account',
    '/roles',
    `/roles/default/${code}`,
    '/groups',
    `/groups/${code}`,
    `/departments?organization=${code}`,
    `/departments/${departmentId}`,
    '/nowhere',
  ];
}

/** Resolves when a page has rendered all its answers. `networkidle` would wait half a second longer. */
function watch(page: Page): () => Promise<void> {
  const asked = new Set<Request>();
  page.on('request', (request) => asked.add(request));
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  return async () => {
    await page.locator('h1, .sign-in').first().waitFor();
    await expect(page).toHaveTitle(/./);
    for (let still = 0; still < 3; still = asked.size ? 0 : still + 1)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));
  };
}

/** Opens a page like a link: the console doesn't load again. */
const follow = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** Compressed bytes of JavaScript that the page has loaded. */
const scriptBytes = (page: Page): Promise<number> =>
  page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
const budget = { signIn: 190_000, other: 380_000 };

// Each page in each language, two languages per theme. Every run checks three widths; one language per theme runs axe,
// and one checks the size. A long run judges each language in both themes.
const isLong = process.env.LOOKS === 'all';
const usual = [
  ['zh-CN', 'light', { isJudged: isLong, isWeighed: false }],
  ['en-US', 'dark', { isJudged: true, isWeighed: true }],
  ['zh-TW', 'dark', { isJudged: isLong, isWeighed: false }],
  ['ja-JP', 'light', { isJudged: true, isWeighed: false }],
] as const;
const other = usual.map(
  ([language, scheme]) =>
    [language, scheme === 'dark' ? 'light' : 'dark', { isJudged: true, isWeighed: false }] as const,
);
for (const [language, colorScheme, { isJudged, isWeighed }] of isLong ? [...usual, ...other] : usual) {
  test.describe(`${language}, ${colorScheme}`, () => {
    test.use({ colorScheme });

    const also = `${isWeighed ? ', none heavier than its budget' : ''}${isJudged ? ', and axe finds nothing' : ''}`;
    test(`no page is wider than its window${also}`, async ({ app, page }) => {
      test.setTimeout(240_000);
      const paths = await fill(app);
      const settled = watch(page);
      const weights: Record<string, number> = {};
      const judge = async (path: string) => {
        await settled();
        if (isWeighed) {
          const bytes = await scriptBytes(page);
          expect(bytes, path).toBeGreaterThan(10_000);
          expect(bytes, path).toBeLessThanOrEqual(path === 'sign-in' ? budget.signIn : budget.other);
          weights[path.replace(/(page|code)_[a-z]+|[0-9a-f]{24}/g, '…')] = bytes;
        }
        if (isJudged) expect(await axe(page), path).toEqual([]);
        for (const width of [1024, 390, 360]) {
          await page.setViewportSize({ width, height: 844 });
          const overflow = await page.evaluate(async () => {
            await new Promise(requestAnimationFrame);
            return document.documentElement.scrollWidth - window.innerWidth;
          });
          expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
        }
        await page.setViewportSize({ width: 1024, height: 844 });
      };
      await page.setViewportSize({ width: 1024, height: 844 });
      await page.addInitScript((chosen) => localStorage.setItem('fieldbook.language', chosen), language);
      await page.goto(app.address);
      await judge('sign-in');
      await app.open('/');
      for (const path of paths) {
        await (isWeighed ? page.goto(app.address + path) : follow(page, path));
        await judge(path);
      }
      if (isWeighed) process.stdout.write(`First-load JavaScript, brotli: ${JSON.stringify(weights)}\n`);
    });
  });
}

test('scripts are compressed and cached forever', async ({ app, page }) => {
  const scripts = new Set<string>();
  page.on('response', (response) => {
    if (!response.url().endsWith('.js')) return;
    scripts.add(response.url());
    expect(response.headers(), response.url()).toMatchObject({
      'content-encoding': 'br',
      'cache-control': expect.stringContaining('immutable'),
    });
  });
  await app.open('/fields/USER');
  expect(scripts.size).toBeGreaterThan(3);
});

test('the first visit uses the browser’s language; a choice stays', async ({ app, browser }) => {
  const context = await browser.newContext({ locale: 'zh-Hant-HK' });
  const page = await context.newPage();
  await page.goto(app.address);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-TW');
  await page.getByRole('button', { name: '日本語' }).click();
  await expect(page.getByRole('button', { name: 'ログイン' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja-JP');
  await context.close();
});

test('works by keyboard: skip link, navigation, menus', async ({ app, page }) => {
  await app.open('/fields/USER');
  const settled = watch(page);
  await page.goto(`${app.address}/users`);
  await settled();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
  await page.getByRole('button', { name: 'Language' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'ユーザー', exact: true })).toBeVisible();
  await page.getByRole('button', { name: '言語' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '言語' })).toBeFocused();
});

test('a wrong password has an error that doesn’t say which of the two was wrong', async ({ app, page }) => {
  await page.goto(app.address);
  for (const email of ['admin@example.com', 'nobody@example.com']) {
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The email or password is wrong.')).toBeVisible();
  }
});

test('signing out ends the session on the server', async ({ app, page, context }) => {
  await app.open('/users');
  const cookies = await context.cookies();
  await signOut(page);
  await context.addCookies(cookies);
  await page.reload();
  await expect(page.locator('.sign-in')).toBeVisible();
});
