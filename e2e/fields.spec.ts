import { afterLift, expect, test, unique } from './app.ts';

test('defines a single select by keyboard: key and values follow their names, Enter adds a row, and it can be filled at once', async ({
  app,
  page,
}) => {
  const label = unique('Office');
  await app.call('createUser', { username: unique('person') });
  await app.open('/fields/USER');
  await page.getByRole('button', { name: 'New field' }).click();
  await page.getByRole('radio', { name: /Single select/ }).check();
  await page.getByLabel('Default name').fill(label);
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(label.toLowerCase());
  await page.getByRole('button', { name: 'Add option' }).click();
  await page.keyboard.type('New York');
  await expect(page.getByLabel('Value of option 1')).toHaveValue('new_york');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Label of option 2', { exact: true })).toBeFocused();
  await page.keyboard.type('東京');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Taipei');
  await page.getByRole('button', { name: 'Move Taipei', exact: true }).focus();
  // Wait for the announcement of each step before the next one.
  await page.keyboard.press('Space');
  await expect(page.getByText('Now at position 3 of 3.')).toBeAttached();
  await page.waitForTimeout(afterLift);
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Now at position 2 of 3.')).toBeAttached();
  await page.keyboard.press('Space');
  await expect(page.getByLabel('Label of option 2', { exact: true })).toHaveValue('Taipei');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(`Saved “${label}”`)).toBeVisible();
  const fields = await app.call('getCustomFields', { targetType: 'USER' });
  const stored = fields.find((field) => field.label === label);
  expect(stored?.dataType === 'ENUM' && stored.options).toEqual([
    { value: 'new_york', label: 'New York' },
    { value: 'taipei', label: 'Taipei' },
    { value: '東京', label: '東京' },
  ]);
  await expect(page.getByLabel('Key', { exact: true })).toBeDisabled();
  await expect(page.getByRole('radio', { name: /Single select/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Fill it for users' }).click();
  await expect(page).toHaveURL(/\/users\?columns=/);
  await expect(page.getByRole('columnheader', { name: label })).toBeVisible();
});

test('Enter goes down in the column of options and adds a row only at the end; a blank row at the end is ignored', async ({
  app,
  page,
}) => {
  const key = unique('down');
  const options = ['Tokyo', 'Osaka'].map((label) => ({ value: label.toLowerCase(), label }));
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, dataType: 'ENUM', options }] });
  await app.open(`/fields/GROUP/${key}/options`);
  const rows = page.locator('.option-row');
  const cell = (row: number, column: number) => rows.nth(row).getByRole('textbox').nth(column);
  await page.locator('.options-tools').getByRole('radio', { name: 'Japanese' }).check();
  const [value, label, translation] = [1, 2, 3];
  await cell(0, translation).fill('東京');
  await page.keyboard.press('Enter');
  await expect(cell(1, translation)).toBeFocused();
  await page.keyboard.type('大阪');
  await expect(rows).toHaveCount(2);
  await cell(0, label).press('Enter');
  await expect(cell(1, label)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cell(2, label)).toBeFocused();
  await page.keyboard.type('Kyoto');
  await cell(2, value).press('Enter');
  await expect(cell(3, value)).toBeFocused();
  // No further row below a blank one.
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('Control+s');
  await expect(page.locator('.toast')).toContainText('Saved “');
  await expect(rows).toHaveCount(3);
  const stored = (await app.call('getCustomFields', { targetType: 'GROUP' })).find((field) => field.key === key);
  expect(
    stored && 'options' in stored && stored.options.map((one) => [one.value, one.label, one.i18n?.label['ja-JP']]),
  ).toMatchObject([
    ['tokyo', 'Tokyo', { enabled: true, value: '東京' }],
    ['osaka', 'Osaka', { enabled: true, value: '大阪' }],
    ['kyoto', 'Kyoto', undefined],
  ]);

  // Rows move by key and by Sort, the focus moves along, and one key takes each back.
  const labels = () => rows.evaluateAll((all, at) => all.map((one) => one.querySelectorAll('input')[at]?.value), label);
  await cell(2, label).press('Alt+ArrowUp');
  await expect.poll(labels).toEqual(['Tokyo', 'Kyoto', 'Osaka']);
  await expect(cell(1, label)).toBeFocused();
  await page.getByRole('button', { name: 'Sort' }).click();
  await expect.poll(labels).toEqual(['Kyoto', 'Osaka', 'Tokyo']);
  await cell(0, label).press('Control+z');
  await cell(0, label).press('Control+z');
  await expect.poll(labels).toEqual(['Tokyo', 'Osaka', 'Kyoto']);
  await cell(2, label).press('Enter');
  await page.keyboard.insertText('Nara');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(labels).toEqual(['Tokyo', 'Osaka', 'Kyoto']);
  await expect(page.locator('.option-add button')).toBeFocused();

  // The focus stays in the list when a row goes, and goes to what adds one with the last.
  const remove = (row: number) => rows.nth(row).getByRole('button').last();
  await remove(1).press('Enter');
  await expect(remove(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(remove(0)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(0);
  await expect(page.locator('.option-add button')).toBeFocused();
});

test('a new field opens without an error and ready to be typed, however often', async ({ app, page }) => {
  await app.open('/fields/USER');
  for (const _ of [1, 2]) {
    await page.getByRole('button', { name: 'New field' }).click();
    await expect(page.getByLabel('Default name')).toBeFocused();
    await page.waitForTimeout(200);
    await expect(page.getByLabel('Default name')).toBeFocused();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.goBack();
    await expect(page).toHaveURL(/\/fields\/USER$/);
  }
});

test('a typed translation is on, of a name, a description and a section', async ({ app, page }) => {
  const key = unique('typed');
  const i18n = { label: { 'en-US': { enabled: false, value: 'A draft' } } };
  const list = [{ targetType: 'ROLE' as const, key, label: 'School', description: 'Where', group: 'Past', i18n }];
  await app.call('setCustomFields', { list });
  await app.open(`/fields/ROLE/${key}`);
  for (const [language, texts] of [
    ['English', ['School', 'Where', 'Past']],
    ['Traditional Chinese', ['學校', '哪裡', '過去']],
    ['Japanese', ['学校', 'どこ', '過去']],
  ] as const) {
    await page.getByRole('tab', { name: language }).click();
    const panel = page.locator('.language-panel');
    for (const [at, text] of texts.entries()) {
      await panel.getByRole('textbox').nth(at).fill(text);
      await expect(panel.getByRole('switch').nth(at)).toBeChecked();
    }
  }
  await page.getByRole('tab', { name: 'Japanese' }).click();
  await page.locator('.language-panel').getByRole('textbox').nth(1).fill('');
  await expect(page.locator('.language-panel').getByRole('switch').nth(1)).not.toBeChecked();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “School”')).toBeVisible();
  const stored = (await app.call('getCustomFields', { targetType: 'ROLE' })).find((field) => field.key === key);
  expect(stored?.i18n).toMatchObject({
    label: {
      'en-US': { enabled: true, value: 'School' },
      'zh-TW': { enabled: true, value: '學校' },
      'ja-JP': { enabled: true, value: '学校' },
    },
    description: { 'zh-TW': { enabled: true, value: '哪裡' }, 'ja-JP': { enabled: false, value: '' } },
    group: { 'zh-TW': { enabled: true, value: '過去' }, 'ja-JP': { enabled: true, value: '過去' } },
  });
});

test('the tabs of a field are pages: what was typed in one stays, nothing asks, and one bar saves all of them', async ({
  app,
  page,
}) => {
  const key = unique('tabs');
  const validateRules = [{ type: 'length', content: '..9', error: '' }];
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, label: key, validateRules }] });
  const tab = (name: string) => page.locator('.field-tabs').getByRole('link', { name });
  await app.open(`/fields/GROUP/${key}`);
  await expect(page.locator('.field-tabs a')).toHaveText(['Name', 'Visibility', 'Rules 1', 'Protection']);
  await expect(page.getByText('You can’t change the type or key of an existing field.')).toBeVisible();
  await expect(page.getByRole('radio', { name: /Single select/ })).toHaveCount(0);
  await page.getByLabel('Default name').fill('Renamed');
  await expect(tab('Name')).toHaveText('Name Changed');
  await tab('Rules').press('Enter');
  await expect(page).toHaveURL(new RegExp(`/fields/GROUP/${key}/rules$`));
  await expect(page).toHaveTitle(new RegExp(`^Rules: ${key}`));
  await expect(tab('Rules')).toBeFocused();
  await page.getByLabel('Try it').fill('a sample');
  await expect(page.getByRole('region', { name: 'Preview' })).toBeVisible();
  await tab('Protection').click();
  await expect(page.getByRole('region', { name: 'Preview' })).toBeHidden();
  await page.getByRole('radiogroup', { name: 'Support' }).getByText('View').click();
  await page.goBack();
  await expect(page.getByLabel('Try it')).toHaveValue('a sample');
  await page.goBack();
  await expect(page.getByLabel('Default name')).toHaveValue('Renamed');
  const bar = page.getByRole('region', { name: '2 changes' });
  await expect(bar.getByRole('listitem')).toHaveText(['2 changes', 'Default name', 'Who can view and edit']);
  await page.getByRole('link', { name: 'Data quality' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await tab('Protection').click();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “Renamed”')).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/${key}/protection$`));
  const stored = (await app.call('getCustomFields', { targetType: 'GROUP' })).find((field) => field.key === key);
  expect(stored).toMatchObject({ label: 'Renamed', access: { support: 'read' }, validateRules });
  // A field of another type has other tabs, and a link may be older than it.
  await page.goto(`${app.address}/fields/GROUP/${key}/options`);
  await expect(tab('Name')).toHaveAttribute('aria-current', 'page');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, visibleInAdminConsole: false }] });
  await page.goto(`${app.address}/activity?field=${key}`);
  const links = page.locator('tbody').getByRole('link', { name: 'Renamed' });
  await expect(links.last()).toHaveAttribute('href', `/fields/GROUP/${key}`);
  await links.first().click();
  await expect(tab('Visibility')).toHaveAttribute('aria-current', 'page');
});

