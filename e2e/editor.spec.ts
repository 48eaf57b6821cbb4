import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Sent } from '../src/contract/endpoints.ts';
import { afterLift, expect, type Running, test, unique } from './app.ts';

// Everything about fields except their form: plans, long lists of options, rules, lifecycle, translations, preview,
// files and data quality.

const option = (value: string) => ({ value, label: value.toUpperCase() });
type SentField = Partial<Sent<'setCustomFields'>['list'][number]>;

async function define({ call }: Running, prefix: string, field: SentField = {}) {
  const key = unique(prefix);
  await call('setCustomFields', { list: [{ targetType: 'USER', key, label: key, ...field }] });
  return key;
}
const stored = async ({ call }: Running, key: string, targetType: 'USER' | 'ROLE' | 'GROUP' = 'USER') =>
  (await call('getCustomFields', { targetType })).find((field) => field.key === key);
const valuesOf = async (app: Running, key: string) => {
  const field = await stored(app, key);
  return field && 'options' in field ? field.options.map(({ value }) => value) : [];
};
const holder = async ({ call }: Running, key: string, value: unknown) =>
  (await call('createUser', { username: unique('u'), name: `Holder of ${value}`, customData: { [key]: value } }))
    .userId;
const heldBy = async ({ call }: Running, userId: string, key: string) =>
  (await call('getCustomData', { targetType: 'USER', targetIdentifier: userId }))[key];
const save = (page: Page) => page.keyboard.press('Control+s');

