import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import type { Value } from '../src/contract/value.ts';
import { expect, signIn, signOut, test, unique } from './app.ts';

const stored: [string, object, Value][] = [
  ['STRING', { dataType: 'STRING' }, ' ヤマダ　タロウ 👩‍💻 '],
  ['NUMBER', { dataType: 'NUMBER' }, 1234567.125],
  ['DATETIME of an instant', { dataType: 'DATETIME' }, '2024-03-31T15:07:42.123Z'],
  ['DATETIME of a day', { dataType: 'DATETIME', precision: 'day' }, '2024-04-01T00:00:00.000Z'],
  ['BOOLEAN', { dataType: 'BOOLEAN' }, false],
  ['ENUM', { dataType: 'ENUM', options: [{ value: 'pku', label: 'Peking' }] }, 'pku'],
];

for (const [name, field, value] of stored) {
  test(`open, save something else, compare: a value of ${name} is unchanged`, async ({ app, page }) => {
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
    await expect(page.getByText('Saved “')).toBeVisible();
    expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
      [key]: value,
      [other]: 'x',
    });
  });
}

test('sends only changes: a concurrent change of another field stays', async ({ app, page }) => {
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
  // One change alone is reverted, and nothing moves.
  const place = await page.getByLabel(theirs).boundingBox();
  await page.getByRole('button', { name: 'Revert to 1' }).click();
  await expect(page.getByLabel(mine)).toHaveValue('1');
  await expect(page.getByLabel(mine)).toBeFocused();
  expect(await page.getByLabel(theirs).boundingBox()).toEqual(place);
  await expect(page.locator('.save-bar')).toHaveCount(0);
  await page.getByLabel(mine).fill('2');
  await expect(page.getByRole('region', { name: '1 change' })).toContainText(`${mine} 1 → 2`);
  await app.call('setCustomData', {
    targetType: 'USER',
    targetIdentifier: userId,
    list: [{ key: theirs, value: '2' }],
  });
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
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

test('a number that would be rounded is refused, full-width digits are accepted', async ({ app, page }) => {
  const key = unique('num');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'NUMBER' }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('9007199254740993');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Can’t be stored without rounding')).toBeVisible();
  await page.getByLabel(key).fill('１，２３４．５');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “')).toBeVisible();
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
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: '2024-05-02T00:00:00.000Z',
  });
});

test('an inactive option is shown as such and stays until another is chosen', async ({ app, page }) => {
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
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({ [key]: 'pku' });
});

test('a unique value that another target has is refused at its field', async ({ app, page }) => {
  const key = unique('badge');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, isUnique: true }] });
  await app.call('createUser', { username: unique('first'), customData: { [key]: 'A1' } });
  const { userId } = await app.call('createUser', { username: unique('second') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('A1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Already used. Values of this field must be unique.')).toBeVisible();
  await expect(page.getByLabel(key)).toHaveValue('A1');
});

test('an administrator saves built-in fields and values together, support only values', async ({ app, page }) => {
  const key = unique('both');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person'), name: 'Before' });
  await app.open(`/users/${userId}`);
  await page.getByLabel('Nickname').fill('Nick');
  await page.getByLabel(key).fill('v');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getUser', { userId, withCustomData: 'true' })).toMatchObject({
    nickname: 'Nick',
    customData: { [key]: 'v' },
  });
});

test('support edits values first, below who it is, and reads the profile as text with the reason', async ({
  app,
  page,
}) => {
  const key = unique('sup');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const tree = unique('tree');
  const { departmentId } = await app.call('createOrganization', { organizationCode: tree, organizationName: tree });
  const email = `${unique('mail')}@example.com`;
  const { userId } = await app.call('createUser', {
    username: unique('person'),
    email,
    nickname: 'Al',
    departmentIds: [departmentId],
  });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open(`/users/${userId}`, { as: 'support' });
  const head = page.locator('.target-head');
  await expect(head.getByText('Active', { exact: true })).toBeVisible();
  await expect(head.getByRole('link', { name: tree })).toHaveAttribute('href', `/departments/${departmentId}`);
  for (const text of [userId, email]) {
    await head.getByRole('button', { name: `Copy: ${text}` }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  }
  const profile = page.locator('form section').last();
  await expect(profile).toContainText('Profile');
  await expect(profile).toContainText('You don’t have permission to edit the directory');
  await expect(profile.locator('.value', { hasText: 'Nickname' })).toContainText('Al');
  await expect(profile.getByRole('textbox')).toHaveCount(0);
  await page.getByLabel(key).fill('by support');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: 'by support',
  });
});

