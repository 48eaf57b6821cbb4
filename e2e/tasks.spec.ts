import type { Locator, Page } from '@playwright/test';
import { expect, type Running, test, unique } from './app.ts';
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
