import { createRequire } from 'node:module';
import type { Locator, Page } from '@playwright/test';
import { fields as fieldsEnUS } from '../src/console/i18n/en-US/fields.ts';
import { start as enUS } from '../src/console/i18n/en-US/start.ts';
import { fields as fieldsJaJP } from '../src/console/i18n/ja-JP/fields.ts';
import { start as jaJP } from '../src/console/i18n/ja-JP/start.ts';
import { fields as fieldsZhCN } from '../src/console/i18n/zh-CN/fields.ts';
import { start as zhCN } from '../src/console/i18n/zh-CN/start.ts';
import { fields as fieldsZhTW } from '../src/console/i18n/zh-TW/fields.ts';
import { start as zhTW } from '../src/console/i18n/zh-TW/start.ts';
import type { TargetType } from '../src/contract/target.ts';
import { languages } from '../src/contract/wire/language.ts';
import { expect, test, unique } from './app.ts';

// The package from npm. Its types don't match what it sends, so the test ignores them.
const { ManagementClient } = createRequire(import.meta.url)('authing-node-sdk') as {
  ManagementClient: new (
    options: object,
  ) => Record<string, (input: object) => Promise<{ statusCode: number; data: never }>>;
};

const texts = { 'zh-CN': zhCN, 'en-US': enUS, 'zh-TW': zhTW, 'ja-JP': jaJP };
const fieldTexts = { 'zh-CN': fieldsZhCN, 'en-US': fieldsEnUS, 'zh-TW': fieldsZhTW, 'ja-JP': fieldsJaJP };
const grades = { 'zh-CN': '职级', 'en-US': 'Grade', 'zh-TW': '職等', 'ja-JP': '等級' };

for (const language of languages) {
  const t = texts[language];
  const ofFields = fieldTexts[language];

  test(`${language}: the SDK defines, an administrator adds a single select and edits all four, the SDK reads it back`, async ({
    app,
    page,
  }) => {
    const sdk = new ManagementClient({ accessKeyId: app.key.id, accessKeySecret: app.key.secret, host: app.address });
    const say = async (method: string, input: object) => {
      const answer = await sdk[method]?.(input);
      expect(answer, `${method} ${JSON.stringify(input)}`).toMatchObject({ statusCode: 200, message: '' });
      return answer?.data as unknown as Record<string, string>;
    };
    const grade = unique('grade');
    const types: TargetType[] = ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'];
    const units = Object.fromEntries(
      languages.map((each) => [each, { enabled: true, value: `${grades[each]} ${grade}` }]),
    );
    await say('setCustomFields', {
      list: types.map((targetType) => ({
        targetType,
        key: grade,
        dataType: 'NUMBER',
        label: grade,
        i18n: { label: units },
      })),
    });
    const code = unique('code');
    const { userId } = await say('createUser', { username: code, name: '王伟', customData: { [grade]: 6 } });
    await say('createNamespace', { code });
    await say('createRole', { code, namespace: code, name: code });
    await say('createGroup', { code, name: code, type: 'static', description: '' });
    await say('createOrganization', { organizationCode: code, organizationName: code, metadata: {} });
    const { departmentId } = await say('createDepartment', {
      organizationCode: code,
      name: code,
      parentDepartmentId: 'root',
      metadata: {},
    });

    // The administrator adds a single select for users in this language.
    const label = unique('Choice');
    await app.open('/fields/USER', { language });
    await expect(page.getByRole('link', { name: `${grades[language]} ${grade}` })).toBeVisible();
    await page.getByRole('button', { name: ofFields.new }).click();
    await page.getByRole('radio', { name: t.fields.dataType.ENUM }).check();
    await page.getByLabel(ofFields.defaultName).fill(label);
    await page.getByRole('button', { name: ofFields.options.add }).click();
    await expect(page.getByLabel(ofFields.options.labelOf.replace('{{position}}', '1'), { exact: true })).toBeFocused();
    await page.keyboard.type('Pending');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Done');
    await page.getByRole('button', { name: ofFields.create }).click();
    await expect(page.getByText(ofFields.saved.replace('{{label}}', label))).toBeVisible();

    // Then they change values of a user, a role, a group and a department.
    const pages = [`/users/${userId}`, `/roles/${code}/${code}`, `/groups/${code}`, `/departments/${departmentId}`];
    for (const path of pages) {
      await page.goto(app.address + path);
      await page.getByLabel(`${grades[language]} ${grade}`).fill('7.5');
      if (path.startsWith('/users/')) await choose(page, page.getByRole('combobox', { name: label }), 'Done');
      await page.getByRole('button', { name: t.app.save }).click();
      await expect(page.getByRole('button', { name: t.app.save })).toBeHidden();
    }

    const key = label.toLowerCase();
    const read = (targetType: TargetType, targetIdentifier: string) =>
      say('getCustomData', { targetType, targetIdentifier, namespace: code });
    expect(await read('USER', userId ?? '')).toEqual({ [grade]: 7.5, [key]: 'done' });
    expect(await read('ROLE', code)).toEqual({ [grade]: 7.5 });
    expect(await read('GROUP', code)).toEqual({ [grade]: 7.5 });
    expect(await read('DEPARTMENT', departmentId ?? '')).toEqual({ [grade]: 7.5 });
    const fields = (await say('getCustomFields', { targetType: 'USER' })) as unknown as {
      key: string;
      options?: object;
    }[];
    expect(fields.find((field) => field.key === key)?.options).toEqual([
      { value: 'pending', label: 'Pending' },
      { value: 'done', label: 'Done' },
    ]);
  });
}

async function choose(page: Page, box: Locator, option: string) {
  await box.click();
  await page.keyboard.type(option);
  await page.keyboard.press('Enter');
}