test('administrators can show hidden fields, which are marked', async ({ app, page }) => {
  const key = unique('hid');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, visibleInAdminConsole: false }] });
  const code = unique('group');
  await app.call('createGroup', { code, name: code });
  await app.open(`/groups/${code}`);
  await expect(page.getByText(key)).toBeHidden();
  await page.getByRole('button', { name: /hidden field/ }).click();
  await expect(page.locator('.value', { hasText: key })).toContainText('Hidden');
});

test('an ended session asks to sign in again and keeps the input', async ({ app, page, context }) => {
  const key = unique('kept');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
  await page.getByLabel(key).fill('typed before');
  await kept;
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await resume(page);
  await expect(page.getByLabel(key)).toHaveValue('typed before');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({
    [key]: 'typed before',
  });
});

test('beneath the sign-in page nothing can be seen or reached, and afterwards everything is unchanged, even an open dialog', async ({
  app,
  page,
  context,
}) => {
  const role = unique('role');
  await app.open('/settings/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  const name = page.getByLabel('Name', { exact: true });
  await name.fill(role);
  await page.getByLabel(/^Write values/).check();
  await context.clearCookies();
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await expect(page.locator('.shell')).toBeHidden();
  await expect(page.locator('.console dialog')).toBeHidden();
  for (const key of ['Escape', 'Escape', 'Control+k', '?']) await page.keyboard.press(key);
  await expect(page.locator('dialog')).toHaveCount(2);
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.console'))).toBeNull();
  }
  await resume(page);
  await expect(name).toHaveValue(role);
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByText(`Saved role “${role}”`)).toBeVisible();
});

async function resume(page: Page) {
  await page.locator('input[type=email]').fill('admin@example.com');
  await page.locator('input[type=password]').fill('correct horse battery');
  await page.locator('.sign-in button[type=submit]').click();
  await page.locator('.sign-in').waitFor({ state: 'hidden' });
}

test('two people change different fields of one person: both changes stay, with a message', async ({ app, page }) => {
  const [mine, theirs] = [unique('own'), unique('other')];
  await app.call('setCustomFields', { list: [mine, theirs].map((key) => ({ targetType: 'USER' as const, key })) });
  const { userId } = await app.call('createUser', { username: unique('person'), name: 'Before' });
  await app.open(`/users/${userId}`);
  await page.getByLabel(mine).fill('x');
  await app.call('updateUser', { userId, name: 'After', customData: { [theirs]: 'y' } });
  await page.keyboard.press('Control+s');
  await expect(page.getByText(`Also kept changes by others: ${theirs} and Name.`)).toBeVisible();
  expect(await app.call('getUser', { userId, withCustomData: 'true' })).toMatchObject({
    name: 'After',
    customData: { [mine]: 'x', [theirs]: 'y' },
  });
});

