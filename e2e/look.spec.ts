import type { Locator } from '@playwright/test';
import { expect, type Running, test, unique } from './app.ts';
import { axe } from './axe.ts';

// How pages look and read: long texts, lines, signs, and what a screen reader, a key or a finger gets of them.

const linesOf = (text: Locator) =>
  text.evaluate((shown) => {
    const { height } = shown.getBoundingClientRect();
    return Math.round(height / Number.parseFloat(getComputedStyle(shown).lineHeight));
  });
const boxOf = async (one: Locator) => (await one.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };

async function group({ call }: Running, name: string) {
  const code = unique('look');
  await call('createGroup', { code, name });
  return code;
}

test('a long name takes two lines in a list, in its header and in the audit log; the focus shows the rest', async ({
  app,
  page,
}) => {
  const word = unique('long');
  const long = `${word} ${'A name of very many words that goes on and on '.repeat(5)}`.slice(0, 200);
  const key = unique('text');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key }] });
  const code = await group(app, long);
  await app.call('setCustomData', { targetType: 'GROUP', targetIdentifier: code, list: [{ key, value: long }] });
  await app.open(`/groups?q=${word}&columns=${key},description`);
  const link = page.locator('.row-link');
  const value = page.locator('td .two-lines').nth(1);
  expect([await linesOf(link), await linesOf(value)]).toEqual([2, 2]);
  await expect(link).toHaveAttribute('title', long);
  await link.focus();
  expect(await linesOf(link)).toBeGreaterThan(2);
  expect(await link.evaluate((shown) => shown.scrollHeight - shown.clientHeight)).toBeLessThanOrEqual(1);
  await link.click();
  const heading = page.getByRole('heading', { level: 1 });
  // While the page loads, there is no text to measure.
  await expect.poll(() => linesOf(heading)).toBeLessThanOrEqual(2);
  await expect.poll(() => linesOf(page.locator('.crumbs [aria-current]'))).toBe(1);
  await heading.focus();
  const hidden = () => heading.evaluate((shown) => shown.scrollHeight - shown.clientHeight);
  await expect.poll(hidden).toBeLessThanOrEqual(1);
  await page.setViewportSize({ width: 1024, height: 844 });
  await page.goto(`${app.address}/activity?q=e2e`);
  const row = page.getByRole('row', { name: new RegExp(word) }).first();
  await expect(row).toBeVisible();
  for (const column of ['.who', '.what', '.whose'])
    expect((await boxOf(row.locator(column))).width, column).toBeGreaterThanOrEqual(119);
  expect(await linesOf(row.locator('.two-lines'))).toBe(2);
});