test.describe('options', () => {
  test('a block from a spreadsheet is spread over the rows: shown, kept or undone in one step, and nothing in use is dropped', async ({
    app,
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const key = await define(app, 'pasted', { dataType: 'ENUM', options: ['a', 'b', 'c'].map(option) });
    await holder(app, key, 'b');
    await app.open(`/fields/USER/${key}/options`);
    const paste = async (text: string) => {
      await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
      await page.keyboard.press('Control+v');
    };
    const label = (position: number) => page.getByLabel(`Label of option ${position}`, { exact: true });
    const panel = page.getByRole('dialog', { name: 'Pasted' });
    const rows = page.locator('.option-row');

    // Without a header row it covers what is there and goes on below. One key undoes it, another does it again.
    await label(2).focus();
    await paste('Second\t第二\r\n"Third\nline"\t第三\r\nFourth\t第四\r\n');
    await expect(panel).toContainText('Pasted 3 rows, 2 columns');
    await expect(panel).toContainText('No header row, so the columns were read as: Label and 简体中文.');
    await expect(panel).toContainText('1 new2 changed');
    await expect(panel.getByRole('button', { name: 'Keep' })).toBeFocused();
    await expect(label(3)).toHaveValue('Third line');
    await expect(page.getByLabel('Value of option 4')).toHaveValue('fourth');
    await page.keyboard.press('Control+z');
    await expect(panel).toBeHidden();
    await expect(rows).toHaveCount(3);
    await expect(label(2)).toHaveValue('B');
    await expect(label(2)).toBeFocused();
    await page.keyboard.press('Control+Shift+z');
    await expect(rows).toHaveCount(4);
    await page.keyboard.press('Control+z');

    // With one, the columns are in any order and each row finds its option. What is left out says why.
    await paste('日本語\tVALUE\tLabel\tNotes\nエー\ta\t\t\n\td\tD\tx\n\td\tD\t\n\t\t\ty\n');
    await expect(panel).toContainText('Header row found: 日本語, Value, and Label.');
    await expect(panel).toContainText('Not understood and left out: Notes.');
    await expect(panel).toContainText('1 new1 changed2 left out');
    await expect(panel).toContainText('Row 4: Row 3 is about the same one.');
    await expect(panel).toContainText('Row 5: It has neither a value nor a label.');
    await panel.getByRole('button', { name: 'Remove instead' }).press('Enter');
    await expect(rows).toHaveCount(2);
    await expect(panel).toContainText('Removed 2 options');
    await page.keyboard.press('Escape');
    await expect(rows).toHaveCount(3);
    await page.keyboard.press('Control+y');
    await expect(rows).toHaveCount(2);
    await save(page);
    await expect(page.getByRole('radiogroup', { name: 'What happens to B' })).toBeVisible();
    await page
      .getByRole('radiogroup', { name: 'What happens to B' })
      .getByRole('radio', { name: 'Deactivate' })
      .check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    const field = await stored(app, key);
    expect(field && 'options' in field && field.options).toEqual([
      {
        value: 'a',
        label: 'A',
        i18n: { label: expect.objectContaining({ 'ja-JP': { enabled: true, value: 'エー', source: 'A' } }) },
      },
      { value: 'd', label: 'D' },
    ]);

    // One cell is an ordinary paste, and the button needs no cell at all.
    await label(2).click();
    await page.keyboard.press('End');
    await paste('elta');
    await expect(label(2)).toHaveValue('Delta');
    await expect(panel).toBeHidden();
    await page.getByRole('button', { name: 'Paste from a spreadsheet' }).click();
    await paste('value;Chinese (Traditional)\na;甲');
    await expect(page.getByLabel('Label of option 1 in Traditional Chinese')).toHaveValue('甲');
    await expect(panel).toContainText('1 changed');
    await page.keyboard.press('Enter');
    await expect(panel).toBeHidden();
    await expect(label(1)).toBeFocused();

    // What is copied for a spreadsheet comes back as it was.
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(page.getByText('Copied 2 options')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'Value\tLabel\t简体中文\tEnglish\t繁體中文\t日本語\na\tA\t\t\t甲\tエー\nd\tDelta\t\t\t\t',
    );
    await label(1).focus();
    await page.keyboard.press('Control+v');
    await expect(panel).toContainText('2 unchanged');
  });

  test('20,000 of them can be searched, moved to a place and saved', async ({ app, page }) => {
    test.setTimeout(90_000);
    const options = Array.from({ length: 20_000 }, (_, index) => ({ value: `v${index}`, label: `Label ${index}` }));
    const key = await define(app, 'huge', { dataType: 'ENUM', options });
    await app.open(`/fields/USER/${key}/options`);
    await page.getByRole('searchbox', { name: 'Search options' }).fill('Label 19999');
    await expect(page.getByRole('list', { name: 'Options' }).getByRole('listitem')).toHaveCount(1);
    await page.getByLabel('Position of Label 19999').fill('1');
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox', { name: 'Search options' }).fill('');
    await expect(page.getByLabel('Label of option 1', { exact: true })).toHaveValue('Label 19999');
    await page.getByLabel('Label of option 2', { exact: true }).fill('Changed');
    await save(page);
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible({ timeout: 30_000 });
    const field = await stored(app, key);
    expect(field && 'options' in field && field.options.slice(0, 2)).toEqual([
      { value: 'v19999', label: 'Label 19999' },
      { value: 'v0', label: 'Changed' },
    ]);
    expect(field && 'options' in field && field.options.length).toBe(20_000);
  });

  test('removed options are moved, cleared or kept as decided, only by keyboard, and one key undoes it', async ({
    app,
    page,
  }) => {
    const key = await define(app, 'dispositions', { dataType: 'ENUM', options: ['a', 'b', 'c', 'd'].map(option) });
    const users: string[] = [];
    for (const value of ['b', 'c', 'd']) users.push(await holder(app, key, value));
    const held = () => Promise.all(users.map((user) => heldBy(app, user, key)));
    await app.open(`/fields/USER/${key}/options`);
    await expect(page.locator('.option-row .holders').nth(1)).toHaveText('1');
    for (const label of ['B', 'C', 'D']) await page.getByRole('button', { name: `Remove ${label}` }).press('Enter');
    await save(page);
    await expect(page.getByRole('heading', { name: 'Review changes' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled();
    expect(await held()).toEqual(['b', 'c', 'd']);
    const choose = (label: string, disposition: string) =>
      page
        .getByRole('radiogroup', { name: `What happens to ${label}` })
        .getByRole('radio', { name: disposition })
        .press('Space');
    await choose('B', 'Deactivate');
    await choose('C', 'Clear');
    await choose('D', 'Change to…');
    await page.getByRole('combobox', { name: 'Change “D” to' }).press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    expect(await held()).toEqual(['b', undefined, 'a']);
    await expect(page.getByRole('heading', { name: 'Inactive options' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect(page.getByText('Undone: 2 values restored')).toBeVisible();
    expect(await held()).toEqual(['b', 'c', 'd']);
    expect(await valuesOf(app, key)).toEqual(['a', 'b', 'c', 'd']);
  });

  // Where motion is reduced, as here, a popup in a dialog stayed unseen: its animation was taken away, and its end never came.
  test('a retired one comes back, or its holders are moved', async ({ app, page }) => {
    const key = await define(app, 'retired', { dataType: 'ENUM', options: ['a', 'b', 'c'].map(option) });
    const [user] = [await holder(app, key, 'b'), await holder(app, key, 'c')];
    await app.call('setCustomFields', { list: [{ targetType: 'USER', key, options: [option('a')] }] });
    await app.open(`/fields/USER/${key}/options`);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'B b' })
      .getByRole('button', { name: 'Reassign or clear…' })
      .click();
    await page.getByRole('radio', { name: 'Change to…' }).check();
    await page.getByRole('combobox', { name: 'Change “B” to' }).click();
    await page.getByTitle('A', { exact: true }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText('Updated values that used “B”')).toBeVisible();
    expect(await heldBy(app, user, key)).toBe('a');
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await save(page);
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    expect(await valuesOf(app, key)).toEqual(['a', 'c']);
  });
});

test.describe('plans', () => {
  test('duplicates prevent unique, and are shown before anything happens', async ({ app, page }) => {
    const key = await define(app, 'dup');
    for (let count = 0; count < 2; count += 1) await holder(app, key, 'same');
    await app.open(`/fields/USER/${key}/rules`);
    await page.getByRole('switch', { name: 'Values must be unique' }).click();
    await save(page);
    await expect(page.getByText('1 duplicate value.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('switch', { name: 'Values must be unique' })).toBeChecked();
    expect((await stored(app, key))?.isUnique).toBe(false);
  });

  test('if values change while somebody reads a plan, the new plan is shown', async ({ app, page }) => {
    const key = await define(app, 'moved', { dataType: 'ENUM', options: ['a', 'b'].map(option) });
    const first = await holder(app, key, 'b');
    await app.open(`/fields/USER/${key}/options`);
    await page.getByRole('button', { name: 'Remove B' }).click();
    await save(page);
    await page.getByRole('radio', { name: 'Clear' }).check();
    const second = await holder(app, key, 'b');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText('Something changed while you were reviewing.')).toBeVisible();
    await expect(page.getByText('Used by 2 users')).toBeVisible();
    expect(await heldBy(app, first, key)).toBe('b');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    expect(await heldBy(app, second, key)).toBeUndefined();
  });

  test('the page of changes undoes one later, and says what stayed', async ({ app, page }) => {
    const key = await define(app, 'later', { dataType: 'ENUM', options: ['a', 'b'].map(option) });
    const [kept, changed] = [await holder(app, key, 'b'), await holder(app, key, 'b')];
    const request: Sent<'planFields'> = {
      changes: [
        {
          targetType: 'USER',
          key,
          options: [option('a')],
          dispositions: [{ value: 'b', disposition: 'move', to: 'a' }],
        },
      ],
    };
    await app.call('applyPlan', { ...request, token: (await app.call('planFields', request)).token });
    const list = [{ key, value: null }];
    await app.call('setCustomData', { targetType: 'USER', targetIdentifier: changed, list });
    await app.open('/fields/USER/trash');
    await page.getByRole('button', { name: `Undo the change of ${key}` }).click();
    await expect(
      page.getByText('Undone: 1 value restored. Skipped because they changed since then: Holder of b'),
    ).toBeVisible();
    expect([await heldBy(app, kept, key), await heldBy(app, changed, key)]).toEqual(['b', undefined]);
  });
});

test.describe('rules', () => {
  test('are written, tested, checked on stored values, and enforced with their message', async ({ app, page }) => {
    const key = await define(app, 'ruled');
    const userId = await holder(app, key, 'bad');
    await app.open(`/fields/USER/${key}/rules`);
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('textbox', { name: 'Pattern' }).fill('(?<=x)');
    await expect(page.getByText('isn’t supported (no look-around')).toBeVisible();
    await page.getByRole('textbox', { name: 'Pattern' }).fill('^[A-Z]\\d{3}$');
    await page.getByLabel('Error message').fill('A letter and three digits');
    await page.getByRole('radiogroup', { name: 'Language of the message of rule 1' }).getByLabel('Japanese').check();
    await page.getByLabel('Error message').fill('英字と数字 3 桁');
    await page.getByLabel('Try it').fill('A123\nb1');
    await expect(page.getByText('A123 Valid')).toBeVisible();
    await expect(page.getByText('b1 A letter and three digits')).toBeVisible();
    await expect(page.getByText('1 of 1 stored values break this rule.')).toBeVisible();
    await save(page);
    await expect(page.getByText('1 stored value breaks the new rules.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Holder of bad' })).toBeVisible();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toContain(`${userId},Holder of bad,bad,`);
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    expect(await heldBy(app, userId, key)).toBe('bad');

    await page.evaluate(() => localStorage.setItem('fieldbook.language', 'ja-JP'));
    await page.goto(`${app.address}/users/${userId}`);
    await page.getByLabel(key).fill('worse');
    await page.keyboard.press('Control+s');
    await expect(page.getByText('英字と数字 3 桁')).toBeVisible();
    expect(await heldBy(app, userId, key)).toBe('bad');
  });

  test('a range takes numbers, and either end can be absent', async ({ app, page }) => {
    const key = await define(app, 'range', { dataType: 'NUMBER' });
    await app.open(`/fields/USER/${key}/rules`);
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByLabel('Maximum', { exact: true }).fill('x');
    await expect(page.getByText('Write it as min..max')).toBeVisible();
    await page.getByLabel('Maximum', { exact: true }).fill('10.5');
    await page.getByLabel('Try it').fill('10\n11');
    await expect(page.getByText('11 Must be 10.5 or less')).toBeVisible();
    await save(page);
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    expect((await stored(app, key))?.validateRules).toEqual([{ type: 'range', content: '..10.5', error: '' }]);
  });
});

test.describe('lifecycle', () => {
  test('fields are ordered by keyboard, with announcements, and by number', async ({ app, page }) => {
    const keys = [];
    for (const name of ['one', 'two', 'three']) {
      const key = unique(name);
      await app.call('setCustomFields', { list: [{ targetType: 'GROUP', key, label: key }] });
      keys.push(key);
    }
    const order = async () => (await app.call('getCustomFields', { targetType: 'GROUP' })).map(({ key }) => key);
    const total = (await order()).length;
    const [first, second, third] = keys as [string, string, string];
    await app.open('/fields/GROUP');
    await page.getByRole('button', { name: `Move ${third}` }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByText(`Now at position ${total} of ${total}.`)).toBeAttached();
    await page.waitForTimeout(afterLift);
    await page.keyboard.press('ArrowUp');
    await expect(page.getByText(`Now at position ${total - 1} of ${total}.`)).toBeAttached();
    await page.keyboard.press('Space');
    await expect.poll(async () => (await order()).slice(-3)).toEqual([first, third, second]);
    await page.getByLabel(`Position of ${second}`).fill('1');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await order())[0]).toBe(second);
    await page.reload();
    await expect(page.getByLabel(`Position of ${second}`)).toHaveValue('1');
  });

  test('a deleted field is restored under another key if its own is taken', async ({ app, page }) => {
    const key = await define(app, 'twice');
    const userId = await holder(app, key, 'kept');
    await app.call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
    await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'Namesake' }] });
    await app.open('/fields/USER/trash');
    await page.getByRole('button', { name: `Restore ${key}` }).click();
    await expect(page.getByText('Another field has this key.')).toBeVisible();
    await expect(page.getByLabel('Different key')).toHaveValue(`${key}_2`);
    await page.keyboard.press('Enter');
    await expect(page.getByText(`Restored “${key}”`)).toBeVisible();
    expect(await heldBy(app, userId, `${key}_2`)).toBe('kept');
  });

  test('a field is copied to another target type, without its values', async ({ app, page }) => {
    const key = await define(app, 'copied', {
      dataType: 'ENUM',
      options: ['a', 'b'].map(option),
      i18n: { label: { 'ja-JP': { enabled: true, value: '写し' } } },
    });
    await app.open('/fields/USER');
    await page.getByRole('button', { name: `Actions for ${key}` }).click();
    await page.getByRole('menuitem', { name: 'Duplicate as role field' }).click();
    await expect(page.getByLabel('Key', { exact: true })).toHaveValue(key);
    await page.getByRole('button', { name: 'Create field' }).click();
    await expect(page.getByText(`Saved “${key}”`)).toBeVisible();
    const [original, copy] = [await stored(app, key), await stored(app, key, 'ROLE')];
    expect(copy).toMatchObject({ dataType: 'ENUM', options: original && 'options' in original && original.options });
    expect(copy?.i18n.label['ja-JP']).toMatchObject({ enabled: true, value: '写し' });
  });

  test('a built-in field gets names, languages and visibility', async ({ app, page }) => {
    await app.open('/fields/USER/built-in');
    await page.getByRole('link', { name: 'Middle name' }).click();
    await expect(page.getByText('You can’t change the type or key of an existing field.')).toBeVisible();
    await page.getByLabel('Default name').fill('Second name');
    await page.getByRole('link', { name: 'Visibility' }).click();
    await page.getByRole('switch', { name: 'Show in the user center' }).click();
    await save(page);
    await expect(page.getByText('Saved “')).toBeVisible();
    const field = (await app.call('getUserBaseFields', {})).find(({ key }) => key === 'middleName');
    expect(field).toMatchObject({ label: 'Second name', version: 2 });
  });

  test('a field whose key is the name of a page can be opened', async ({ app, page }) => {
    await app.call('setCustomFields', { list: [{ targetType: 'DEPARTMENT', key: 'translations', label: 'Named so' }] });
    await app.open('/fields/DEPARTMENT');
    await page.getByRole('link', { name: 'Named so' }).click();
    await expect(page.getByLabel('Key', { exact: true })).toHaveValue('translations');
  });
});