test('a save is two requests, or four if somebody else changed something', async ({ app, page }) => {
  const [mine, theirs] = [unique('mine'), unique('theirs')];
  await app.call('setCustomFields', { list: [mine, theirs].map((key) => ({ targetType: 'USER' as const, key })) });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  const save = async (value: string) => {
    const kept = page.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
    await page.getByLabel(mine).fill(value);
    await kept;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.replace(/^.*\//, '')));
    await page.keyboard.press('Control+s');
    await expect(page.getByText('Saved “')).toBeVisible();
    await expect(page.getByLabel(mine)).toHaveValue(value);
    // Enough time for further requests.
    await page.waitForTimeout(1_200);
    page.removeAllListeners('request');
    for (const close of await page.getByRole('status').getByRole('button', { name: 'Close' }).all())
      await close.click();
    await page.getByText('Saved “').waitFor({ state: 'hidden' });
    return asked;
  };
  expect(await save('first')).toEqual(['set-custom-data', 'get-target']);
  expect(await save('second')).toEqual(['set-custom-data', 'get-target']);
  await app.call('setCustomData', {
    targetType: 'USER',
    targetIdentifier: userId,
    list: [{ key: theirs, value: 'between' }],
  });
  expect(await save('third')).toEqual(['set-custom-data', 'get-target', 'set-custom-data', 'get-target']);
});

test('two people change the same field: base, theirs and mine are shown, and no input is lost', async ({
  app,
  page,
  browser,
}) => {
  const [key, other] = [unique('same'), unique('beside')];
  await app.call('setCustomFields', { list: [key, other].map((one) => ({ targetType: 'USER' as const, key: one })) });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'base' } });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('mine');
  await page.getByLabel(other).fill('kept');

  const second = await browser.newPage();
  await second.goto(`${app.address}/users/${userId}`);
  await signIn(second, 'support');
  await second.getByLabel(key).fill('theirs');
  await second.getByLabel('Reason (optional)').fill('A call');
  await second.keyboard.press('Control+s');
  await expect(second.getByText('Saved “')).toBeVisible();
  await second.close();

  await page.keyboard.press('Control+s');
  await expect(page.getByText('Someone else changed this from base to theirs.')).toBeVisible();
  await expect(page.getByLabel(key)).toHaveValue('mine');
  const held = () => app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
  expect(await held()).toEqual({ [key]: 'theirs' });
  // A save with a conflict saved nothing, so leaving still warns.
  await page.getByRole('link', { name: 'Groups' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('button', { name: 'Use theirs' })).toBeFocused();
  await page.getByRole('button', { name: 'Keep mine' }).press('Enter');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await held()).toEqual({ [key]: 'mine', [other]: 'kept' });
});

test('a refused save leads to its first problem, and the save bar names it and says how many there are', async ({
  app,
  page,
}) => {
  const keys = Array.from({ length: 30 }, (_, at) => unique(`far${at}`));
  const [first = '', second = '', last = ''] = [keys[20], keys[25], keys[29]];
  const isNumber = (key: string) => key === first || key === second;
  await app.call('setCustomFields', {
    list: keys.map((key) => ({
      targetType: 'GROUP' as const,
      key,
      ...(isNumber(key) && { dataType: 'NUMBER' as const }),
    })),
  });
  const code = unique('group');
  await app.call('createGroup', { code });
  await app.open(`/groups/${code}`);
  const bar = page.locator('.save-bar');
  for (const key of [second, first]) await page.getByLabel(key).fill('no number');
  await page.getByLabel(last).fill('fine');
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.press('Control+s');
  await expect(page.getByLabel(first)).toBeFocused();
  await expect(page.getByLabel(first)).toBeInViewport();
  await expect(bar.locator('.save-problem')).toContainText(first);
  await expect(bar.locator('.save-problem')).toContainText('2');

  // A search that hides the field doesn't hide the problem.
  await page.getByLabel(first).fill('1');
  await page.getByRole('searchbox').fill(last);
  await expect(page.getByLabel(second)).toBeHidden();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel(second)).toBeFocused();
  await expect(page.getByLabel(second)).toBeInViewport();
  await page.getByLabel(second).fill('2');
  await expect(bar.locator('.save-problem')).toHaveCount(0);

  // So do the problems that only the server finds, and conflicts.
  await app.call('setCustomData', {
    targetType: 'GROUP',
    targetIdentifier: code,
    list: [{ key: first, value: 7 }],
  });
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(bar.locator('.save-problem')).toContainText(first);
  await expect(page.getByRole('button', { name: 'Use theirs' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Use theirs' })).toBeInViewport();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “')).toBeVisible();
});

