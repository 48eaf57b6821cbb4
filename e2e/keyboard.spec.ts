import { expect, test, unique } from './app.ts';

test('the palette opens pages, fields in any language, and targets, without a mouse', async ({ app, page }) => {
  const [key, person] = [unique('palette'), unique('Person')];
  const i18n = { label: { 'ja-JP': { enabled: true, value: `索引${key}` } } };
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, label: 'Indexed', i18n }] });
  const { userId } = await app.call('createUser', { username: person.toLowerCase(), name: person });
  await app.open('/users');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
  await page.keyboard.insertText(`索引${key}`);
  await expect(page.getByRole('option', { name: 'Indexed' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/fields/GROUP/${key}$`));
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
  await page.keyboard.type(person.toLowerCase());
  await expect(page.getByRole('option', { name: person })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/users/${userId}$`));
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('commands are given by a word in any language, each with its right, and what was viewed last comes first', async ({
  app,
  page,
}) => {
  const person = unique('Viewed');
  const { userId } = await app.call('createUser', { username: person.toLowerCase(), name: person });
  const ask = async (words: string) => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
    await page.keyboard.insertText(words);
  };
  const first = page.getByRole('option').first();
  await app.open(`/users/${userId}`);
  await expect(page.getByRole('heading', { name: person })).toBeVisible();
  await page.getByRole('link', { name: 'Groups' }).click();
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(first).toContainText(person);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/users/${userId}$`));
  await ask('new field');
  await expect(first).toContainText('New field: Users');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/fields.USER.new$/);
  await ask('invite');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Invite' })).toBeVisible();
  await page.keyboard.press('Escape');
  await ask('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await ask('日本');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja-JP');
  await app.open('/users', { as: 'support', language: 'en-US' });
  await ask('new field');
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('what is opened or typed before antd’s texts arrive stays', async ({ app, page }) => {
  let isSent = false;
  await page.route(/assets\/ja_JP-[^/]*\.js$/, async (route) => {
    await new Promise((resume) => setTimeout(resume, 1_500));
    await route.continue();
    isSent = true;
  });
  await app.open('/users', { language: 'ja-JP' });
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.insertText('typed early');
  await expect.poll(() => isSent).toBe(true);
  await page.waitForTimeout(300);
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('typed early');
});

test('/ searches, ? lists the keys, and neither disturbs typing', async ({ app, page }) => {
  await app.open('/users');
  await expect(page.getByRole('heading', { name: 'Users', exact: true })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('a/b?');
  await expect(page.getByRole('searchbox')).toHaveValue('a/b?');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('heading', { name: 'Users', exact: true }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeHidden();
});

test('a dialog gives the focus back, and Escape closes what is open in it first', async ({ app, page }) => {
  const code = unique('home');
  await app.call('createNamespace', { code, name: code });
  await app.open(`/roles?namespace=${code}`);
  const dialog = page.getByRole('dialog');
  const opener = page.getByRole('button', { name: 'Filter' });
  await opener.press('Enter');
  await dialog.getByRole('combobox', { name: 'Field' }).press('ArrowDown');
  await expect(dialog.getByRole('listbox')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(dialog.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  const actions = page.getByRole('button', { name: `Actions for ${code}` });
  await actions.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit' }).press('Enter');
  await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(actions).toBeFocused();
});
