import { type App, afterLift, expect, signIn, test, unique } from './app.ts';

// Lists of targets: search, filters, columns, sort, saved views and pages, all in the URL.

/** Some people with a word that nobody else has, in order of creation. */
async function people(app: App, count: number, data: (at: number) => Record<string, unknown> = () => ({})) {
  const word = unique('crowd');
  const list = Array.from({ length: count }, (_, at) => ({
    username: `${word}.${String(at).padStart(2, '0')}`,
    name: `${word} ${String(at).padStart(2, '0')}`,
    customData: data(at),
  }));
  for (let at = 0; at < count; at += 50) await app.call('createUsersBatch', { list: list.slice(at, at + 50) });
  return word;
}

test('filters are added, shown as text, changed, shared by URL and removed', async ({ app, page }) => {
  const [town, since] = [unique('town'), unique('since')];
  await app.call('setCustomFields', {
    list: [
      { targetType: 'USER', key: town, label: 'Town' },
      { targetType: 'USER', key: since, label: 'Since', dataType: 'DATETIME', precision: 'day' },
    ],
  });
  const word = await people(app, 4, (at) => ({
    ...(at < 3 && { [town]: at ? '大阪市' : '東京' }),
    [since]: `202${at}-05-01`,
  }));
  await app.open(`/users?q=${word}&columns=${town}`);
  const rows = page.getByRole('table', { name: 'Users' }).getByRole('row');
  await expect(rows).toHaveCount(5);

  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const field = page.getByRole('combobox', { name: 'Field' });
  await field.fill(town);
  await field.press('Enter');
  await page.getByLabel('Value', { exact: true }).fill('阪');
  await page.getByLabel('Value', { exact: true }).press('Enter');
  await expect(page.getByRole('button', { name: 'Town contains “阪”', exact: true })).toBeVisible();
  await expect(rows).toHaveCount(3);

  await page.reload();
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Town contains “阪”', exact: true }).click();
  await page.getByRole('combobox', { name: 'Condition' }).fill('is empty');
  await page.getByRole('combobox', { name: 'Condition' }).press('Enter');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: 'Town is empty', exact: true })).toBeVisible();
  await expect(rows).toHaveCount(2);

  await page.getByRole('button', { name: 'Remove filter: Town is empty' }).click();
  await expect(rows).toHaveCount(5);
  await expect(page).not.toHaveURL(/filter=/);
});

test('support finds a person by a custom value, in the list and with Ctrl K, and sees where it is', async ({
  app,
  page,
}) => {
  const [center, plate] = [unique('center'), unique('plate').toUpperCase()];
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key: center, label: 'Cost center', isUnique: true }],
  });
  const word = await people(app, 2, (at) => ({ [center]: `${plate}-${at}` }));
  await app.open('/users?columns=email', { as: 'support' });
  await page.getByRole('searchbox').fill(plate.toLowerCase());
  const rows = page.getByRole('table', { name: 'Users' }).locator('tbody').getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(`Cost center ${plate}-`);
  await expect(rows.first().locator('mark')).toHaveText(plate);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Name, value, or command…' })).toBeFocused();
  await page.keyboard.insertText(`${plate}-1`);
  const option = page.getByRole('option', { name: `${word} 01` });
  await expect(option.locator('mark')).toHaveText(`${plate}-1`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: `${word} 01` })).toBeVisible();
});