test('Undo after a save takes back what it changed in one request, and nothing that others wrote since', async ({
  app,
  page,
}) => {
  const [one, two, others, pin] = [unique('one'), unique('two'), unique('others'), unique('pin')];
  await app.call('setCustomFields', {
    list: [
      ...[one, two, others].map((key) => ({ targetType: 'USER' as const, key })),
      { targetType: 'USER', key: pin, desensitization: true, mask: 'ID_NUMBER' },
    ],
  });
  const { userId } = await app.call('createUser', {
    username: unique('person'),
    name: 'Before',
    customData: { [one]: 'a', [two]: 'b', [pin]: 'first-4711' },
  });
  const values = () => app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
  const write = (key: string, value: string) =>
    app.call('setCustomData', { targetType: 'USER', targetIdentifier: userId, list: [{ key, value }] });
  const undo = page.locator('.toast').getByRole('button', { name: 'Undo' }).last();
  await app.open(`/users/${userId}`);
  const writes: string[] = [];
  page.on('request', (request) => {
    if (/set-custom-data|update-user|undo-change/.test(request.url())) writes.push(request.url());
  });

  await page.getByLabel('Name', { exact: true }).fill('After');
  await page.getByLabel(one).fill('a2');
  await page.getByLabel(two).fill('');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.target-head h1')).toHaveText('After');
  await write(others, 'theirs');
  writes.length = 0;
  // What is being typed meanwhile stays.
  await page.getByLabel(others).fill('typed');
  await undo.click();
  await expect(page.locator('.target-head h1')).toHaveText('Before');
  await expect(page.getByLabel(one)).toHaveValue('a');
  await expect(page.getByLabel(two)).toHaveValue('b');
  await expect(page.getByLabel(others)).toHaveValue('typed');
  expect(await values()).toEqual({ [one]: 'a', [two]: 'b', [others]: 'theirs', [pin]: '••••4711' });
  expect(writes).toHaveLength(1);
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.getByLabel(one).fill('a3');
  await page.getByLabel(two).fill('b3');
  await page.keyboard.press('Control+s');
  const undoOfSave = page.locator('.toast', { hasText: 'Saved “Before”' }).getByRole('button', { name: 'Undo' });
  await expect(undoOfSave).toBeVisible();
  await write(one, 'by somebody else');
  await undoOfSave.click();
  await expect(page.getByLabel(two)).toHaveValue('b');
  await expect(page.getByLabel(one)).toHaveValue('by somebody else');
  expect(await values()).toEqual({
    [one]: 'by somebody else',
    [two]: 'b',
    [others]: 'theirs',
    [pin]: '••••4711',
  });
  await expect(page.getByText(`Also kept changes by others: ${one}.`)).toBeVisible();

  // Also a value that nobody is shown.
  await page.getByRole('button', { name: `Change: ${pin}` }).click();
  await page.getByLabel(pin, { exact: true }).fill('second-4712');
  await page.keyboard.press('Control+s');
  await expect(page.getByLabel(pin, { exact: true })).toHaveValue('••••4712');
  await undo.click();
  await expect(page.getByLabel(pin, { exact: true })).toHaveValue('••••4711');
  expect(await values()).toMatchObject({ [pin]: '••••4711' });
});

test('a save without a network loses no input and goes on by itself', async ({ app, page }) => {
  const key = unique('net');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  await page.getByLabel(key).fill('typed');
  await page.route('**/api/v3/set-custom-data', (route) => route.abort());
  await page.keyboard.press('Control+s');
  await page.waitForEvent('requestfailed');
  await expect(page.getByLabel(key)).toHaveValue('typed');
  await page.unroute('**/api/v3/set-custom-data');
  // It is sent again until there is an answer.
  await expect(page.getByText('Saved “')).toBeVisible();
});

test('beside a field stands who changed it last, and one click takes that back', async ({ app, page }) => {
  const [team, free] = [unique('team'), unique('free')];
  await app.call('setCustomFields', { list: [team, free].map((key) => ({ targetType: 'USER' as const, key })) });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [team]: 'Blue' } });
  const place = { targetType: 'USER' as const, targetIdentifier: userId };
  await app.call('setCustomData', { ...place, list: [{ key: team, value: 'Red' }] });
  await app.open(`/users/${userId}`, { as: 'support' });
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('list-history')) asked.push(request.url());
  });
  await page.getByLabel(free).hover();
  await page.getByLabel(team).focus();
  const last = page.getByRole('button', { name: 'just now, e2e through the API' });
  await last.hover();
  const card = page.locator('.last-change-card');
  await expect(card).toContainText('Blue → Red');
  await expect(card.getByRole('link', { name: 'All changes' })).toHaveAttribute('href', new RegExp(`field=${team}$`));
  await page.getByLabel(free).fill('typed');
  await page.getByLabel(team).hover();
  await page.getByRole('button', { name: 'Revert to Blue' }).click();
  await expect(page.getByLabel(team)).toHaveValue('Blue');
  await expect(page.getByLabel(free)).toHaveValue('typed');
  expect(await app.call('getCustomData', place)).toEqual({ [team]: 'Blue' });
  expect(asked).toHaveLength(2);

  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'Change history' }).click();
  const steps = page.getByRole('list', { name: 'Change history' }).locator('> li');
  await expect(steps.first()).toContainText('Undid the change from');
  await steps.first().getByRole('button', { name: 'Undo this change' }).click();
  await expect(steps.first()).toContainText(`${team} Blue → Red`);
  // Nothing of what was changed since can be undone.
  await expect(steps.getByRole('button', { name: 'Undo this change' })).toHaveCount(1);
});

