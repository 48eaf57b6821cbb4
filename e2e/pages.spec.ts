import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { expect, type Running, test, unique } from './app.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Complaints of axe about the page as it stands: WCAG 2.2 A and AA. */
async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: { run: (context: Document, options: object) => Promise<{ violations: Violation[] }> };
    };
    const found = await run.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}
interface Violation {
  id: string;
  nodes: { html: string }[];
}

/** One of everything, so that every page has something to show. */
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
    '/fields/USER',
    '/fields/USER/new',
    `/fields/USER/${key}`,
    `/fields/USER/${key}_date`,
    `/fields/USER/${key}_text`,
    '/fields/USER/built-in',
    '/fields/USER/built-in/nickname',
    '/fields/USER/translations',
    '/fields/USER/preview',
    '/fields/USER/files',
    '/fields/USER/bin',
    `/fields/USER/${key}/health`,
    '/users',
    `/users/${userId}`,
    `/users/${userId}/history`,
    `/users/${userId}/raw`,
    '/users?create=user',
    '/users?bin',
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

// Each page in each language, two of them in each theme: laid out at both widths, and judged.
for (const [language, colorScheme] of [
  ['zh-CN', 'light'],
  ['en-US', 'dark'],
  ['zh-TW', 'dark'],
  ['ja-JP', 'light'],
] as const) {
  test.describe(`${language}, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('no page is wider than 1024 or 390 pixels, and axe finds nothing', async ({ app, page }) => {
      test.setTimeout(240_000);
      const paths = await fill(app);
      await page.goto(app.address);
      await page.locator('.sign-in').waitFor();
      expect(await axe(page), 'sign-in').toEqual([]);
      await app.open('/', { language });
      for (const path of paths) {
        await page.setViewportSize({ width: 1024, height: 844 });
        await page.goto(app.address + path);
        await page.waitForLoadState('networkidle');
        expect(await axe(page), path).toEqual([]);
        for (const width of [1024, 390]) {
          await page.setViewportSize({ width, height: 844 });
          const overflow = await page.evaluate(async () => {
            await new Promise(requestAnimationFrame);
            return document.documentElement.scrollWidth - window.innerWidth;
          });
          expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
        }
      }
    });
  });
}

test('the first visit follows the browser’s language; a choice stays', async ({ app, browser }) => {
  const context = await browser.newContext({ locale: 'zh-Hant-HK' });
  const page = await context.newPage();
  await page.goto(app.address);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-TW');
  await page.getByRole('button', { name: '日本語' }).click();
  await expect(page.getByRole('button', { name: 'サインイン' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja-JP');
  await context.close();
});

test('works by keyboard: skip link, navigation, menus', async ({ app, page }) => {
  await app.open('/fields/USER');
  await page.goto(`${app.address}/users`);
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
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

test('a wrong password says so, and not which of the two was wrong', async ({ app, page }) => {
  await page.goto(app.address);
  for (const email of ['admin@example.com', 'nobody@example.com']) {
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The email or the password is wrong.')).toBeVisible();
  }
});

test('signing out ends the session on the server', async ({ app, page, context }) => {
  await app.open('/users');
  const cookies = await context.cookies();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.locator('.sign-in').waitFor();
  await context.addCookies(cookies);
  await page.reload();
  await expect(page.locator('.sign-in')).toBeVisible();
});

test.describe('first-load JavaScript, as it travels', () => {
  const budget = { signIn: 190_000, other: 380_000 };

  test('stays under its budget', async ({ app, page, browser }) => {
    test.setTimeout(180_000);
    const paths = await fill(app);
    const weigh = async (path: string, state?: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>) => {
      const context = await browser.newContext(state ? { storageState: state } : {});
      const fresh = await context.newPage();
      let bytes = 0;
      fresh.on('response', async (response) => {
        if (!response.url().endsWith('.js')) return;
        const headers = response.headers();
        expect(headers['content-encoding'], response.url()).toBe('br');
        expect(headers['cache-control']).toContain('immutable');
        bytes += Number(headers['content-length']);
      });
      await fresh.goto(app.address + path);
      await fresh.waitForLoadState('networkidle');
      await context.close();
      return bytes;
    };
    const signIn = await weigh('/');
    expect(signIn).toBeGreaterThan(10_000);
    expect(signIn).toBeLessThanOrEqual(budget.signIn);
    await app.open('/');
    const state = await page.context().storageState();
    const weights: Record<string, number> = { 'sign-in': signIn };
    // What a query opens, and a list of another type, loads what is weighed already.
    const own = paths.filter((path) => !path.includes('?') && !/^\/(roles|groups|departments)/.test(path));
    for (const path of own) weights[path.replace(/(page|code)_[a-z]+|[0-9a-f]{24}/g, '…')] = await weigh(path, state);
    process.stdout.write(`First-load JavaScript, brotli: ${JSON.stringify(weights)}\n`);
    for (const [path, bytes] of Object.entries(weights)) expect(bytes, path).toBeLessThanOrEqual(budget.other);
  });
});