test('pages keep their lines: filters, titles, numbers and inputs stand where one looks for them', async ({
  app,
  page,
}) => {
  const key = unique('lined');
  await app.call('setCustomFields', {
    list: [
      { targetType: 'GROUP', key, dataType: 'NUMBER', group: 'A section' },
      { targetType: 'GROUP', key: `${key}_text` },
    ],
  });
  const code = await group(app, key);
  await app.call('setCustomData', { targetType: 'GROUP', targetIdentifier: code, list: [{ key, value: 7 }] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await app.open('/fields/GROUP');
  const filters = page.locator('main .filters > *');
  await expect(filters.last()).toBeVisible();
  const tops = await filters.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  expect(new Set(tops).size, 'rows of filters').toBe(1);
  const icons = await page.locator('.shell-nav svg').evaluateAll((all) => all.map((one) => one.classList[1]));
  expect(icons.filter((name) => name?.includes('users'))).toHaveLength(1);

  await page.goto(`${app.address}/fields/GROUP/preview`);
  expect((await boxOf(page.locator('main .choice').first())).width).toBeLessThanOrEqual(440);

  await page.goto(`${app.address}/settings/roles`);
  const title = await boxOf(page.getByRole('heading', { level: 1 }));
  expect((await boxOf(page.locator('main .tabs'))).y).toBeGreaterThan(title.y);
  const chips = page.locator('.key-scopes').first().locator('.badge');
  const [first, second] = [await boxOf(chips.nth(0)), await boxOf(chips.nth(1))];
  expect(second.x - first.x - first.width).toBeGreaterThanOrEqual(4);

  await page.goto(`${app.address}/groups?q=${key}&columns=${key}`);
  await expect(page.locator('td.number').first()).toHaveCSS('text-align', 'right');
  await expect(page.locator('th.number')).toHaveCSS('text-align', 'right');
  const bar = await boxOf(page.locator('.shell-top'));
  await page.locator('button:has(.lucide-plus)').first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await boxOf(page.locator('.shell-top')), 'the top bar while a dialog is open').toEqual(bar);

  await page.goto(`${app.address}/groups/${code}`);
  const inputs = page.locator('form section').last().locator('textarea, .plain-value');
  await expect(inputs.nth(1)).toBeVisible();
  expect((await boxOf(inputs.nth(1))).y, 'Code beside Name').toBeCloseTo((await boxOf(inputs.nth(0))).y, 0);
});

test('data quality draws shares of all values, and marks an inactive option', async ({ app, page }) => {
  const key = unique('share');
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'ENUM', options }] });
  await app.call('createUsersBatch', {
    list: ['a', 'a', 'b', 'b', 'c'].map((value) => ({ username: unique('u'), customData: { [key]: value } })),
  });
  const list = [{ targetType: 'USER' as const, key, options: options.slice(0, 2) }];
  await app.call('setCustomFields', { list });
  await app.open(`/fields/USER/${key}/health`);
  const bars = page.locator('.bars li');
  await expect(bars).toHaveCount(3);
  const shares = await bars.evaluateAll((all) =>
    all.map((one) => {
      const [bar, filled] = [one.querySelector('.bar'), one.querySelector('.bar > span')];
      return Math.round((100 * (filled?.clientWidth ?? 0)) / (bar?.clientWidth ?? 1));
    }),
  );
  expect(shares).toEqual([40, 40, 20]);
  await expect(bars.filter({ hasText: 'C' }).locator('.badge')).toHaveText('Inactive');
  await expect(page.locator('.bars .badge')).toHaveCount(1);
});

test('a role that can’t edit values is never shown as one that edits, and an empty trash says that it is empty', async ({
  app,
  page,
}) => {
  await app.open('/fields/ROLE/new');
  const auditor = page.locator('.access-list').getByRole('radiogroup', { name: 'Auditor' });
  await expect(auditor.getByRole('radio', { checked: true })).toHaveAccessibleName('View');
  await expect(auditor.getByRole('radio', { name: 'Edit' })).toHaveCount(0);
  const support = page.locator('.access-list').getByRole('radiogroup', { name: 'Support' });
  await expect(support.getByRole('radio', { checked: true })).toHaveAccessibleName('Edit');
  // Other tests delete, but not in a tenant of this one's own.
  const { tenantId } = await app.call('createTenant', { name: unique('tenant') });
  await page.goto(`${app.address}/t/${tenantId}/departments?trash`);
  await expect(page.locator('.empty')).toContainText('The trash is empty');
});

test('a console role that was changed is changed back by Undo', async ({ app, page }) => {
  await app.open('/settings/staff');
  const role = page.getByRole('row', { name: /support@example\.com/ }).locator('.ant-select');
  await role.click();
  await page
    .getByRole('option', { name: 'Auditor' })
    .or(page.locator('.ant-select-item', { hasText: 'Auditor' }))
    .last()
    .click();
  await expect(role).toContainText('Auditor');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await expect(role).toContainText('Support');
});