test('the change history shows what changed and why, and restores a moment', async ({ app, page }) => {
  const [team, level] = [unique('team'), unique('level')];
  await app.call('setCustomFields', {
    list: [
      { targetType: 'USER', key: team, label: team },
      { targetType: 'USER', key: level, label: level, dataType: 'NUMBER' },
    ],
  });
  const { userId } = await app.call('createUser', { username: unique('person') });
  const set = (values: object) =>
    app.call('setCustomData', {
      targetType: 'USER',
      targetIdentifier: userId,
      list: Object.entries(values).map(([key, value]) => ({ key, value })),
    });
  await set({ [team]: 'Blue', [level]: 1 });
  await app.open(`/users/${userId}`, { as: 'support' });
  await page.getByLabel(team).fill('Red');
  await page.getByLabel('Reason (optional)').fill('調動');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  await set({ [level]: null });
  await page.getByRole('link', { name: 'Change history' }).click();
  const steps = page.getByRole('list', { name: 'Change history' }).locator('> li');
  await expect(steps.nth(0)).toContainText(`${level} 1 → Not set`);
  await expect(steps.nth(1)).toContainText('through the console');
  await expect(steps.nth(1)).toContainText('“調動”');
  await expect(steps.nth(1)).toContainText(`${team} Blue → Red`);
  await page.getByRole('combobox', { name: 'Filter by field' }).press('ArrowDown');
  await page.getByTitle(team, { exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`field=${team}`));
  await expect(steps).toHaveCount(2);
  await page.goto(`${app.address}/users/${userId}/history`);
  await steps.nth(2).getByRole('button', { name: 'View this version' }).press('Enter');
  await page.getByRole('button', { name: `Restore ${team}` }).press('Enter');
  await expect(page.getByText('Restored 1 value')).toBeVisible();
  await expect(steps.first()).toContainText('Restored the version from');
  const held = () => app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId });
  expect(await held()).toEqual({ [team]: 'Blue' });
  await page.getByRole('button', { name: `Restore ${level}` }).press('Enter');
  await expect.poll(held).toEqual({ [team]: 'Blue', [level]: 1 });
});

test('what was saved is not offered again as a draft, however late the draft arrives', async ({ app, page }) => {
  const key = unique('late');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person') });
  await app.open(`/users/${userId}`);
  await page.route('**/save-draft', async (route) => {
    await new Promise((resume) => setTimeout(resume, 1_000));
    await route.continue();
  });
  const sent = page.waitForRequest((asked) => asked.url().endsWith('/save-draft'));
  await page.getByLabel(key).fill('saved');
  await sent;
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  await page.waitForTimeout(1_200);
  const drafts = page.waitForResponse((answer) => /get-draft/.test(answer.url()));
  await page.reload();
  expect(await (await drafts).json()).toMatchObject({ data: null });
  await expect(page.getByLabel(key)).toHaveValue('saved');
});