test('a refused save leads to the tab of the first problem, and says which tabs have one', async ({ app, page }) => {
  const key = unique('refused');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, label: key, dataType: 'NUMBER' }] });
  const tab = (name: string) => page.locator('.field-tabs').getByRole('link', { name });
  await app.open(`/fields/GROUP/${key}/rules`);
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByLabel('Maximum', { exact: true }).fill('x');
  await tab('Name').click();
  await page.getByRole('tab', { name: 'Japanese' }).click();
  await page.getByRole('switch', { name: 'Turn on Japanese' }).click();
  await page.getByRole('tab', { name: 'English' }).click();
  await tab('Visibility').click();
  await page.keyboard.press('Control+s');
  await expect(page.getByLabel('Name in Japanese')).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/fields/GROUP/${key}$`));
  await expect(page.locator('.field-tabs a')).toHaveText([
    'Name Needs fixing',
    'Visibility',
    'Rules 1 Needs fixing',
    'Protection',
  ]);
  await page.keyboard.type('数');
  await expect(tab('Name')).toHaveText('Name Changed');
  await page.getByRole('button', { name: 'To fix: Rules' }).click();
  await expect(page.getByLabel('Minimum', { exact: true })).toBeFocused();
  await page.getByLabel('Maximum', { exact: true }).fill('9');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
});

test('a key that gets a number because of another field says so before it is saved, and links to that field', async ({
  app,
  page,
}) => {
  const name = unique('Cost center');
  const key = name.toLowerCase().replaceAll(' ', '_');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: name }] });
  await app.open('/fields/USER/new');
  await page.getByLabel('Default name').fill(`${name} of a team`);
  await expect(page.locator('.namesake')).toHaveCount(0);
  await page.getByLabel('Default name').fill(name);
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(`${key}_2`);
  await expect(page.locator('.namesake')).toContainText(`“${name}” has the key ${key} already`);
  await expect(page.getByLabel('Key', { exact: true })).toHaveAccessibleDescription(
    new RegExp(`gets ${key}_2 for good`),
  );
  const [other] = await Promise.all([
    page.waitForEvent('popup'),
    page
      .locator('.namesake')
      .getByRole('link', { name: `Open “${name}”` })
      .click(),
  ]);
  await expect(other).toHaveURL(new RegExp(`/fields/USER/${key}$`));
  await other.close();
  await page.getByLabel('Key', { exact: true }).fill(`${key}_of_teams`);
  await expect(page.locator('.namesake')).toHaveCount(0);
});

test('the list of fields fits at 1024, and the editor of every type at 360, without scrolling sideways', async ({
  app,
  page,
}) => {
  const key = unique('narrow');
  const options = [{ value: 'a_rather_long_value_of_an_option', label: 'An option whose label is long' }];
  // With a tenant the top bar has one thing more.
  await app.call('createTenant', { name: unique('tenant') });
  const on = { enabled: true, value: '一' };
  await app.call('setCustomFields', {
    list: [
      {
        targetType: 'DEPARTMENT',
        key: `${key}_text_of_a_department`,
        label: 'Dateandtimeofthelastinspection',
        group: 'Section',
        isUnique: true,
        encrypted: true,
        desensitization: true,
        userEditable: true,
        validateRules: [{ type: 'regExp', content: '^[a-z]+$', error: 'Small letters only' }],
        i18n: { label: { 'zh-CN': on, 'zh-TW': on, 'ja-JP': on } },
      },
      { targetType: 'DEPARTMENT', key: `${key}_day`, label: 'Day', dataType: 'DATETIME', precision: 'day' },
      { targetType: 'DEPARTMENT', key: `${key}_pick`, label: 'Pick', dataType: 'ENUM', options },
    ],
  });
  await app.open('/fields/DEPARTMENT');
  const sideways = async (path: string, width: number) => {
    await page.setViewportSize({ width, height: 844 });
    const reach = () =>
      page.evaluate(async () => {
        await new Promise(requestAnimationFrame);
        scrollTo(1_000, 0);
        return scrollX;
      });
    await expect.poll(reach, `${path} at ${width}`).toBe(0);
  };
  await expect(page.getByText('Dateandtimeofthelastinspection')).toBeVisible();
  for (const width of [1180, 1024, 900, 740, 375]) await sideways('the list', width);
  await page.setViewportSize({ width: 1024, height: 844 });
  // The menu of a row is inside, and whole.
  await page.locator('.actions button').first().click();
  const menu = await page.getByRole('menu').boundingBox();
  expect((menu?.x ?? 0) + (menu?.width ?? 2_000)).toBeLessThanOrEqual(1024);
  for (const one of ['text_of_a_department', 'day', 'pick']) {
    await page.goto(`${app.address}/fields/DEPARTMENT/${key}_${one}`);
    await expect(page.getByLabel('Default name')).toBeVisible();
    const tabs = page.locator('.field-tabs a');
    for (const tab of await tabs.all()) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-current', 'page');
      if ((await tab.innerText()).startsWith('Options'))
        await page.locator('.options-tools').getByRole('radio', { name: 'Japanese' }).check();
      for (const width of [1024, 360]) await sideways(`${one}, ${await tab.innerText()}`, width);
      const row = await page.locator('.field-tabs').evaluate((all) => [all.scrollWidth, all.clientWidth]);
      expect(row[0], 'no tab is cut').toBe(row[1]);
    }
  }
});

test('reorders options with the mouse', async ({ app, page }) => {
  const key = unique('drag');
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, dataType: 'ENUM', options }] });
  await app.open(`/fields/USER/${key}/options`);
  await page.getByRole('button', { name: 'Add option' }).scrollIntoViewIfNeeded();
  const grip = await page.getByRole('button', { name: 'Move C', exact: true }).boundingBox();
  const goal = await page.getByRole('button', { name: 'Move A', exact: true }).boundingBox();
  if (!grip || !goal) throw new Error('The rows are not there.');
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 8, grip.y - 20, { steps: 4 });
  await page.mouse.move(goal.x + 8, goal.y + 2, { steps: 8 });
  await expect(page.getByText('Now at position 1 of 3.')).toBeAttached();
  await page.mouse.up();
  await expect(page.getByLabel('Label of option 1', { exact: true })).toHaveValue('C');
  // A click of the first 50 ms after a drop belongs to the drag.
  await page.waitForTimeout(100);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
  const stored = (await app.call('getCustomFields', { targetType: 'USER' })).find((field) => field.key === key);
  expect(stored?.dataType === 'ENUM' && stored.options.map(({ value }) => value)).toEqual(['c', 'a', 'b']);
});

test('a change that touches no values is one write request, another one is two', async ({ app, page }) => {
  const key = unique('pick');
  const options = ['a', 'b'].map((value) => ({ value, label: value.toUpperCase() }));
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key, label: 'Before', dataType: 'ENUM', options }],
  });
  await app.call('createUser', { username: unique('person'), customData: { [key]: 'b' } });
  await app.open(`/fields/USER/${key}`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(new URL(request.url()).pathname.replace(/^.*\//, ''));
  });
  await page.getByLabel('Default name').fill('After');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “After”')).toBeVisible();
  expect(asked).toEqual(['apply-plan']);

  await app.open(`/fields/USER/${key}/options`);
  asked.length = 0;
  await expect(page.locator('.option-row .holders').nth(1)).toHaveText('1');
  await page.getByRole('button', { name: 'Remove B' }).click();
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('radio', { name: 'Deactivate' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Saved “After”')).toBeVisible();
  expect(asked).toEqual(['plan-fields', 'apply-plan']);
});

test('shows duplicates and blanks at their row, and writes nothing', async ({ app, page }) => {
  await app.open('/fields/GROUP/new');
  await page.getByRole('radio', { name: /Single select/ }).check();
  const name = unique('Blank');
  await page.getByLabel('Default name').fill(name);
  for (const label of ['One', 'One', '', 'Two']) {
    await page.getByRole('button', { name: 'Add option' }).click();
    await page.keyboard.type(label);
  }
  await page.getByRole('button', { name: 'Create field' }).click();
  const rows = page.getByRole('list', { name: 'Options' }).getByRole('listitem');
  await expect(rows.nth(1)).toContainText('Used by an option above');
  await expect(rows.nth(2)).toContainText('Enter a label');
  const fields = await app.call('getCustomFields', { targetType: 'GROUP' });
  expect(fields.filter(({ label }) => label === name)).toEqual([]);
});

test('refuses the key of a built-in field, at the key', async ({ app, page }) => {
  await app.open('/fields/USER/new');
  await page.getByLabel('Default name').fill('Something');
  await page.getByLabel('Key', { exact: true }).fill('username');
  await page.getByRole('button', { name: 'Create field' }).click();
  await expect(page.getByLabel('Key', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('This is the key of a built-in field')).toBeVisible();
});

test('shows a server’s error at its control', async ({ app, page }) => {
  const key = unique('case');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  await app.open('/fields/USER/new');
  await page.getByLabel('Default name').fill('Something');
  await page.getByLabel('Key', { exact: true }).fill(key.toUpperCase());
  await page.getByRole('button', { name: 'Create field' }).click();
  await expect(page.getByText(`Differs from ${key} only in capitalization`)).toBeVisible();
  await expect(page.getByLabel('Key', { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('keeps a turned-off text, and says what viewers see', async ({ app, page }) => {
  const key = unique('lang');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'School' }] });
  await app.open(`/fields/USER/${key}`);
  await page.getByRole('tab', { name: /Traditional Chinese/ }).click();
  await page.getByLabel('Name in Traditional Chinese').fill('學校');
  await expect(page.getByText('Shown in Traditional Chinese: 學校')).toBeVisible();
  await page.getByRole('switch', { name: 'Turn on Traditional Chinese' }).click();
  await expect(page.getByText('Shown in Traditional Chinese: School (default name)')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “School”')).toBeVisible();
  const stored = (await app.call('getCustomFields', { targetType: 'USER' })).find((field) => field.key === key);
  expect(stored?.i18n.label['zh-TW']).toEqual({ enabled: false, value: '學校', source: 'School' });
});

test('refuses a language that is on without a text, in its tab', async ({ app, page }) => {
  await app.open('/fields/ROLE/new');
  await page.getByLabel('Default name').fill(unique('On'));
  await page.getByRole('tab', { name: /Japanese/ }).click();
  await page.getByRole('switch', { name: 'Turn on Japanese' }).click();
  await page.getByRole('button', { name: 'Create field' }).click();
  await expect(page.getByText('Turned on, but has no text')).toBeVisible();
});

test('user-editable implies shown in the user center, and the other way round', async ({ app, page }) => {
  await app.open('/fields/USER/new');
  const shown = page.getByRole('switch', { name: 'Show in the user center' });
  const editable = page.getByRole('switch', { name: 'Users can edit it themselves' });
  await shown.click();
  await editable.click();
  await expect(shown).toBeChecked();
  await shown.click();
  await expect(editable).not.toBeChecked();
});

test('asks before unsaved work is lost, and stays or leaves', async ({ app, page }) => {
  await app.open('/fields/USER/new');
  await page.getByLabel('Default name').fill('Unsaved');
  await page.getByRole('link', { name: 'Groups' }).first().click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByLabel('Default name')).toHaveValue('Unsaved');
  await page.getByRole('link', { name: 'Groups' }).first().click();
  await page.getByRole('button', { name: 'Discard and leave' }).click();
  await expect(page).toHaveURL(/\/groups$/);
});

test('deletes a field to the trash and restores it with its values', async ({ app, page }) => {
  const key = unique('trash');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  const { userId } = await app.call('createUser', { username: unique('holder'), customData: { [key]: 'kept' } });
  await app.open('/fields/USER');
  await page.getByRole('button', { name: `Actions for ${key}` }).click();
  await page.getByRole('menuitem', { name: 'Delete field' }).click();
  await expect(page.getByText('1 user has a value.')).toBeVisible();
  await page.getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('link', { name: key })).toBeHidden();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({});
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: key })).toBeVisible();
  expect(await app.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).toEqual({ [key]: 'kept' });
});

test('filters are in the URL and survive a reload', async ({ app, page }) => {
  const [text, number] = [unique('text'), unique('number')];
  const i18n = { label: { 'ja-JP': { enabled: true, value: `社員番号${number}` } } };
  await app.call('setCustomFields', {
    list: [
      { targetType: 'DEPARTMENT', key: text },
      { targetType: 'DEPARTMENT', key: number, dataType: 'NUMBER', label: 'No.', i18n },
    ],
  });
  await app.open('/fields/DEPARTMENT');
  await page.getByRole('searchbox').fill(`社員番号${number.toUpperCase()}`);
  await expect(page.getByRole('link', { name: text })).toBeHidden();
  await expect(page).toHaveURL(/q=/);
  await page.reload();
  await expect(page.getByRole('link', { name: 'No.' })).toBeVisible();
  await expect(page.getByRole('link', { name: text })).toBeHidden();
  await page.goto(`${app.address}/fields/DEPARTMENT?type=STRING`);
  await expect(page.getByRole('link', { name: text })).toBeVisible();
  await expect(page.getByRole('link', { name: 'No.' })).toBeHidden();
});

test('fields are sorted by a header, keep their own order beneath, and lead to those who have a value', async ({
  app,
  page,
}) => {
  const [first, second] = [unique('sorted'), unique('sorted')];
  await app.call('setCustomFields', {
    list: [
      { targetType: 'GROUP', key: first, label: `${first} b` },
      { targetType: 'GROUP', key: second, label: `${first} a`, dataType: 'NUMBER' },
    ],
  });
  const code = unique('crew');
  await app.call('createGroup', { code, name: code, description: '', customData: { [second]: 7 } });
  await app.open(`/fields/GROUP?q=${first}`);
  const names = page.locator('.row-link');
  await expect(names).toHaveText([`${first} b`, `${first} a`]);
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await expect(names).toHaveText([`${first} a`, `${first} b`]);
  await expect(page).toHaveURL(/sort=name/);
  await page.getByRole('button', { name: 'Filled' }).click();
  await page.getByRole('button', { name: 'Filled' }).click();
  await expect(page.getByRole('columnheader', { name: 'Filled' })).toHaveAttribute('aria-sort', 'descending');
  await expect(names).toHaveText([`${first} a`, `${first} b`]);
  await page.getByRole('link', { name: '%' }).click();
  await expect(page.getByRole('heading', { name: 'Groups' })).toBeVisible();
  await expect(names).toHaveText([code]);
});

test('another administrator’s save merges automatically, with a message', async ({ app, page }) => {
  const key = unique('raced');
  const options = ['a', 'b'].map((value) => ({ value, label: value.toUpperCase() }));
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key, label: 'Before', dataType: 'ENUM', options }],
  });
  await app.open(`/fields/USER/${key}`);
  await page.getByLabel('Description', { exact: true }).fill('mine');
  await page.getByRole('link', { name: 'Options' }).click();
  await page.getByRole('button', { name: 'Add option' }).click();
  await page.keyboard.type('Mine');
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key, label: 'Theirs', options: [{ value: 'z', label: 'Z' }, ...options] }],
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Merged with changes that someone else just made')).toBeVisible();
  await expect(page.getByText('Saved “Theirs”')).toBeVisible();
  const stored = (await app.call('getCustomFields', { targetType: 'USER' })).find((field) => field.key === key);
  expect(stored).toMatchObject({ label: 'Theirs', description: 'mine' });
  expect(stored && 'options' in stored && stored.options.map(({ value }) => value)).toEqual(['z', 'a', 'b', 'mine']);
});

test('if two administrators changed the same, both versions are shown and one is chosen', async ({ app, page }) => {
  const key = unique('met');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'Before' }] });
  await app.open(`/fields/USER/${key}`);
  await page.getByLabel('Default name').fill('Mine');
  await page.getByLabel('Description', { exact: true }).fill('also mine');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'Theirs' }] });
  await page.getByRole('link', { name: 'Visibility' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.conflicts')).toBeFocused();
  await page.getByRole('link', { name: 'Name Changed' }).click();
  await expect(page.getByRole('heading', { name: 'Someone else edited the same settings' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Default name' })).toHaveValue('Theirs');
  await page.getByRole('radio', { name: 'Yours: Mine' }).check();
  await expect(page.getByLabel('Description', { exact: true })).toHaveValue('also mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved “Mine”')).toBeVisible();
  const stored = (await app.call('getCustomFields', { targetType: 'USER' })).find((field) => field.key === key);
  expect(stored).toMatchObject({ label: 'Mine', description: 'also mine' });
});

test('support reads definitions and can change nothing', async ({ app, page }) => {
  const key = unique('ro');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  await app.open(`/fields/USER/${key}`, { as: 'support' });
  await expect(page.getByLabel('Default name')).toBeDisabled();
  await page.getByRole('link', { name: 'Rules' }).click();
  await expect(page.getByRole('switch', { name: 'Values must be unique' })).toBeDisabled();
  await page.goto(`${app.address}/fields/USER`);
  await expect(page.getByRole('link', { name: key })).toBeVisible();
  await expect(page.getByRole('button', { name: 'New field' })).toBeHidden();
});

test('fields have sections: in their form, renamed and ordered together, with translations', async ({ app, page }) => {
  // A separate tenant, because other tests define fields of the same target type.
  const { tenantId } = await app.call('createTenant', { name: unique('tenant') });
  const list = ['one', 'two', 'three'].map((key) => ({ targetType: 'GROUP' as const, key, label: key }));
  await app.call('setCustomFields', {
    list: list.map((one, at) => ({ ...one, group: at ? 'Later' : 'First' })),
    tenantId,
  });
  const code = unique('group');
  await app.call('createGroup', { code, name: code });
  await app.open(`/t/${tenantId}/fields/GROUP/three`);
  await page.getByLabel('Section', { exact: true }).fill('Last');
  await page.getByRole('textbox', { name: 'Section name in English' }).fill('The last ones');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “three”')).toBeVisible();

  await page.getByRole('link', { name: 'Groups' }).first().click();
  await page.goto(`${app.address}/t/${tenantId}/groups/${code}`);
  const heads = page.locator('form h2');
  await expect(heads).toHaveText(['First', 'Later', 'The last ones', 'Profile']);

  await page.goto(`${app.address}/t/${tenantId}/fields/GROUP`);
  await page.getByRole('button', { name: 'Edit sections' }).click();
  await page.getByLabel('Name of section First').fill('Begin');
  const grip = page.getByRole('button', { name: 'Move section Last' });
  await grip.focus();
  await expect(grip).toHaveAttribute('aria-roledescription', 'sortable');
  await page.keyboard.press('Space');
  await expect(page.getByText('Now at position 3 of 3.')).toBeAttached();
  await page.waitForTimeout(afterLift);
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Now at position 2 of 3.')).toBeAttached();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Sections saved')).toBeVisible();
  await page.goto(`${app.address}/t/${tenantId}/groups/${code}`);
  await expect(heads).toHaveText(['Begin', 'The last ones', 'Later', 'Profile']);
});
