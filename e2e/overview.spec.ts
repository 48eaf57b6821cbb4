import { expect, test, unique } from './app.ts';

test('the overview says what needs attention, and every number leads to its list', async ({ app, page }) => {
  const [badge, tier] = [unique('badge'), unique('tier')];
  const options = ['gold', 'silver'].map((value) => ({ value, label: value }));
  const list = [
    { targetType: 'GROUP' as const, key: badge, label: badge, description: 'A number' },
    { targetType: 'GROUP' as const, key: tier, label: tier, description: 'A rank', dataType: 'ENUM' as const, options },
  ];
  await app.call('setCustomFields', { list });
  const code = unique('group');
  await app.call('createGroup', { code, customData: { [badge]: 'abc', [tier]: 'silver' } });
  const change = (targetType: 'GROUP', key: string, more: object) => ({ targetType, key, ...more });
  const validateRules = [{ type: 'regExp', content: '^[0-9]+$' }];
  await app.call('setCustomFields', { list: [change('GROUP', badge, { validateRules })] });
  await app.call('setCustomFields', { list: [change('GROUP', tier, { options: options.slice(0, 1) })] });
  await app.open('/');
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention.getByRole('link', { name: `${badge}: values break a rule` })).toContainText('1');
  await attention.getByRole('link', { name: `${tier}: an inactive option is still in use` }).click();
  await expect(page.getByRole('table', { name: 'Groups' }).getByRole('link', { name: code })).toBeVisible();
  await page.goBack();
  await attention.getByRole('link', { name: `${badge}: values break a rule` }).click();
  await expect(page.getByRole('heading', { name: 'Data quality' })).toBeVisible();
  await page.goBack();
  const changes = page.getByRole('region', { name: 'Changes' });
  await expect(changes.getByText(/: [1-9]\d* entr/)).toHaveCount(1);
  await changes.getByRole('link', { name: 'Open the audit log' }).click();
  await expect(page).toHaveURL(/activity$/);
});

test('people land where their work is', async ({ app, page }) => {
  await app.open('/', { as: 'support' });
  await expect(page).toHaveURL(/users$/);
  await app.open('/', { as: 'auditor' });
  await expect(page).toHaveURL(/activity$/);
  await app.open('/');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});
