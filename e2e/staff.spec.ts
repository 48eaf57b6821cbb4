import { endpoints } from '../src/contract/endpoints.ts';
import { expect, test, unique } from './app.ts';

test('an access key is made, its secret shown once, rotated and revoked, by keyboard', async ({ app, page }) => {
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
  await expect(page.getByLabel(/^Reveal protected values/)).toBeDisabled();
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await expect(page.getByText('The secret is shown this once.')).toBeVisible();
  // A stray key doesn't lose it.
  await page.keyboard.press('Escape');
  const first = await told();
  expect(await works(first.id, first.secret)).toBe(true);
  await page.getByRole('button', { name: 'I have stored it' }).press('Enter');
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Write values');
  await expect(row).toContainText('Active');

  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Rotate' }).press('Enter');
  await page.getByRole('radio', { name: 'no longer' }).check();
  await page.getByRole('button', { name: 'Rotate' }).press('Enter');
  await expect(page.getByText('has a new secret')).toBeVisible();
  const second = await told();
  await page.getByRole('button', { name: 'I have stored it' }).press('Enter');
  expect([await works(first.id, first.secret), await works(second.id, second.secret)]).toEqual([false, true]);

  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).press('Enter');
  await page.getByRole('button', { name: 'Revoke' }).press('Enter');
  await expect(row).toContainText('Revoked');
  expect(await works(second.id, second.secret)).toBe(false);
});

test('the navigation and the palette offer what one may do', async ({ app, page }) => {
  await app.open('/activity', { as: 'support' });
  await expect(page.getByRole('link', { name: 'Activity' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Export CSV' })).toHaveCount(0);
  await expect(page.getByRole('table', { name: 'Activity' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.locator('.palette').getByRole('combobox').fill('activity');
  await expect(page.getByRole('option', { name: /^Activity/ })).toHaveCount(0);
});

test('whoever may not manage staff sees no settings', async ({ app, page }) => {
  await app.open('/settings/keys', { as: 'support' });
  await expect(
    page
      .getByText('You don’t have the right', { exact: false })
      .or(page.getByRole('heading', { level: 1 }))
      .first(),
  ).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New access key' })).toHaveCount(0);
});
