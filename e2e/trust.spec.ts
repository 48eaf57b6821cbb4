import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type App, enter, expect, signIn, signOut, test, unique } from './app.ts';

test('a custom role is made and given, and the console is viewed as that role', async ({ app, page }) => {
  const [role, open, hidden] = [unique('role'), unique('seen'), unique('hidden')];
  await app.call('setCustomFields', { list: [open, hidden].map((key) => ({ targetType: 'USER' as const, key })) });
  const customData = { [open]: 'plain to see', [hidden]: 'not for them' };
  const { userId } = await app.call('createUser', { username: unique('person'), customData });
  await app.open('/settings/roles');
  await page.getByRole('button', { name: 'New role' }).press('Enter');
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(role);
  await page.getByLabel(/^Write values/).check();
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await expect(page.getByText(`Saved role “${role}”`)).toBeVisible();

  // The role must not see one field, and not change the other.
  for (const [key, access] of [
    [hidden, 'Hidden'],
    [open, 'View'],
  ] as const) {
    await page.goto(`${app.address}/fields/USER/${key}/protection`);
    await page.getByRole('radiogroup', { name: role }).getByText(access, { exact: true }).click();
    await page.keyboard.press('Control+s');
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
  }
  await page.goto(`${app.address}/settings/roles`);
  await page.getByRole('button', { name: `Actions for ${role}` }).press('Enter');
  await page.getByRole('menuitem', { name: 'View as this role' }).press('Enter');
  await page.getByRole('button', { name: 'View', exact: true }).press('Enter');
  await expect(page.getByText(`Viewing as “${role}” (read-only)`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await page.goto(`${app.address}/users/${userId}`);
  await expect(page.locator('.value', { hasText: open })).toContainText('plain to see');
  await expect(page.getByRole('textbox', { name: open })).toHaveCount(0);
  await expect(page.getByText(hidden)).toHaveCount(0);
  await page.getByRole('button', { name: 'Exit' }).press('Enter');
  await expect(page.getByText('Viewing as “')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
});

test('a masked value is verified, revealed with a reason, and replaced, and no trace has the value', async ({
  app,
  page,
}) => {
  const key = unique('phone');
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key, encrypted: true, desensitization: true, mask: 'PHONE' }],
  });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: '13812345678' } });
  await app.open(`/users/${userId}`);
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('138••••5678');
  expect(await page.content()).not.toContain('13812345678');

  await page.getByRole('button', { name: `Verify: ${key}` }).press('Enter');
  const said = page.getByLabel('Value from the caller');
  await said.fill('13800000000');
  await said.press('Control+Enter');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByRole('status').getByText('No match')).toBeVisible();
  await said.fill('13812345678');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByText('Match', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: `Reveal: ${key}` }).press('Enter');
  await page.getByRole('button', { name: 'Reveal', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Reason', { exact: true }).fill('They call back');
  await page.getByLabel('Reason', { exact: true }).press('Enter');
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('13812345678');
  await expect(page.getByRole('timer')).toContainText('Hidden in');
  await page.getByRole('button', { name: 'Hide now' }).press('Enter');
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('138••••5678');

  // Without input it stays; with input it changes.
  await page.getByRole('button', { name: `Change: ${key}` }).press('Enter');
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('');
  await page.getByRole('button', { name: 'Keep it unchanged' }).press('Enter');
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('138••••5678');
  await page.getByRole('button', { name: `Change: ${key}` }).press('Enter');
  await page.getByLabel(key, { exact: true }).fill('13900001111');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('139••••1111');
  await page.getByRole('link', { name: 'Change history' }).click();
  await expect(page.getByText('••••••••').first()).toBeVisible();
  expect(await page.content()).not.toContain('13900001111');

  await page.goto(`${app.address}/activity?field=${key}`);
  await expect(page.getByRole('row', { name: /Revealed/ })).toContainText('They call back');
  await expect(page.getByRole('row', { name: /Verified/ })).toHaveCount(2);
  const downloads: string[] = [];
  page.on('download', async (download) => downloads.push(readFileSync(await download.path(), 'utf8')));
  await page.getByRole('button', { name: 'Export CSV' }).click();
  await expect.poll(() => downloads.length).toBe(2);
  expect(downloads.join()).toContain('revealed');
  expect(downloads.join()).not.toContain('13812345678');
});

