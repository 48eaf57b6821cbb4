import { Secret, TOTP } from 'otpauth';
import { expect, test, unique } from './app.ts';

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
  await expect(other.getByRole('alert')).toContainText('easy to guess');
  await other.getByLabel('Password').fill(password);
  await other.getByLabel('Password').press('Enter');
  await other.locator('.shell').waitFor();
  expect(other.url()).not.toContain('invite');

  await other.getByRole('button', { name: 'Account' }).click();
  await other.getByRole('menuitem', { name: 'My account' }).click();
  await expect(other.getByText('This one')).toBeVisible();
  await other.getByRole('button', { name: 'Switch on' }).press('Enter');
  const secret = ((await other.locator('.totp-secret').textContent()) ?? '').replaceAll(' ', '');
  const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
  await other.getByRole('dialog').locator('input[type=password]').fill(password);
  await other.getByLabel('Code that the app shows').fill('000000');
  await other.getByLabel('Code that the app shows').press('Enter');
  await expect(other.getByRole('alert')).toBeVisible();
  await other.getByLabel('Code that the app shows').fill(codeAt(Date.now()));
  await other.getByLabel('Code that the app shows').press('Enter');
  await expect(other.locator('.recovery-codes li')).toHaveCount(10);
  const recovery = (await other.locator('.recovery-codes li').first().textContent()) ?? '';
  await other.getByRole('button', { name: 'I have stored them' }).press('Enter');
  await expect(other.getByRole('button', { name: 'Switch off' })).toBeVisible();

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
  await expect(late.getByRole('alert')).toContainText('has ended or was used');
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
  await other.getByLabel('Present password').fill('not this one');
  await other.getByLabel('New password').fill('another horse, another battery');
  await other.getByLabel('New password').press('Enter');
  await expect(other.getByRole('alert')).toBeVisible();
  await other.getByLabel('Present password').fill(password);
  await other.getByLabel('Present password').press('Enter');
  await expect(other.getByText('The password is changed')).toBeVisible();
  await other.close();
});
