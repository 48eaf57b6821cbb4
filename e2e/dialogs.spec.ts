import type { Locator, Page } from '@playwright/test';
import { type Language, languages } from '../src/contract/wire/language.ts';
import { type App, expect, test, unique } from './app.ts';
import { axe } from './axe.ts';

// What opens above a page: dialogs, popovers, and the lists and calendars inside them.

const widths = [1440, 1024, 390];
const popups = '.ant-select-dropdown:visible, .ant-picker-dropdown:visible .ant-picker-panel-container';

/** What is wrong with a popup: where it leaves the window, and which of its corners something else covers or clips. */
const faultsOf = (popup: Locator): Promise<string[]> =>
  popup.evaluate(
    async (shown) => {
      await Promise.all(shown.getAnimations({ subtree: true }).map((one) => one.finished.catch(() => undefined)));
      const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
      const outside = left < 0 || right > innerWidth || top < 0 || bottom > innerHeight;
      const corners = [
        [left + 8, top + 8],
        [right - 8, top + 8],
        [left + 8, bottom - 8],
        [right - 8, bottom - 8],
      ] as const;
      const clipped = corners.filter(([x, y]) => !shown.contains(document.elementFromPoint(x, y)));
      return [
        ...(width < 60 || height < 20 ? [`is ${width} × ${height}`] : []),
        ...(outside ? [`leaves the window: ${[left, right, top, bottom].map(Math.round)}`] : []),
        ...(clipped.length ? [`is clipped at ${clipped.length} corners`] : []),
      ];
    },
    undefined,
    { timeout: 2_000 },
  );

/** Opens every select and date picker of a dialog at each width. */
async function judge(page: Page, dialog: Locator, name: string, controls: number) {
  await expect(dialog, name).toBeVisible();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const overflow = await dialog.evaluate((shown) =>
      Math.max(
        ...[shown, ...shown.querySelectorAll('*')].map((one) => {
          const scrolls = /auto|scroll/.test(getComputedStyle(one).overflowX);
          return scrolls && !one.matches('input, textarea, .ant-select *') ? one.scrollWidth - one.clientWidth : 0;
        }),
      ),
    );
    expect(overflow, `${name} scrolls sideways at ${width}`).toBe(0);
    const found = dialog.locator('.ant-select, .ant-picker');
    await expect(found, name).toHaveCount(controls);
    for (const control of await found.all()) {
      const popup = page.locator(popups);
      // A page that is still loading may close what was opened.
      await expect(async () => {
        if (!(await popup.isVisible())) await control.click({ timeout: 2_000 });
        await expect(popup, `${name} at ${width}`).toBeVisible({ timeout: 2_000 });
        expect(await faultsOf(popup), `${name} at ${width}`).toEqual([]);
      }).toPass({ timeout: 15_000 });
      if (isLong && width === widths[0]) expect(await axe(page, { within: 'dialog[open]' }), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(popup).toHaveCount(0);
      await expect(dialog, `${name}: Escape closes what is open in it first`).toBeVisible();
    }
  }
  await page.setViewportSize({ width: 1440, height: 844 });
}

/** One of each that a dialog can be about. */
async function fill({ call }: App) {
  const code = unique('over');
  const options = Array.from({ length: 12 }, (_, at) => ({ value: `o${at}`, label: `Option ${at}` }));
  await call('setCustomFields', {
    list: [
      { targetType: 'USER', key: `${code}_pick`, label: 'Pick', dataType: 'ENUM', options, group: 'Some' },
      { targetType: 'USER', key: `${code}_day`, label: 'Day', dataType: 'DATETIME', precision: 'day' },
      { targetType: 'USER', key: `${code}_secret`, label: 'Secret', encrypted: true, desensitization: true },
    ],
  });
  const { userId } = await call('createUser', {
    username: code,
    customData: { [`${code}_pick`]: 'o3', [`${code}_secret`]: '13812345678' },
  });
  await call('createNamespace', { code, name: code });
  await call('createOrganization', { organizationCode: code, organizationName: code });
  await call('createTenant', { name: code });
  return { code, userId };
}

const button = (page: Page, icon: string) => page.locator(`button:has(.lucide-${icon})`);

