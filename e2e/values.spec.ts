import type { Page } from '@playwright/test';
import type { Value } from '../src/contract/value.ts';
import { expect, test, unique } from './app.ts';

const stored: [string, object, Value][] = [
  ['STRING', { dataType: 'STRING' }, ' ヤマダ　タロウ 👩‍💻 '],
  ['NUMBER', { dataType: 'NUMBER' }, 1234567.125],
  ['DATETIME of an instant', { dataType: 'DATETIME' }, '2024-03-31T15:07:42.123Z'],
  ['DATETIME of a day', { dataType: 'DATETIME', precision: 'day' }, '2024-04-01T00:00:00.000Z'],
  ['BOOLEAN', { dataType: 'BOOLEAN' }, false],
  ['ENUM', { dataType: 'ENUM', options: [{ value: 'pku', label: 'Peking' }] }, 'pku'],
];

for (const [name, field, value] of stored) {
  test(`open, save something else, compare: a value of ${name} is as it was`, async ({ app, page }) => {
    const [key, other] = [unique('same'), unique('other')];
    await app.call('setCustomFields', {
      list: [
        { targetType: 'USER', key, ...field },
        { targetType: 'USER', key: other },
      ],
    });
    const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: value } });
    await app.open(`/users/${userId}`);
    await expect(page.getByRole('button', { name: 'Save' })).toBeHidden();
    await page.getByLabel(other).fill('x');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('is saved')).toBeVisible();
    expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
      [key]: value,
      [other]: 'x',
    });
  });
}

test('sends only what changed: a change that came meanwhile stays', async ({ app, page }) => {
  const [mine, theirs] = [unique('mine'), unique('theirs')];
  await app.call('setCustomFields', {
    list: [
      { targetType: 'USER', key: mine },
      { targetType: 'USER', key: theirs },
    ],
  });
  const { userId } = await app.call('createUser', {
    username: unique('person'),
    customData: { [mine]: '1', [theirs]: '1' },
  });
  await app.open(`/users/${userId}`);
  await page.getByLabel(mine).fill('2');
  await expect(page.getByText('was 1')).toBeVisible();
  await expect(page.getByRole('region', { name: '1 change' })).toContainText(`${mine} 1 → 2`);
  await app.call('setCustomData', {
    targetType: 'USER',
    targetIdentifier: userId,
    list: [{ key: theirs, value: '2' }],
  });
  await page.keyboard.press('Control+s');
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [mine]: '2',
    [theirs]: '2',
  });
});

test('a boolean has three states', async ({ app, page }) => {
  const key = unique('bool');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'BOOLEAN' }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  const group = page.getByRole('radiogroup', { name: key });
  const read = () => app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
  for (const [answer, expected] of [
    ['No', { [key]: false }],
    ['Yes', { [key]: true }],
    ['Not set', {}],
  ] as const) {
    await group.getByRole('radio', { name: answer, exact: true }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('button', { name: 'Save' })).toBeHidden();
    expect(await read()).toEqual(expected);
  }
});

test('a number that would be rounded is refused, full-width digits are read', async ({ app, page }) => {
  const key = unique('num');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'NUMBER' }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('9007199254740993');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('can’t be stored without rounding')).toBeVisible();
  await page.getByLabel(key).fill('１，２３４．５');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({ [key]: 1234.5 });
});

test('a whole day is the same day everywhere, also when it is typed', async ({ app, page }) => {
  const key = unique('day');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'DATETIME', precision: 'day' }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: '2024-04-01' } });
  await app.open(`/users/${userId}`);
  await expect(page.getByLabel(key)).toHaveValue('Apr 1, 2024');
  await page.getByLabel(key).fill('2024-05-02');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: '2024-05-02T00:00:00.000Z',
  });
});

test('a retired option is shown as such and stays until another is chosen', async ({ app, page }) => {
  const key = unique('old');
  const field = { targetType: 'USER', key, dataType: 'ENUM' } as const;
  const kept = { value: 'pku', label: 'Peking' };
  await app.call('setCustomFields', { list: [{ ...field, options: [kept, { value: 'nju', label: 'Nanjing' }] }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'nju' } });
  await app.call('setCustomFields', { list: [{ ...field, options: [kept] }] });
  await app.open(`/users/${userId}`);
  await expect(page.getByText('“Nanjing” is no longer an option.')).toBeVisible();
  await page.getByRole('combobox', { name: key }).click();
  await page.keyboard.type('peking');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({ [key]: 'pku' });
});

test('a unique value that somebody else holds is refused at its field', async ({ app, page }) => {
  const key = unique('badge');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, isUnique: true }] });
  await app.call('createUser', { username: unique('first'), customData: { [key]: 'A1' } });
  const { userId } = await app.call('createUser', { username: unique('second') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('A1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is already used and must be unique')).toBeVisible();
  await expect(page.getByLabel(key)).toHaveValue('A1');
});

test('built-in fields and values are saved together by an administrator, values alone by support', async ({
  app,
  page,
}) => {
  const key = unique('both');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person'), name: 'Before' });
  await app.open(`/users/${userId}`);
  await page.getByLabel('Nickname').fill('Nick');
  await page.getByLabel(key).fill('v');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getUser', { userId, withCustomData: 'true' })).toMatchObject({
    nickname: 'Nick',
    customData: { [key]: 'v' },
  });
});

test('support edits values and finds built-in fields locked with the reason', async ({ app, page }) => {
  const key = unique('sup');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`, { as: 'support' });
  await expect(page.getByRole('textbox', { name: /^Nickname/ })).toBeDisabled();
  await expect(page.getByTitle('You don’t have the right to edit the directory').first()).toBeVisible();
  await page.getByLabel(key).fill('by support');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: 'by support',
  });
});

test('hidden fields unfold for administrators, marked', async ({ app, page }) => {
  const key = unique('hid');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, visibleInAdminConsole: false }] });
  const code = unique('group');
  await app.call('createGroup', { code, name: code });
  await app.open(`/groups/${code}`);
  await expect(page.getByText(key)).toBeHidden();
  await page.getByRole('button', { name: /hidden field/ }).click();
  await expect(page.locator('.value', { hasText: key })).toContainText('Hidden');
});

test('a session that ends asks to sign in again and keeps what was typed', async ({ app, page, context }) => {
  const key = unique('kept');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('typed before');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await resume(page);
  await expect(page.getByLabel(key)).toHaveValue('typed before');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('is saved')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: 'typed before',
  });
});

async function resume(page: Page) {
  await page.locator('input[type=email]').fill('admin@example.com');
  await page.locator('input[type=password]').fill('correct horse battery');
  await page.locator('.sign-in button[type=submit]').click();
  await page.locator('.sign-in').waitFor({ state: 'hidden' });
}
