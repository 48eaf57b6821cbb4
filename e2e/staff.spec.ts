import { endpoints } from '../src/contract/endpoints.ts';
import { expect, signIn, test, unique } from './app.ts';

test('an access key is made, its secret is shown once, it is rotated and revoked, by keyboard', async ({
  app,
  page,
}) => {
  const name = unique('key');
  const works = async (id: string, secret: string) => {
    const answer = await fetch(app.address + endpoints.getManagementToken.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accessKeyId: id, accessKeySecret: secret }),
    });
    return (await answer.json()).statusCode === 200;
  };
  const told = async () => {
    const [id = '', secret = ''] = await page.locator('.told code').allTextContents();
    return { id, secret };
  };
  await app.open('/fields/USER');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Access keys' })).toBeVisible();
  await page.getByRole('button', { name: 'New access key' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel(/^Write values/).check();
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await expect(page.getByText('You’ll see the secret only once.')).toBeVisible();
  // Escape doesn't lose it.
  await page.keyboard.press('Escape');
  const first = await told();
  expect(await works(first.id, first.secret)).toBe(true);
  await page.getByRole('button', { name: 'I’ve saved it' }).press('Enter');
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Write values');
  await expect(row).toContainText('Active');

  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Rotate secret' }).press('Enter');
  await page.getByRole('radio', { name: 'Don’t keep it' }).check();
  await page.getByRole('button', { name: 'Rotate secret' }).press('Enter');
  await expect(page.getByText('New secret for')).toBeVisible();
  const second = await told();
  await page.getByRole('button', { name: 'I’ve saved it' }).press('Enter');
  expect([await works(first.id, first.secret), await works(second.id, second.secret)]).toEqual([false, true]);

  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).press('Enter');
  await page.getByRole('button', { name: 'Revoke' }).press('Enter');
  await expect(row).toContainText('Revoked');
  expect(await works(second.id, second.secret)).toBe(false);
});

test('the navigation and the palette offer only permitted pages', async ({ app, page }) => {
  await app.open('/activity', { as: 'support' });
  await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Export CSV' })).toHaveCount(0);
  await expect(page.getByRole('table', { name: 'Audit log' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.locator('.palette').getByRole('combobox').fill('activity');
  await expect(page.getByRole('option', { name: /^Audit log/ })).toHaveCount(0);
});

test('a person who may not manage the team sees no settings', async ({ app, page }) => {
  await app.open('/settings/keys', { as: 'support' });
  await expect(
    page
      .getByText('You don’t have permission', { exact: false })
      .or(page.getByRole('heading', { level: 1 }))
      .first(),
  ).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New access key' })).toHaveCount(0);
});

test('a person gets another role, is signed out and disabled, and sees a message', async ({ app, page, browser }) => {
  const other = await browser.newPage();
  await other.goto(`${app.address}/users`);
  await signIn(other, 'auditor');
  await expect(other.getByRole('link', { name: 'Audit log' })).toBeVisible();
  await app.open('/settings/keys');
  await page.getByRole('link', { name: 'Team', exact: true }).click();
  const row = page.getByRole('row', { name: /auditor@example\.com/ });
  const act = async (name: string) => {
    await page.getByRole('button', { name: 'Actions for auditor' }).click();
    await page.getByRole('menuitem', { name }).press('Enter');
  };
  await act('Sign out of all devices');
  await expect(page.getByText('Signed auditor out of all devices')).toBeVisible();
  await other.getByRole('link', { name: 'Groups' }).click();
  await expect(other.getByText('Your session has ended.')).toBeVisible();
  await act('Disable account');
  await expect(row).toContainText('Disabled');
  await other.locator('input[type=email]').fill('auditor@example.com');
  await other.locator('input[type=password]').fill('correct horse battery');
  await other.locator('button[type=submit]').click();
  await expect(other.locator('.sign-in').getByRole('alert')).toBeVisible();
  await other.close();
  // Other tests sign in with this account.
  await act('Re-enable account');
  await expect(row).toContainText('Active');
});