/** Opens every dialog, one after another, for `see`, which closes it. */
async function openAll(
  { app, page, language }: { app: App; page: Page; language: Language },
  see: (name: string, controls?: number) => Promise<void>,
) {
  const { code, userId } = await fill(app);
  const dialog = page.locator('dialog[open]');
  await app.open('/users?create=user', { language });
  await see('new user');
  for (const [path, controls] of [
    ['/roles?create=role', 1],
    ['/roles?create=namespace', 0],
    ['/groups?create=group', 0],
    [`/departments?organization=${code}&create=department`, 0],
    [`/departments?organization=${code}&create=organization`, 0],
  ] as const) {
    await page.goto(app.address + path);
    await see(path, controls);
  }

  const filter = encodeURIComponent(JSON.stringify([`${code}_pick`, 'IN', ['o3']]));
  const since = encodeURIComponent(JSON.stringify([`${code}_day`, 'EQUAL', '2024-04-01T00:00:00.000Z']));
  await page.goto(`${app.address}/users?filter=${filter}&filter=${since}`);
  await button(page, 'list-filter').click();
  await see('a new filter', 1);
  const chips = page.locator('.filter-chip');
  await chips.nth(0).getByRole('button').first().click();
  await see('a filter by options', 3);
  await chips.nth(1).getByRole('button').first().click();
  await see('a filter by days', 3);
  await button(page, 'columns-3').click();
  await see('columns', 1);

  await page.goto(`${app.address}/fields/USER/${code}_pick`);
  await button(page, 'columns-4').click();
  await see('four languages side by side: options', 4);
  await page.goto(`${app.address}/fields/USER/${code}_pick/options`);
  await button(page, 'clipboard-paste').click();
  await see('a paste');
  await page.locator('.option-row').nth(3).locator('button:has(.lucide-trash-2)').click();
  await page.keyboard.press('Control+s');
  await dialog.getByRole('radio').nth(1).check();
  await see('a plan', 1);

  await page.goto(`${app.address}/users/${userId}`);
  await page.locator('.protected button').first().click();
  await see('a comparison');
  await page.keyboard.press('Control+k');
  await see('the palette');
  await page.locator('.shell-top .menu').last().getByRole('button').click();
  await button(page, 'eye').click();
  await see('view as', 2);

  for (const [path, controls] of [
    ['/settings/keys', 0],
    ['/settings/staff', 1],
    ['/settings/roles', 1],
  ] as const) {
    await page.goto(app.address + path);
    await button(page, 'plus').first().click();
    if (path === '/settings/roles') await dialog.getByRole('radio').nth(1).check();
    await see(path, controls);
  }
}

// Once, in turns light and dark; in a long run in each language and theme, and with what is open in a dialog.
const isLong = process.env.LOOKS === 'all';
const themes = ['light', 'dark'] as const;
const looks = isLong
  ? languages.flatMap((language) => themes.map((theme) => [language, [theme]] as const))
  : [['en-US', themes] as const];

for (const [language, shown] of looks) {
  test(`in ${language}, ${shown.join(' and ')}, no popup is clipped by a dialog or leaves the window, no dialog scrolls sideways, and axe finds nothing`, async ({
    app,
    page,
  }) => {
    test.setTimeout(180_000);
    const dialog = page.locator('dialog[open]');
    let turn = 0;
    await openAll({ app, page, language }, async (name, controls = 0) => {
      await page.emulateMedia({ colorScheme: shown[turn % shown.length] ?? null });
      turn += 1;
      await judge(page, dialog, name, controls);
      expect(await axe(page, { within: 'dialog[open]' }), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    });
  });
}

const menusOf = (page: Page) => page.locator('.menu > button:visible');

for (const [language, shown] of looks) {
  test(`in ${language}, ${shown.join(' and ')}, axe finds nothing in a menu`, async ({ app, page }) => {
    const { userId } = await fill(app);
    await app.open('/users', { language });
    let turn = 0;
    const paths = ['/users', '/fields/USER', ...(isLong ? [`/users/${userId}`, '/roles', '/departments'] : [])];
    for (const path of paths) {
      await page.goto(app.address + path);
      await expect(page.locator('main h1')).toBeVisible();
      await page.waitForLoadState('networkidle');
      // Those of rows are alike.
      for (const menu of (await menusOf(page).all()).slice(0, 8)) {
        await page.emulateMedia({ colorScheme: shown[turn % shown.length] ?? null });
        turn += 1;
        await menu.click();
        const open = page.getByRole('menu').filter({ visible: true });
        await expect(open).toHaveCount(1);
        expect(await axe(page, { within: '.menu-list' }), path).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(open).toHaveCount(0);
      }
    }
  });
}