test('days of the audit log are shown in the language of the console', async ({ app, page }) => {
  await app.open('/activity?from=2024-04-01', { language: 'zh-CN' });
  const day = page.locator('.day-filter input').first();
  await expect(day).toHaveValue('2024年4月1日');
  await day.click();
  await expect(page.locator('.ant-picker-dropdown')).toContainText('今天');
  await day.fill('2024-05-02');
  await day.press('Enter');
  await expect(page).toHaveURL(/from=2024-05-02/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('axe finds nothing in an open list, a calendar, a save bar and the preview, by all of its rules', async ({
      app,
      page,
    }) => {
      const key = unique('day');
      await app.call('setCustomFields', {
        list: [
          { targetType: 'GROUP', key, dataType: 'DATETIME', precision: 'day' },
          { targetType: 'GROUP', key: `${key}_text`, group: 'A section' },
        ],
      });
      const code = await group(app, key);
      const filter = encodeURIComponent(JSON.stringify([key, 'EQUAL', '2024-04-01T00:00:00.000Z']));
      await app.open(`/groups?filter=${filter}`);
      await page.locator('.filter-chip button').first().click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('.ant-select').first().click();
      await expect(page.locator('.ant-select-dropdown')).toBeVisible();
      expect(await axe(page, { byAll: true }), 'a list').toEqual([]);
      await page.keyboard.press('Escape');
      const picker = dialog.locator('.ant-picker');
      await picker.click();
      await expect(page.locator('.ant-picker-dropdown')).toBeVisible();
      expect(await axe(page, { byAll: true }), 'a calendar').toEqual([]);
      await picker.hover();
      const clear = await boxOf(picker.locator('.ant-picker-clear'));
      expect([clear.width >= 24, clear.height >= 24], 'the size of its clear button').toEqual([true, true]);
      await page.goto(`${app.address}/groups/${code}`);
      await page.getByLabel(`${key}_text`).fill('x');
      expect(await axe(page, { byAll: true }), 'a save bar').toEqual([]);
      await page.goto(`${app.address}/fields/GROUP/preview`);
      await expect(page.locator('.preview-frame').first()).toBeVisible();
      expect(await axe(page, { byAll: true }), 'the preview').toEqual([]);
    });
  });
}

test('menus know Home, End and first letters, and no icon is read out by an English name', async ({ app, page }) => {
  await app.open('/users', { language: 'ja-JP' });
  await page.getByRole('searchbox').fill('x');
  await page.locator('button:has(.lucide-languages)').press('Enter');
  const items = page.getByRole('menuitemradio');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('e');
  await expect(page.getByRole('menuitemradio', { name: 'English' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Escape');
  await page.locator('button:has(.lucide-list-filter)').click();
  await page.locator('dialog .ant-select').first().click();
  await expect(page.locator('.ant-select-dropdown')).toBeVisible();
  const said = page.locator('[role="img"][aria-label]:not([aria-hidden="true"] *):not([aria-hidden="true"])');
  expect(await said.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual([]);
});

test('what the signs and times of a row mean is read with the focus on it, and without a pointer', async ({
  app,
  page,
  browser,
}) => {
  const key = unique('signs');
  const on = { enabled: true, value: '一' };
  await app.call('setCustomFields', {
    list: [{ targetType: 'GROUP', key, isUnique: true, i18n: { label: { 'ja-JP': on } } }],
  });
  await app.open('/fields/GROUP');
  const row = page.getByRole('row', { name: new RegExp(key) });
  const words = row.locator('.row-in-words');
  await expect(words).toBeHidden();
  await page.getByRole('searchbox').fill(key);
  await expect(page.locator('.row-link')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(words).toBeVisible();
  await expect(words).toContainText('Japanese: On');
  await expect(words).toContainText(/\d of \d+ have a value/);
  await expect(words).toContainText(String(new Date().getFullYear()));
  const context = await browser.newContext({
    storageState: await page.context().storageState(),
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  });
  const phone = await context.newPage();
  await phone.goto(`${app.address}/fields/GROUP?q=${key}`);
  await expect(phone.locator('.row-in-words')).toBeVisible();
  await context.close();
});
