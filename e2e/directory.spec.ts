import { expect, test, unique } from './app.ts';

// In an empty console, everything that can have a value can be created, deleted and restored.

test('a user is created, deleted and restored, by keyboard', async ({ app, page }) => {
  const name = unique('Ada');
  await app.open('/users');
  await page.getByRole('button', { name: 'New user' }).press('Enter');
  await page.getByRole('button', { name: 'Create', exact: true }).press('Enter');
  await expect(page.getByText('Required')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Username', { exact: true }).fill(name.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.goto(`${app.address}/users?create=user`);
  await page.getByLabel('Name', { exact: true }).fill('Other');
  await page.getByLabel('Username', { exact: true }).fill(name.toUpperCase());
  await page.keyboard.press('Enter');
  await expect(page.getByText('Already used. Values of this field must be unique.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/users$/);
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: `Actions for ${name}` }).press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await expect(page.getByText(`Moved “${name}” to trash`)).toBeVisible();
  await expect(page.getByRole('link', { name })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(page.getByRole('link', { name })).toBeVisible();
});

test.describe('where motion isn’t reduced', () => {
  test.use({ contextOptions: {} });

  test('a refused form leaves no spinner in its button', async ({ app, page }) => {
    await app.open('/groups');
    const dialog = page.getByRole('dialog');
    for (let round = 0; round < 4; round++) {
      await page.getByRole('button', { name: 'New group', exact: true }).click();
      await dialog.getByRole('button', { name: 'Create', exact: true }).click();
      await expect(dialog.getByText('Required').first()).toBeVisible();
      await expect(dialog.getByRole('button', { name: 'Create', exact: true })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
  });
});

test('permission spaces, roles, groups, organizations and departments are created', async ({ app, page }) => {
  const [space, role, group, tree] = [unique('ns'), unique('role'), unique('group'), unique('org')];
  const create = async (button: string, answers: Record<string, string>) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    const dialog = page.getByRole('dialog');
    for (const [label, text] of Object.entries(answers)) await dialog.getByLabel(label, { exact: true }).fill(text);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  };
  await app.open('/roles');
  await create('New permission space', { Name: space, Code: space });
  await page.getByRole('button', { name: 'New role', exact: true }).click();
  // The list shows the new permission space, and the new role is created there.
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Auditor');
  await page.getByRole('dialog').getByLabel('Code', { exact: true }).fill(role);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/roles/${space}/${role}$`));

  await page.getByRole('link', { name: 'Groups' }).click();
  await create('New group', { Name: group, Code: group });
  await expect(page).toHaveURL(new RegExp(`/groups/${group}$`));

  await page.getByRole('link', { name: 'Departments' }).click();
  await create('New organization', { Name: tree, Code: tree });
  await expect(page).toHaveURL(new RegExp(`organization=${tree}`));
  await create('New department', { Name: 'Sales' });
  await page.getByRole('link', { name: 'Departments' }).first().click();
  await page.getByRole('link', { name: tree }).first().click();
  await create('Add department under Sales', { Name: 'Field sales' });
  const { list } = await app.call('listChildrenDepartments', {
    organizationCode: tree,
    departmentId: (await app.call('getOrganization', { organizationCode: tree })).departmentId,
  });
  expect(list.map(({ name, hasChildren }) => [name, hasChildren])).toEqual([['Sales', true]]);
});

test('support has no buttons to create or delete', async ({ app, page }) => {
  const { userId } = await app.call('createUser', { username: unique('person'), name: 'Person' });
  await app.open('/users', { as: 'support' });
  await expect(page.getByRole('table')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New user' })).toBeHidden();
  await page.goto(`${app.address}/users/${userId}`);
  await expect(page.getByRole('heading', { name: 'Person' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Actions for Person' })).toBeHidden();
});

test('links lead from one target of a list to the next, on the same tab', async ({ app, page }) => {
  const prefix = unique('row');
  for (const name of ['a', 'b', 'c'])
    await app.call('createGroup', { code: `${prefix}_${name}`, name: `${prefix} ${name}` });
  await app.open(`/groups?q=${prefix}`);
  const links = page.locator('.row-link');
  await expect(links).toHaveCount(3);
  const names = await links.allTextContents();
  await links.nth(0).click();
  await page.getByRole('link', { name: 'Change history' }).click();
  // The URL changes before the page.
  await expect(page.getByRole('link', { name: 'Change history' })).toHaveAttribute('aria-current', 'page');
  await page.getByRole('link', { name: 'Next in the list' }).press('Enter');
  await expect(page.getByRole('heading', { name: names[1] ?? '' })).toBeVisible();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.getByText('2 of 3')).toBeVisible();
  await page.getByRole('link', { name: 'Next in the list' }).press('Enter');
  await expect(page.getByRole('heading', { name: names[2] ?? '' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Next in the list' })).toBeDisabled();
  await page.getByRole('link', { name: 'Previous in the list' }).press('Enter');
  await expect(page.getByRole('heading', { name: names[1] ?? '' })).toBeVisible();
});

test('a permission space is renamed, can’t be deleted with roles, and is restored by one click', async ({
  app,
  page,
}) => {
  const code = unique('home');
  await app.call('createNamespace', { code, name: code });
  await app.call('createRole', { code: 'one', namespace: code });
  await app.open(`/roles?namespace=${code}`);
  const actions = (name: string) => page.getByRole('button', { name: `Actions for ${name}` });
  await actions(code).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('Name', { exact: true }).fill(`${code} new`);
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await expect(page.getByText(`Saved “${code} new”`)).toBeVisible();
  await actions(`${code} new`).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('Still has roles')).toBeVisible();
  await app.call('deleteRolesBatch', { codeList: ['one'], namespace: code });
  await actions(`${code} new`).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await app.call('listNamespaces', { limit: 50 })).list.map(({ name }) => name))
    .toContain(`${code} new`);
});

test('whoever comes back from one of a list finds its search, filters and page, also after a reload and a delete', async ({
  app,
  page,
}) => {
  const word = unique('back');
  const list = Array.from({ length: 25 }, (_, at) => ({ username: `${word}_${at}`, name: `${word} ${at}` }));
  await app.call('createUsersBatch', { list });
  const crumb = page.locator('.crumbs a').last();
  const filter = encodeURIComponent('["name","NOT_NULL"]');
  await app.open(`/users?q=${word}&filter=${filter}&sort=name`);
  await page.locator('.pager button').nth(2).click();
  await expect(page.locator('.row-link')).toHaveCount(5);
  const left = page.url();
  expect(left).toContain('page=2');
  await page.locator('.row-link').first().click();
  await page.locator('.tabs a').nth(1).click();
  await page.reload();
  await crumb.click();
  await expect(page).toHaveURL(left);
  await expect(page.locator('.row-link')).toHaveCount(5);
  await page.locator('.row-link').first().click();
  await page.locator('.target-head .menu button').click();
  await page.getByRole('menuitem').click();
  await expect(page).toHaveURL(left);
  // A deleted one leads to its own list.
  await page.goBack();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('alert').getByRole('link', { name: 'Users' }).click();
  await expect(page).toHaveURL(left);
  await page.locator('.shell-nav a[href="/users"]').click();
  await expect(page).toHaveURL(/\/users$/);

  await page.goto(`${app.address}/fields/USER?type=STRING&shown=console`);
  const key = unique('listed');
  await app.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  await page.reload();
  await page.getByRole('link', { name: key }).click();
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(key);
  await crumb.click();
  await expect(page).toHaveURL(/type=STRING&shown=console$/);
});

test('a department shows its path, and the tree has its branches open on the way back', async ({ app, page }) => {
  const code = unique('tree');
  await app.call('createOrganization', { organizationCode: code, organizationName: `Org ${code}` });
  let parentDepartmentId = 'root';
  const names = ['First', 'Second', 'Third', 'Fourth'];
  for (const name of names) {
    const made = await app.call('createDepartment', { organizationCode: code, parentDepartmentId, name });
    parentDepartmentId = made.departmentId;
  }
  await app.open(`/departments?organization=${code}`);
  const tree = page.locator('.tree');
  for (const name of names.slice(0, 3)) {
    await tree.locator('.tree-row', { hasText: name }).getByRole('button').first().click();
  }
  const left = page.url();
  await tree.getByRole('link', { name: 'Fourth' }).click();
  const crumbs = page.locator('.crumbs li');
  await expect(crumbs).toHaveText(['Departments', `Org ${code}`, 'First', 'Second', 'Third', 'Fourth']);
  await crumbs.nth(3).getByRole('link').click();
  await expect(page.locator('.target-head h1')).toHaveText('Second');
  await expect(crumbs).toHaveText(['Departments', `Org ${code}`, 'First', 'Second']);
  await crumbs.first().getByRole('link').click();
  await expect(page).toHaveURL(left);
  await expect(tree.getByRole('link', { name: 'Fourth' })).toBeVisible();
});
