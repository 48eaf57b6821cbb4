import type { Locator, Page } from '@playwright/test';
import { type App, expect, type Running, test, unique } from './app.ts';
import { countEffort } from './effort.ts';

// What everyday tasks cost in presses and keys, at most. The letters of a text don't count, which every way has to write.

const cities = [
  ['Tokyo', '东京', 'Tokyo', '東京', '東京'],
  ['Taipei', '台北', 'Taipei', '臺北', '台北'],
  ['Beijing', '北京', 'Beijing', '北京', '北京'],
  ['Shanghai', '上海', 'Shanghai', '上海', '上海'],
  ['Osaka', '大阪', 'Osaka', '大阪', '大阪'],
  ['Shenzhen', '深圳', 'Shenzhen', '深圳', '深圳'],
] as const;

/** The options as they are stored: label, then the four languages in the console's order. */
async function storedOptions({ call }: Running, label: string) {
  const field = (await call('getCustomFields', { targetType: 'USER' })).find((one) => one.label === label);
  const options = field && 'options' in field ? field.options : [];
  return options.map(({ label: name, i18n }) => [
    name,
    ...(['zh-CN', 'en-US', 'zh-TW', 'ja-JP'] as const).map((language) => {
      const unit = i18n?.label[language];
      return unit?.enabled ? unit.value : undefined;
    }),
  ]);
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, goal: Locator) {
  for (let count = 0; count < 60; count += 1) {
    if (await goal.evaluateAll((found) => found.some((one) => one === document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The focus doesn’t come to ${goal}`);
}

test.describe('a field with 6 options in 4 languages', () => {
  test('costs 14 clicks by mouse, or one paste', async ({ app, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { spent } = await countEffort(page);
    const label = unique('City');
    await app.open('/fields/USER');
    const table = [['label', '简体中文', 'English', '繁體中文', '日本語'], ...cities];
    await page.evaluate((text) => navigator.clipboard.writeText(text), table.map((row) => row.join('\t')).join('\r\n'));
    await page.getByRole('button', { name: 'New field' }).click();
    await page.getByRole('radio', { name: /Single select/ }).check();
    await page.getByLabel('Default name').fill(label);
    await page.getByRole('button', { name: 'Paste from a spreadsheet' }).click();
    await page.keyboard.press('Control+v');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('button', { name: 'Create field' }).click();
    await expect(page.getByText(`Saved “${label}”`)).toBeVisible();
    expect(await storedOptions(app, label)).toEqual(cities);
    const { clicks, keys } = await spent();
    expect(clicks).toBeLessThanOrEqual(14);
    expect(keys).toBeLessThanOrEqual(1);
  });

  test('costs 120 keys by keyboard, without the texts themselves', async ({ app, page }) => {
    const { spent } = await countEffort(page);
    const label = unique('Town');
    await app.open('/fields/USER');
    await expect(page.getByRole('button', { name: 'New field' })).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'New field' }));
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Default name')).toBeFocused();
    await page.keyboard.insertText(label);
    await page.keyboard.press('Shift+Tab');
    for (let count = 0; count < 4; count += 1) await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /Single select/ })).toBeChecked();
    await tabTo(page, page.getByRole('button', { name: 'Add option' }));
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Label of option 1', { exact: true })).toBeFocused();
    // Down each column, where Enter adds the rows, and up to the next.
    for (const column of cities[0].keys()) {
      for (const [index, texts] of cities.entries()) {
        await page.keyboard.insertText(texts[column] ?? '');
        if (index < cities.length - 1) await page.keyboard.press('Enter');
      }
      if (column === cities[0].length - 1) break;
      for (const _ of cities.slice(1)) await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Control+s');
    await expect(page.getByText(`Saved “${label}”`)).toBeVisible();
    expect(await storedOptions(app, label)).toEqual(cities);
    expect((await spent()).keys).toBeLessThanOrEqual(120);
  });
});

/** Three people whom a search finds, with the only field of a tenant, which is empty. */
async function three({ call }: App) {
  const [key, word] = [unique('badge'), unique('crew')];
  const { tenantId } = await call('createTenant', { name: unique('tenant') });
  await call('setCustomFields', { tenantId, list: [{ targetType: 'USER', key, label: 'Badge' }] });
  const list = [0, 1, 2].map((at) => ({ username: `${word}${at}`, name: `${word} ${at}` }));
  const people = await call('createUsersBatch', { list });
  const held = () =>
    Promise.all(
      people.map(async ({ userId }) => {
        const values = await call('getCustomData', { targetType: 'USER', targetIdentifier: userId, tenantId });
        return values[key];
      }),
    );
  return { key, word, held, tenantId, second: people[1]?.userId ?? '' };
}

test.describe('one field for three people', () => {
  test('costs 8 clicks by mouse', async ({ app, page }) => {
    const { word, held, tenantId } = await three(app);
    const { spent } = await countEffort(page);
    await app.open(`/t/${tenantId}/users?q=${word}&sort=name`);
    await page.getByRole('link', { name: `${word} 0` }).click();
    for (const [at, text] of ['one', 'two', 'three'].entries()) {
      if (at) await page.getByRole('link', { name: 'Next in the list' }).click();
      await expect(page.getByRole('heading', { level: 1, name: `${word} ${at}` })).toBeVisible();
      await page.getByLabel('Badge').click();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Control+s');
      await expect(page.getByText(`Saved “${word} ${at}”`)).toBeVisible();
    }
    expect(await held()).toEqual(['one', 'two', 'three']);
    expect(await spent()).toEqual({ clicks: 6, keys: 3 });
  });

  test('costs 20 keys by keyboard: Alt and an arrow go on in the same field of the next one', async ({ app, page }) => {
    const { word, held, tenantId } = await three(app);
    const { spent } = await countEffort(page);
    await app.open(`/t/${tenantId}/users?q=${word}&sort=name`);
    await expect(page.getByRole('link', { name: `${word} 0` })).toBeVisible();
    for (const key of ['/', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await expect(page.getByLabel('Badge')).toBeVisible();
    await tabTo(page, page.getByLabel('Badge'));
    for (const [at, text] of ['one', 'two', 'three'].entries()) {
      if (at) await page.keyboard.press('Alt+ArrowDown');
      await expect(page.getByRole('heading', { level: 1, name: `${word} ${at}` })).toBeVisible();
      await expect(page.getByLabel('Badge')).toBeFocused();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Control+s');
      await expect(page.getByText(`Saved “${word} ${at}”`)).toBeVisible();
      // After a save one is where one was.
      await expect(page.getByLabel('Badge')).toBeFocused();
    }
    expect(await held()).toEqual(['one', 'two', 'three']);
    expect((await spent()).keys).toBeLessThanOrEqual(20);
  });
});

test('a person is found by a custom value with Ctrl K and the value, or one click and the value', async ({
  app,
  page,
}) => {
  const { key, word, tenantId, second } = await three(app);
  const value = unique('CC').toUpperCase();
  const place = { targetType: 'USER' as const, targetIdentifier: second, tenantId };
  await app.call('setCustomData', { ...place, list: [{ key, value }] });
  const { spent } = await countEffort(page);
  await app.open(`/t/${tenantId}/groups`);
  await expect(page.getByRole('heading', { name: 'Groups', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
  await page.keyboard.insertText(value);
  await expect(page.getByRole('option', { name: new RegExp(`${word} 1`) })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `${word} 1` })).toBeVisible();
  expect(await spent()).toEqual({ clicks: 0, keys: 2 });
});

test('a value is restored by one click', async ({ app, page }) => {
  const { key, tenantId, second } = await three(app);
  const place = { targetType: 'USER' as const, targetIdentifier: second, tenantId };
  for (const value of ['right', 'wrong']) await app.call('setCustomData', { ...place, list: [{ key, value }] });
  const { spent } = await countEffort(page);
  await app.open(`/t/${tenantId}/users/${second}`);
  await page.getByLabel('Badge', { exact: true }).hover();
  await page
    .locator(`[data-path="custom.${key}"]`)
    .getByRole('button', { name: /^(Revert|Back to|Undo)/ })
    .click();
  await expect(page.getByLabel('Badge', { exact: true })).toHaveValue('right');
  await expect.poll(async () => (await app.call('getCustomData', place))[key]).toBe('right');
  expect(await spent()).toEqual({ clicks: 1, keys: 0 });
});

test('a role, a group and a department are edited with 9 clicks', async ({ app, page }) => {
  const word = unique('unit');
  const { tenantId } = await app.call('createTenant', { name: word });
  for (const targetType of ['ROLE', 'GROUP', 'DEPARTMENT'] as const)
    await app.call('setCustomFields', { tenantId, list: [{ targetType, key: word, label: 'Owner' }] });
  await app.call('createRole', { code: word, name: word });
  await app.call('createGroup', { code: word, name: word, description: '' });
  await app.call('createOrganization', { organizationCode: word, organizationName: word, tenantId });
  const { spent } = await countEffort(page);
  await app.open(`/t/${tenantId}/`);
  for (const [list, name] of [
    ['Roles', 'Roles'],
    ['Groups', 'Groups'],
    ['Departments', 'Departments'],
  ] as const) {
    await page.locator('.shell-nav').getByRole('link', { name: list }).click();
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await page.locator('main').getByRole('link', { name: word }).last().click();
    await page.getByLabel('Owner').click();
    await page.keyboard.insertText('Ada');
    await page.keyboard.press('Control+s');
    await expect(page.getByText(`Saved “${word}”`).last()).toBeVisible();
  }
  expect((await spent()).clicks).toBeLessThanOrEqual(9);
});