test('a masked value that somebody else replaced meanwhile isn’t overwritten without a question', async ({
  app,
  page,
}) => {
  const key = unique('pin');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, desensitization: true }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'first' } });
  await app.open(`/users/${userId}`);
  const noted = page.waitForResponse((answer) => answer.url().includes('list-history'));
  await page.getByRole('button', { name: `Change: ${key}` }).press('Enter');
  await noted;
  await page.getByLabel(key, { exact: true }).fill('mine');
  await app.call('setCustomData', { targetType: 'USER', targetIdentifier: userId, list: [{ key, value: 'theirs' }] });
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Someone else changed this from')).toBeVisible();
  await page.getByRole('button', { name: 'Keep mine' }).press('Enter');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
});

test('a protected field is found by its whole value, which isn’t in the URL', async ({ app, page }) => {
  const [key, name] = [unique('doc'), unique('person')];
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, encrypted: true }] });
  await app.call('createUser', { username: name, name, customData: { [key]: 'TOP-4711' } });
  await app.call('createUser', { username: unique('other'), customData: { [key]: 'TOP-4712' } });
  await app.open('/users', { as: 'support' });
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('combobox', { name: 'Field' }).fill(key);
  await page.getByRole('combobox', { name: 'Field' }).press('Enter');
  await page.getByRole('dialog').getByLabel('Value', { exact: true }).fill('TOP-4711');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(2);
  expect(page.url()).not.toContain('4711');
  await page.reload();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();
  // Another tab has the link but not the value.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole('alert').getByText('Enter it again.')).toBeVisible();
  await other.close();
});

const ways: Record<string, (page: Page, app: App) => Promise<void>> = {
  'the person signs out': signOut,
  'another person signs in while the tab is elsewhere': async (page, app) => {
    await page.goto('about:blank');
    await enter(page, app, 'support');
  },
  'the session ends': (page) => page.context().clearCookies(),
};
for (const [way, leave] of Object.entries(ways))
  test(`a tab keeps neither a protected filter value nor view-as for the next person: ${way}`, async ({
    app,
    page,
  }) => {
    const key = unique('doc');
    await app.call('setCustomFields', { list: [{ targetType: 'USER', key, encrypted: true }] });
    await app.open('/users');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('combobox', { name: 'Field' }).fill(key);
    await page.getByRole('combobox', { name: 'Field' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Value', { exact: true }).fill('TOP-4711');
    await page.getByRole('button', { name: 'Apply' }).click();
    const kept = () => page.evaluate(() => JSON.stringify(sessionStorage));
    await expect.poll(kept).toContain('TOP-4711');
    const list = page.url();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'View as' }).click();
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await expect(page.getByText('Viewing as “')).toBeVisible();
    expect(await kept()).toContain('TOP-4711');
    await leave(page, app);
    await page.goto(list);
    await page.locator('.sign-in, .shell').waitFor();
    expect(await kept()).not.toContain('TOP-4711');
    if (await page.locator('.sign-in').isVisible()) await signIn(page, 'support');
    await page.getByRole('button', { name: 'Account' }).click();
    await expect(page.getByText('support@example.com')).toBeVisible();
    await expect(page.getByText('Viewing as “')).toHaveCount(0);
  });

test('encryption is turned on for stored values with a plan, and runs in the background', async ({ app, page }) => {
  const key = unique('iban');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'DE00 1234' } });
  await app.open(`/fields/USER/${key}/protection`);
  await page.getByRole('switch', { name: 'Encrypt the values' }).press('Enter');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('1 stored value will be encrypted in the background.')).toBeVisible();
  await page.getByRole('button', { name: 'Apply', exact: true }).press('Enter');
  await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Encrypt the values' })).toBeDisabled();
  await expect
    .poll(async () => (await app.call('getSealing', { targetType: 'USER', key })).left, { timeout: 20_000 })
    .toBe(0);
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: 'DE00 1234',
  });
  await page.goto(`${app.address}/users/${userId}`);
  await expect(page.getByLabel(key, { exact: true })).toHaveValue('••••••••');
});

test('an auditor sees masks and can’t reveal', async ({ app, page, browser }) => {
  const key = unique('secret');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, desensitization: true }] });
  const code = unique('group');
  await app.call('createGroup', { code, name: code, customData: { [key]: 'behind the mask' } });
  await app.open(`/groups/${code}`, { as: 'auditor' });
  await expect(page.locator('.value', { hasText: key })).toContainText('••••••••');
  await expect(page.getByRole('button', { name: `Reveal: ${key}` })).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Change: ${key}` })).toHaveCount(0);
  const support = await browser.newPage();
  await support.goto(`${app.address}/groups/${code}`);
  await signIn(support, 'support');
  await expect(support.getByRole('button', { name: `Change: ${key}` })).toBeVisible();
  await expect(support.getByRole('button', { name: `Reveal: ${key}` })).toHaveCount(0);
  await support.close();
  await app.call('deleteCustomFields', { list: [{ targetType: 'GROUP', key }] });
});