test.describe('translations', () => {
  test('are edited like in a spreadsheet, and are outdated when their source changes', async ({ app, page }) => {
    const key = await define(app, 'board', { label: 'School', dataType: 'ENUM', options: [option('a')] });
    await app.open(`/fields/USER/translations?q=${key}`);
    const first = (text: string) => page.getByRole('row', { name: text }).getByRole('gridcell').first();
    await first('School').click();
    await page.keyboard.type('学校');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.keyboard.type('學校');
    await page.keyboard.press('Enter');
    await page.keyboard.type('甲');
    await page.keyboard.press('Escape');
    await page.keyboard.type('乙');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await save(page);
    await expect(page.getByText('Saved 3 translations')).toBeVisible();
    const field = await stored(app, key);
    expect(field?.i18n.label).toMatchObject({
      'zh-CN': { enabled: true, value: '学校' },
      'en-US': { value: '' },
      'zh-TW': { enabled: true, value: '學校' },
    });
    expect(field && 'options' in field && field.options[0]?.i18n?.label['zh-TW']).toEqual({
      enabled: false,
      value: '乙',
      source: 'A',
    });
    await app.call('setCustomFields', { list: [{ targetType: 'USER', key, label: 'College' }] });
    await page.goto(`${app.address}/fields/USER/translations?q=${key}&state=outdated`);
    await first('College').click();
    await expect(page.getByText('Translated from “School”')).toBeVisible();
    await page.getByRole('button', { name: 'Mark as up to date' }).click();
    await save(page);
    await expect(page.getByText('Saved 1 translation')).toBeVisible();
    expect((await stored(app, key))?.i18n.label['zh-CN'].source).toBe('College');
    expect((await stored(app, key))?.i18n.label['zh-TW'].source).toBe('School');
  });

  test('take a block from a spreadsheet, in the order of its header row or from a cell on, and one key undoes it', async ({
    app,
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const key = await define(app, 'block', { label: 'School', dataType: 'ENUM', options: ['a', 'b'].map(option) });
    await app.open(`/fields/USER/translations?q=${key}`);
    const cell = (row: string, column: number) =>
      page.getByRole('row', { name: row }).getByRole('gridcell').nth(column);
    const [school, b] = [`School ${key}`, `B ${key} · Option`];
    const paste = async (text: string) => {
      await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
      await page.keyboard.press('Control+v');
    };
    const panel = page.getByRole('dialog', { name: 'Pasted' });
    await cell(school, 1).click();
    await paste('School\t學校\r\nA!\t甲\r\nB!\t乙\r\nC!\t丙');
    await expect(panel).toContainText('Pasted 4 rows, 2 columns');
    await expect(panel).toContainText('6 changed1 left out');
    await expect(panel).toContainText('Row 4: There is no row here for it.');
    await expect(cell(b, 2)).toHaveText('乙');
    await page.keyboard.press('Control+z');
    await expect(panel).toBeHidden();
    await expect(cell(b, 2)).toHaveText('Missing');
    await expect(cell(school, 1).getByRole('textbox')).toBeFocused();
    // What is being typed stays.
    await page.keyboard.type('College');
    await paste('日文\tDefault text\tValue\nビー\t\tb\nエー\tA\t\nx\tNowhere\t');
    await expect(panel).toContainText('Header row found: 日本語, Default text, and Value.');
    await expect(panel).toContainText('2 changed1 left out');
    await expect(panel).toContainText('Row 4: No such text');
    await page.keyboard.press('Enter');
    await expect(panel).toBeHidden();
    await save(page);
    await expect(page.getByText('Saved 3 translations')).toBeVisible();
    const field = await stored(app, key);
    expect(field?.i18n.label['en-US']).toMatchObject({ enabled: true, value: 'College' });
    expect(field && 'options' in field && field.options.map(({ i18n }) => i18n?.label['ja-JP'])).toMatchObject([
      { enabled: true, value: 'エー' },
      { enabled: true, value: 'ビー' },
    ]);
  });

  test('are exported and imported as CSV, with a report by line', async ({ app, page }) => {
    const key = await define(app, 'sheet', { label: 'Office' });
    await app.open(`/fields/USER/translations?q=${key}`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf8');
    const line = csv.split('\r\n').findIndex((row) => row.startsWith(`${key},label`));
    expect(line).toBeGreaterThan(0);
    const changed = csv.replace(`${key},label,,Office,,,,`, `${key},label,,Office,办公室,,辦公室,オフィス`);
    await page.getByLabel('Import CSV').setInputFiles({
      name: 'translations.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`${changed}nowhere,label,,x,y,,,\r\n`),
    });
    await expect(page.getByText('Changed lines: 1 (not saved yet)')).toBeVisible();
    await expect(page.getByText('No such text')).toBeVisible();
    await save(page);
    await expect(page.getByText('Saved 3 translations')).toBeVisible();
    expect((await stored(app, key))?.i18n.label['ja-JP']).toMatchObject({ enabled: true, value: 'オフィス' });
  });
});

test('the preview shows a field, and a whole target type, in four languages', async ({ app, page }) => {
  const key = await define(app, 'shown', {
    label: 'School',
    description: 'Where?',
    userEditable: true,
    visibleInUserCenter: true,
    i18n: {
      label: { 'zh-TW': { enabled: true, value: '學校' } },
      description: { 'zh-TW': { enabled: true, value: '在哪裡？' } },
    },
  });
  await app.open(`/fields/USER/${key}`);
  await page.getByRole('button', { name: 'Four languages side by side' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Four languages side by side' });
  await expect(dialog.getByRole('region', { name: 'Traditional Chinese' }).getByLabel('學校')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Traditional Chinese' }).getByText('在哪裡？')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'English' }).getByLabel('School')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto(`${app.address}/fields/USER/preview`);
  await page.getByRole('radio', { name: 'Sign-up' }).check();
  await expect(page.getByRole('region', { name: 'Traditional Chinese' }).getByLabel('學校').first()).toBeVisible();
  await expect(page).toHaveURL(/place=signUp/);
});

test('a file is compared and applied; it deletes fields only on request', async ({ app, page }) => {
  const key = unique('filed');
  await app.call('setCustomFields', { list: [{ targetType: 'ROLE', key, label: 'Filed' }] });
  await app.open('/fields/ROLE/files');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download file' }).click();
  const file = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
  const choose = (content: unknown) =>
    page.getByLabel('Choose file').setInputFiles({
      name: 'roles.json',
      mimeType: 'application/json',
      buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    });
  await choose(file);
  await expect(page.getByText('No changes: fields match the file.')).toBeVisible();
  await choose('{');
  await expect(page.getByText('Not valid JSON')).toBeVisible();
  await choose({ ...file, fields: [{ key: 'x', dataType: 'STRING', colour: 'red' }] });
  await expect(page.locator('.complaints')).toContainText('fields.0');
  await choose({ ...file, fields: [{ key: `${key}_two`, dataType: 'NUMBER', label: 'Two' }] });
  await expect(page.getByText(/Also delete \d+ field/)).toBeVisible();
  await page.getByRole('button', { name: 'Apply file' }).click();
  await expect(page.getByText('Applied roles.json')).toBeVisible();
  expect([await stored(app, key, 'ROLE'), await stored(app, `${key}_two`, 'ROLE')]).toEqual([
    expect.objectContaining({ label: 'Filed' }),
    expect.objectContaining({ label: 'Two' }),
  ]);
  const present = await app.call('getCustomFields', { targetType: 'ROLE' });
  await choose({ ...file, fields: file.fields.filter((field: { key: string }) => field.key !== key) });
  await page.getByRole('switch', { name: /Also delete/ }).click();
  await page.getByRole('button', { name: 'Apply file' }).click();
  await expect
    .poll(async () => (await app.call('getCustomFields', { targetType: 'ROLE' })).length)
    .toBe(present.length - 2);
});

test('data quality shows how a field is used, merges near-duplicates and converts misfits', async ({ app, page }) => {
  const options = [
    { value: 'bj', label: 'Beijing' },
    { value: 'bj_two', label: 'beijing ' },
  ];
  const key = await define(app, 'city', { dataType: 'ENUM', options });
  const users = [await holder(app, key, 'bj'), await holder(app, key, 'bj'), await holder(app, key, 'bj_two')];
  await app.open(`/fields/USER/${key}/health`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Beijing2 67%' })).toBeVisible();
  // A bar leads to those who have the value.
  await page.getByRole('link', { name: 'Beijing', exact: true }).first().click();
  await expect(page.getByRole('status').filter({ hasText: /^2 of / })).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Merge…' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Merged into “Beijing”')).toBeVisible();
  expect(await heldBy(app, users[2] ?? '', key)).toBe('bj');
  await expect(page.getByRole('button', { name: 'Merge…' })).toBeHidden();

  const score = await define(app, 'score', { dataType: 'NUMBER' });
  const user = await holder(app, score, 7);
  await app.spoil(score, '"18"');
  await page.goto(`${app.address}/fields/USER/${score}/health`);
  await expect(page.getByText('1 value doesn’t fit the type. Can be converted: 1.')).toBeVisible();
  await page.getByRole('button', { name: 'Convert…' }).press('Enter');
  await expect(page.getByText('1 value will be converted to fit its type.')).toBeVisible();
  expect(await heldBy(app, user, score)).toBe('18');
  await page.getByRole('button', { name: 'Apply' }).press('Enter');
  await expect(page.getByText('All values fit.')).toBeVisible();
  expect(await heldBy(app, user, score)).toBe(18);
});
