import { expect, test, unique } from './app.ts';

test('a tenant is chosen in the header, is in the URL, and has separate fields, values and drafts', async ({
  app,
  page,
}) => {
  const [key, name] = [unique('shared'), unique('tenant')];
  const { tenantId } = await app.call('createTenant', { name });
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'In the pool' }] });
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'In the tenant' }], tenantId });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'pool value' } });
  await app.open('/fields/USER');
  await expect(page.getByRole('link', { name: 'In the pool' })).toBeVisible();

  await page.getByRole('button', { name: 'Tenant: User pool (no tenant)' }).click();
  await page.getByRole('menuitem', { name }).click();
  await expect(page).toHaveURL(`${app.address}/t/${tenantId}/fields/USER`);
  await expect(page.getByRole('link', { name: 'In the tenant' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'In the pool' })).toHaveCount(0);

  // Every link stays in the tenant, and so does a reload.
  await page.getByRole('link', { name: 'Users', exact: true }).first().click();
  await page.goto(`${app.address}/t/${tenantId}/users/${userId}`);
  const field = page.getByLabel('In the tenant');
  await expect(field).toHaveValue('');
  await field.fill('tenant value');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  const held = (of?: string) =>
    app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId, ...(of && { tenantId: of }) });
  expect(await held(tenantId)).toEqual({ [key]: 'tenant value' });
  expect(await held()).toEqual({ [key]: 'pool value' });

  // Input in one tenant is no draft of another.
  const kept = page.waitForResponse(
    (answer) => answer.url().endsWith('/save-draft') && Boolean(answer.request().postData()?.includes('"typed"')),
  );
  await field.fill('typed');
  await kept;
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${app.address}/users/${userId}`);
  await expect(page.getByLabel('In the pool')).toHaveValue('pool value');
  await expect(page.getByText('Restored your unsaved changes')).toHaveCount(0);
  await page.goto(`${app.address}/t/${tenantId}/users/${userId}`);
  await expect(page.getByLabel('In the tenant')).toHaveValue('typed');
  await page.getByRole('link', { name: 'Change history', exact: true }).click();
  await page.getByRole('button', { name: 'Discard and leave' }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.getByText('tenant value').first()).toBeVisible();
  await expect(page.getByText('pool value')).toHaveCount(0);
});

test('an unknown tenant is an error, not an empty one', async ({ app, page }) => {
  await app.open('/t/nobody/fields/USER');
  await expect(page.getByRole('heading', { name: /tenant/i })).toBeVisible();
});
