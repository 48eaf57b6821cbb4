import { Secret, TOTP } from 'otpauth';
import { type App, enter, expect, signIn, signOut, test, unique } from './app.ts';

const password = 'correct horse battery';

test('a person accepts an invitation link, turns on two-step verification, and signs in with a code', async ({
  app,
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const email = `${unique('new')}@example.com`;
  await app.open('/settings/staff');
  await page.getByRole('button', { name: 'Invite' }).press('Enter');
  await page.getByLabel('Email').fill('nobody');
  await page.getByLabel('Email').press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Email').press('Enter');
  const link = (await page.locator('.told code').textContent()) ?? '';
  expect(link).toContain('/invite#');
  await page.getByRole('button', { name: 'Done' }).press('Enter');
  await expect(page.getByText(email)).toBeVisible();

  const other = await browser.newPage({ locale: 'en-US' });
  await other.goto(link);
  await expect(other.getByText(`admin invited ${email}.`)).toBeVisible();
  await other.getByLabel('Name').fill('Nia New');
  await other.getByLabel('Password').fill('password12345');
  await other.getByLabel('Password').press('Enter');
  await expect(other.getByRole('alert')).toContainText('Too easy to guess');
  await other.getByLabel('Password').fill(password);
  await other.getByLabel('Password').press('Enter');
  await other.locator('.shell').waitFor();
  expect(other.url()).not.toContain('invite');

  await other.getByRole('button', { name: 'Account' }).click();
  await other.getByRole('menuitem', { name: 'My account' }).click();
  await expect(other.getByText('This device')).toBeVisible();
  await other.getByRole('button', { name: 'Turn on' }).press('Enter');
  const secret = ((await other.locator('.totp-secret').textContent()) ?? '').replaceAll(' ', '');
  const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
  await other.getByRole('dialog').locator('input[type=password]').fill(password);
  await other.getByLabel('Code from the app').fill('000000');
  await other.getByLabel('Code from the app').press('Enter');
  await expect(other.getByRole('alert')).toBeVisible();
  await other.getByLabel('Code from the app').fill(codeAt(Date.now()));
  await other.getByLabel('Code from the app').press('Enter');
  await expect(other.locator('.recovery-codes li')).toHaveCount(10);
  const recovery = (await other.locator('.recovery-codes li').first().textContent()) ?? '';
  await other.getByRole('button', { name: 'I’ve saved them' }).press('Enter');
  await expect(other.getByRole('button', { name: 'Turn off' })).toBeVisible();

  await other.getByRole('button', { name: 'Account' }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.locator('input[type=email]').fill(email);
  await other.locator('input[type=password]').fill(password);
  await other.locator('button[type=submit]').click();
  await expect(other.getByLabel('Code')).toBeFocused();
  await other.getByLabel('Code').fill(recovery);
  await other.getByLabel('Code').press('Enter');
  await other.locator('.shell').waitFor();
  await other.close();

  await page.reload();
  await expect(page.getByRole('row', { name: new RegExp(email) })).toContainText('Two-step');
  // A link works once.
  const late = await browser.newPage({ locale: 'en-US' });
  await late.goto(link);
  await expect(late.getByRole('alert')).toContainText('expired or was already used');
  await late.close();
});

test('one’s own password is changed with the current one', async ({ app, page, browser }) => {
  const email = `${unique('own')}@example.com`;
  await app.open('/settings/staff');
  await page.getByRole('button', { name: 'Invite' }).press('Enter');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Email').press('Enter');
  const link = (await page.locator('.told code').textContent()) ?? '';
  const other = await browser.newPage({ locale: 'en-US' });
  await other.goto(link);
  await other.getByLabel('Name').fill('Owen');
  await other.getByLabel('Password').fill(password);
  await other.getByLabel('Password').press('Enter');
  await other.locator('.shell').waitFor();
  await other.goto(`${app.address}/account`);
  await other.getByLabel('Current password').fill('not this one');
  await other.getByLabel('New password').fill('another horse, another battery');
  await other.getByLabel('New password').press('Enter');
  await expect(other.getByRole('alert')).toBeVisible();
  await other.getByLabel('Current password').fill(password);
  await other.getByLabel('Current password').press('Enter');
  await expect(other.getByText('Password changed.')).toBeVisible();
  await other.close();
});

test('signing out clears the other tabs, and they continue for the next person who signs in', async ({
  app,
  page,
  context,
}) => {
  const { key, path } = await heldBy(app);
  await app.open('/users');
  const other = await context.newPage();
  await other.goto(app.address + path);
  await other.getByLabel(key).fill('typed by the one');
  await signOut(page);
  await expect(other.locator('.sign-in')).toBeVisible();
  await expect(other.locator('.shell')).toHaveCount(0);
  await signIn(page, 'support');
  await expect(other.getByLabel(key)).toHaveValue('stored');
  await other.getByRole('button', { name: 'Account' }).click();
  await expect(other.getByText('support@example.com')).toBeVisible();
});

test('input of one account isn’t stored as draft or value by another that has signed in meanwhile', async ({
  app,
  page,
}) => {
  const { key, path, stored } = await heldBy(app);
  await app.open(path, { as: 'support' });
  await expect(page.getByLabel(key)).toHaveValue('stored');
  await enter(page, app, 'admin');
  const refused = page.waitForResponse((answer) => answer.status() === 401);
  await page.getByLabel(key).fill('typed by support');
  await refused;
  await page.getByRole('link', { name: 'Settings' }).waitFor();
  await expect(page.getByLabel(key)).toHaveValue('stored');

  await enter(page, app, 'support');
  await page.getByLabel(key).fill('typed by the administrator');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await expect(page.getByLabel(key)).toHaveValue('stored');
  expect(await stored()).toEqual({ [key]: 'stored' });
});

/** A user with one value, and the user's page. */
async function heldBy({ call }: App) {
  const key = unique('held');
  await call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await call('createUser', { username: unique('person'), customData: { [key]: 'stored' } });
  const stored = () => call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
  return { key, path: `/users/${userId}`, stored };
}