test('a filter without a value is refused at its control', async ({ app, page }) => {
  const level = unique('level');
  await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key: level, dataType: 'NUMBER' }] });
  await app.open('/groups');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  const field = page.getByRole('combobox', { name: 'Field' });
  await field.fill(level);
  await field.press('Enter');
  await page.getByLabel('Value', { exact: true }).fill('many');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByLabel('Value', { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('columns are chosen and ordered, and a click on their header sorts', async ({ app, page }) => {
  const level = unique('level');
  await app.call('setCustomFields', {
    list: [{ targetType: 'USER', key: level, label: 'Level', dataType: 'NUMBER' }],
  });
  const word = await people(app, 3, (at) => (at < 2 ? { [level]: 10 - at } : {}));
  await app.open(`/users?q=${word}&columns=email,phone`);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('Find a column by name or key').fill(level);
  await page.getByRole('list', { name: 'Other columns' }).getByLabel('Level').click();
  await page.getByLabel('Find a column by name or key').fill('');
  // By keyboard: lift, move to the first position, drop.
  const grip = page.getByRole('button', { name: 'Move column Level' });
  await grip.focus();
  await expect(grip).toHaveAttribute('aria-roledescription', 'sortable');
  await page.keyboard.press('Space');
  await expect(page.getByText(/^(Lifted row|Now at)/)).toBeAttached();
  await page.waitForTimeout(afterLift);
  const before = await page.getByRole('list', { name: 'Visible columns' }).getByRole('listitem').count();
  for (let step = 1; step < before; step += 1) {
    await page.keyboard.press('ArrowUp');
    await expect(page.getByText(`Now at position ${before - step} of ${before}.`)).toBeAttached();
  }
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Done' }).click();
  const heads = page.getByRole('columnheader');
  await expect(heads.nth(1)).toHaveText('Level');

  const names = page.locator('.row-link');
  await heads.nth(1).getByRole('button').click();
  await expect(heads.nth(1)).toHaveAttribute('aria-sort', 'ascending');
  await expect(names).toHaveText([`${word} 01`, `${word} 00`, `${word} 02`]);
  await heads.nth(1).getByRole('button').click();
  await expect(heads.nth(1)).toHaveAttribute('aria-sort', 'descending');
  // A row without a value is last in both directions.
  await expect(names).toHaveText([`${word} 00`, `${word} 01`, `${word} 02`]);
});

test('columns are made wider by drag and by key, stay so, and are freed', async ({ app, page }) => {
  const word = await people(app, 1);
  await app.open(`/users?q=${word}&columns=email,phone`);
  const head = page.getByRole('columnheader').nth(1);
  const edge = head.locator('.column-edge');
  const widthOf = async () => Math.round((await head.boundingBox())?.width ?? 0);
  const usual = await widthOf();
  await edge.hover();
  await page.mouse.down();
  const { x, y } = (await edge.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 105, y + 10, { steps: 3 });
  await page.mouse.up();
  expect(await widthOf()).toBeGreaterThan(usual + 80);
  const sort = head.getByRole('button');
  await sort.press('Shift+ArrowLeft');
  const chosen = await widthOf();
  expect(chosen).toBeLessThan(usual + 100);
  await page.reload();
  await expect.poll(widthOf).toBe(chosen);
  await sort.press('Shift+Enter');
  await expect.poll(widthOf).toBe(usual);
  await expect(head).not.toHaveAttribute('aria-sort');
});

test('a view is saved, shared, changed, opened by somebody else and deleted', async ({ app, page, browser }) => {
  const word = await people(app, 2);
  const name = unique('view');
  await app.open(`/users?q=${word}&sort=name`, { as: 'support' });
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: /^Save this list/ }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('View name').fill(name);
  await page.getByLabel('Share with the whole team').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(`Saved view “${name}”`)).toBeVisible();
  await expect(page).toHaveURL(/view=/);

  const other = await browser.newPage();
  await other.goto(`${app.address}/users`);
  await signIn(other, 'admin');
  await other.getByRole('button', { name: 'Saved views' }).click();
  await other.getByRole('menuitem', { name: new RegExp(name) }).click();
  await expect(other.locator('.row-link')).toHaveText([`${word} 00`, `${word} 01`]);
  await other.getByRole('button', { name: 'Saved views' }).click();
  await expect(other.getByRole('menuitem', { name: new RegExp(`Delete “${name}”`) })).toHaveCount(0);
  await other.close();

  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect(page.locator('.row-link')).toHaveText([`${word} 01`, `${word} 00`]);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: `Update “${name}”` }).click();
  await expect(page.getByRole('button', { name: 'Saved views' })).toHaveText(name);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: `Delete “${name}”` }).click();
  await expect(page.getByText(`Deleted view “${name}”`)).toBeVisible();
  await expect(page.locator('.row-link')).toHaveCount(2);
});

test('pages go forward and back, to the last one, and from one person to the next across pages', async ({
  app,
  page,
}) => {
  const word = await people(app, 45);
  await app.open(`/users?q=${word}&sort=name`);
  const names = page.locator('.row-link');
  await expect(page.getByText('1–20 of 45')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /^45 of [\d,]+$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(names.first()).toHaveText(`${word} 20`);
  await page.reload();
  await expect(names.first()).toHaveText(`${word} 20`);
  await page.getByRole('button', { name: 'Last page' }).click();
  await expect(names.last()).toHaveText(`${word} 44`);
  await expect(page.getByText('41–45 of 45')).toBeVisible();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await expect(names.last()).toHaveText(`${word} 39`);
  await expect(page.getByText('21–40 of 45')).toBeVisible();
  // A page of another size has the first row of this one, and the next list has its size.
  await page.getByRole('combobox', { name: 'Rows per page' }).click();
  await page.getByText('50 per page').click();
  await expect(names).toHaveCount(45);
  await expect(page).toHaveURL(/size=50/);
  await page.goto(`${app.address}/users?q=${word}&sort=-name`);
  await expect(names).toHaveCount(45);
  await page.goto(`${app.address}/users?q=${word}&sort=name&size=20&page=2`);

  await names.last().click();
  await expect(page.getByRole('heading', { level: 1, name: `${word} 39` })).toBeVisible();
  await page.getByRole('button', { name: 'Next in the list' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${word} 40` })).toBeVisible();
  await page.getByRole('link', { name: 'Next in the list' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${word} 41` })).toBeVisible();
  await page.getByRole('link', { name: 'Previous in the list' }).click();
  await page.getByRole('button', { name: 'Previous in the list' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${word} 39` })).toBeVisible();
});

test('departments of all organizations are a list during a search or filter', async ({ app, page }) => {
  const [code, name] = [unique('org'), unique('dept')];
  await app.call('createOrganization', { organizationCode: code, organizationName: code });
  await app.call('createDepartment', { organizationCode: code, parentDepartmentId: 'root', name, code: name });
  await app.open('/departments');
  await page.getByRole('link', { name: 'All, as a list' }).click();
  await expect(page.getByRole('table', { name: 'Departments' })).toBeVisible();
  await page.getByRole('searchbox').fill(name.slice(3, 9));
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText(`${code} / ${name}`);
});

test('a deleted target is found in the trash and restored', async ({ app, page }) => {
  const code = unique('trashed');
  await app.call('createGroup', { code, name: code });
  await app.call('deleteGroupsBatch', { codeList: [code] });
  await app.open('/groups');
  await page.getByRole('link', { name: 'Trash' }).click();
  await expect(page.getByRole('heading', { name: 'Trash: Groups' })).toBeVisible();
  await page.getByRole('searchbox').fill(code);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: `Restore ${code}` }).press('Enter');
  await expect(page.getByText(`Restored “${code}”`)).toBeVisible();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await expect(page.getByRole('link', { name: code })).toBeVisible();
});