test('what was typed and not saved is back after the tab was closed, and gone after signing out', async ({
  app,
  page,
  context,
}) => {
  const key = unique('draft');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 'stored' } });
  await app.open(`/users/${userId}`);
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
  await page.getByLabel(key).fill('typed');
  await kept;
  await page.close();
  await app.call('setCustomData', { targetType: 'USER', targetIdentifier: userId, list: [{ key, value: 'theirs' }] });

  const again = await context.newPage();
  await again.goto(`${app.address}/users/${userId}`);
  await expect(again.getByText('Restored your unsaved changes')).toBeVisible();
  await expect(again.getByLabel(key)).toHaveValue('typed');
  await expect(again.getByText('Someone else changed this from stored to theirs.')).toBeVisible();
  const forgotten = again.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
  await again.getByRole('button', { name: 'Discard' }).click();
  await forgotten;
  await again.reload();
  await expect(again.getByLabel(key)).toHaveValue('theirs');

  const second = again.waitForResponse((answer) => answer.url().endsWith('/save-draft'));
  await again.getByLabel(key).fill('typed again');
  await second;
  again.on('dialog', (dialog) => dialog.accept());
  await signOut(again);
  await again.goto(`${app.address}/users/${userId}`);
  await signIn(again, 'admin');
  await expect(again.getByLabel(key)).toHaveValue('theirs');
});

test('the raw view is what the API returns, and its curl command repeats the last change', async ({ app, page }) => {
  const key = unique('raw');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key }] });
  const code = unique('group');
  await app.call('createGroup', { code, customData: { [key]: "it's “raw” 🦊" } });
  await app.open(`/groups/${code}`);
  await page.getByRole('link', { name: 'API response' }).click();
  const shown = page.getByRole('region', { name: 'JSON from the API' }).locator('pre');
  await expect(shown).toContainText('customData');
  expect(JSON.parse((await shown.textContent()) ?? '')).toEqual(
    await app.call('getGroup', { code, withCustomData: 'true' }),
  );
  const curl = (await page.getByRole('region', { name: 'Last change as curl' }).locator('pre').textContent()) ?? '';
  const said = execFileSync('sh', ['-c', curl.replace(/^curl .*\\$/m, 'printf "%s\\n" \\')], { encoding: 'utf8' });
  expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toEqual({
    targetType: 'GROUP',
    targetIdentifier: code,
    list: [{ key, value: "it's “raw” 🦊" }],
  });
});

test('a stored value with the wrong type is converted and saved', async ({ app, page }) => {
  const key = unique('score');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'NUMBER' }] });
  const { userId } = await app.call('createUser', { username: unique('person'), customData: { [key]: 1 } });
  await app.spoil(key, '"１８"');
  await app.open(`/users/${userId}`);
  await page.getByRole('button', { name: 'Convert to 18' }).press('Enter');
  await expect(page.getByLabel(key)).toHaveValue('18');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({ [key]: 18 });
});

test('a form of many fields is searched, and renders all of them step by step', async ({ app, page }) => {
  const prefix = unique('many');
  const list = Array.from({ length: 150 }, (_, at) => ({ targetType: 'GROUP' as const, key: `${prefix}_${at}` }));
  for (let at = 0; at < list.length; at += 50) await app.call('setCustomFields', { list: list.slice(at, at + 50) });
  await app.call('createGroup', { code: prefix, name: prefix, customData: { [`${prefix}_149`]: 'last' } });
  await app.open(`/groups/${prefix}`);
  await expect(page.getByLabel(`${prefix}_0`, { exact: true })).toBeVisible();
  const outline = page.getByRole('navigation', { name: 'On this page' });
  await expect(outline.getByRole('button', { name: 'Custom fields' })).toHaveAttribute('aria-current', 'true');
  await outline.getByRole('button', { name: 'Profile' }).click();
  await expect(page.getByLabel('Description')).toBeInViewport();
  await expect(outline).toBeInViewport();
  await page.getByRole('searchbox', { name: 'Find a field' }).fill('_149');
  await expect(page.getByLabel(`${prefix}_149`)).toHaveValue('last');
  await expect(page.getByLabel(`${prefix}_0`, { exact: true })).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Find a field' }).fill('');
  await page.getByLabel(`${prefix}_148`).fill('typed');
  await expect(outline.getByRole('button', { name: 'Custom fields 1 change' })).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “')).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'GROUP', targetIdentifier: prefix })).toEqual({
    [`${prefix}_149`]: 'last',
    [`${prefix}_148`]: 'typed',
  });
  // Other tests also open this form.
  const keys = list.map(({ key }) => ({ targetType: 'GROUP' as const, key }));
  for (let at = 0; at < keys.length; at += 50) await app.call('deleteCustomFields', { list: keys.slice(at, at + 50) });
});
