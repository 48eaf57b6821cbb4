import { readFileSync } from 'node:fs';
import { expect, test, unique } from './app.ts';

test('the audit log shows who did what to whom and why, has filters in the URL, and exports CSV', async ({
  app,
  page,
}) => {
  const key = unique('seen');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: key }] });
  const name = unique('Person');
  const { userId } = await app.call('createUser', { username: unique('person'), name });
  await app.open(`/users/${userId}`, { as: 'admin' });
  await page.getByLabel(key).fill('Red');
  await page.getByLabel('Reason (optional)').fill('A call');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  await page.getByRole('link', { name: 'Audit log' }).click();
  const rows = page.getByRole('table', { name: 'Audit log' }).getByRole('row');
  const mine = rows.filter({ hasText: key }).first();
  await expect(mine).toContainText('admin');
  await expect(mine).toContainText('— → Red');
  await expect(mine).toContainText('“A call”');
  await expect(mine.getByRole('link', { name })).toHaveAttribute('href', `/users/${userId}`);
  await mine.getByRole('button', { name: key }).press('Enter');
  await expect(page).toHaveURL(new RegExp(`field=${key}`));
  await expect(rows).toHaveCount(3);
  await page.reload();
  await expect(rows).toHaveCount(3);
  // The download also has the checkpoint, which proves later that no entry is missing.
  const download = page.waitForEvent('download', (file) => file.suggestedFilename() === 'activity.csv');
  await page.getByRole('button', { name: 'Export CSV' }).press('Enter');
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(csv.split('\r\n')).toHaveLength(3);
  expect(csv).toContain(`console,value,USER,${userId},${name},${key},,Red,,1,A call,`);
});
