import { blankField, type Field, field } from './field.ts';
import type { TargetType } from './target.ts';
import { noTranslations, type Translations } from './translation.ts';
import { type Language, languages } from './wire/language.ts';

type Labels = Record<Language, string>;

/** A field that every target of a type has. */
export interface BuiltinField {
  key: string;
  dataType: 'STRING' | 'NUMBER' | 'DATETIME' | 'BOOLEAN' | 'ENUM';
  labels: Labels;
  isUnique?: true;
  userEditable?: true;
  /** Shown on a target's page by default. An administrator can change this. */
  visible?: true;
  options?: readonly { value: string; labels: Labels }[];
}

const text = (key: string, labels: Labels, more: Partial<BuiltinField> = {}): BuiltinField => ({
  key,
  dataType: 'STRING',
  labels,
  ...more,
});
const names = (zhCN: string, enUS: string, zhTW: string, jaJP: string): Labels => ({
  'zh-CN': zhCN,
  'en-US': enUS,
  'zh-TW': zhTW,
  'ja-JP': jaJP,
});
const choice = (value: string, ...labels: [string, string, string, string]) => ({ value, labels: names(...labels) });

/** The properties of `UserDto` that the console shows as fields. */
const user: BuiltinField[] = [
  text('name', names('姓名', 'Name', '姓名', '氏名'), { visible: true, userEditable: true }),
  text('username', names('用户名', 'Username', '使用者名稱', 'ユーザー名'), { visible: true, isUnique: true }),
  text('email', names('邮箱', 'Email', '電子郵件', 'メールアドレス'), { visible: true, isUnique: true }),
  text('phone', names('手机号', 'Phone', '手機號碼', '電話番号'), { visible: true, isUnique: true }),
  text('phoneCountryCode', names('手机区号', 'Phone country code', '手機國碼', '国番号')),
  text('externalId', names('外部 ID', 'External ID', '外部 ID', '外部 ID'), { visible: true, isUnique: true }),
  text('nickname', names('昵称', 'Nickname', '暱稱', 'ニックネーム'), { visible: true, userEditable: true }),
  text('photo', names('头像', 'Photo', '頭像', 'プロフィール画像'), { userEditable: true }),
  {
    key: 'gender',
    dataType: 'ENUM',
    labels: names('性别', 'Gender', '性別', '性別'),
    visible: true,
    userEditable: true,
    options: [
      choice('M', '男', 'Male', '男', '男性'),
      choice('F', '女', 'Female', '女', '女性'),
      choice('U', '未说明', 'Not stated', '未說明', '未回答'),
    ],
  },
  text('birthdate', names('生日', 'Birthdate', '生日', '生年月日'), { userEditable: true }),
  text('country', names('国家/地区', 'Country or region', '國家／地區', '国・地域'), { userEditable: true }),
  text('province', names('省/州', 'State or province', '州／省', '都道府県'), { userEditable: true }),
  text('city', names('城市', 'City', '縣市', '市区町村'), { userEditable: true }),
  text('region', names('区域', 'Region', '鄉鎮市區', '地域'), { userEditable: true }),
  text('address', names('地址', 'Address', '地址', '住所'), { userEditable: true }),
  text('streetAddress', names('街道地址', 'Street address', '街道地址', '町名・番地'), { userEditable: true }),
  text('postalCode', names('邮政编码', 'Postal code', '郵遞區號', '郵便番号'), { userEditable: true }),
  text('formatted', names('完整地址', 'Full address', '完整地址', '住所（全文）')),
  text('company', names('公司', 'Company', '公司', '会社'), { visible: true, userEditable: true }),
  text('givenName', names('名', 'Given name', '名字', '名')),
  text('familyName', names('姓', 'Family name', '姓氏', '姓')),
  text('middleName', names('中间名', 'Middle name', '中間名', 'ミドルネーム')),
  text('profile', names('个人主页', 'Profile URL', '個人檔案網址', 'プロフィール URL')),
  text('preferredUsername', names('首选用户名', 'Preferred username', '偏好的使用者名稱', '優先ユーザー名')),
  text('website', names('网站', 'Website', '網站', 'ウェブサイト')),
  text('zoneinfo', names('时区', 'Time zone', '時區', 'タイムゾーン')),
  text('locale', names('语言区域', 'Locale', '語言地區', 'ロケール')),
  text('identityNumber', names('身份证号', 'ID number', '身分證字號', '身分証番号')),
  {
    key: 'status',
    dataType: 'ENUM',
    labels: names('状态', 'Status', '狀態', '状態'),
    visible: true,
    options: [
      choice('Activated', '正常', 'Active', '使用中', '有効'),
      choice('Suspended', '已停用', 'Suspended', '已停用', '停止中'),
      choice('Resigned', '已离职', 'Resigned', '已離職', '退職'),
      choice('Archived', '已归档', 'Archived', '已封存', 'アーカイブ済み'),
      choice('Deactivated', '已注销', 'Deactivated', '已註銷', '無効'),
    ],
  },
  {
    key: 'workStatus',
    dataType: 'ENUM',
    labels: names('工作状态', 'Work status', '工作狀態', '勤務状態'),
    options: [choice('Active', '在职', 'Active', '在職', '在職'), choice('Closed', '已离岗', 'Left', '已離職', '離職')],
  },
  {
    key: 'emailVerified',
    dataType: 'BOOLEAN',
    labels: names('邮箱已验证', 'Email verified', '電子郵件已驗證', 'メール確認済み'),
  },
  {
    key: 'phoneVerified',
    dataType: 'BOOLEAN',
    labels: names('手机号已验证', 'Phone verified', '手機號碼已驗證', '電話確認済み'),
  },
  {
    key: 'loginsCount',
    dataType: 'NUMBER',
    labels: names('登录次数', 'Sign-ins', '登入次數', 'ログイン回数'),
  },
  {
    key: 'lastLogin',
    dataType: 'DATETIME',
    labels: names('上次登录', 'Last sign-in', '上次登入', '最終ログイン'),
  },
  text('lastIp', names('上次登录 IP', 'Last IP address', '上次登入 IP', '最終 IP アドレス')),
  text('device', names('设备', 'Device', '裝置', 'デバイス')),
  text('browser', names('浏览器', 'Browser', '瀏覽器', 'ブラウザー')),
  {
    key: 'createdAt',
    dataType: 'DATETIME',
    labels: names('创建时间', 'Created', '建立時間', '作成日時'),
  },
  {
    key: 'updatedAt',
    dataType: 'DATETIME',
    labels: names('更新时间', 'Updated', '更新時間', '更新日時'),
  },
];

const name = text('name', names('名称', 'Name', '名稱', '名前'), { visible: true });
const description = text('description', names('描述', 'Description', '說明', '説明'), { visible: true });
const code = text('code', names('Code', 'Code', '代碼', 'コード'), { visible: true, isUnique: true });

const words = (list: string) => list.toLowerCase().split(/\s+/);

const types: Record<
  TargetType,
  {
    /** In the order of its page. */
    fields: BuiltinField[];
    /** Every property name of its DTO (lower case): lifted custom fields must not collide with one. */
    reserved: string[];
  }
> = {
  USER: {
    fields: user,
    reserved: [
      ...user.map(({ key }) => key.toLowerCase()),
      ...words(`userId id passwordLastSetAt userSourceType userSourceId lastLoginApp mainDepartmentId lastMfaTime
        passwordSecurityLevel resetPasswordOnNextLogin registerSource departmentIds identities customData metadataSource
        metadata postIdList statusChangedAt tenantId tenantIds signedUp password salt otp options userSource department
        loggedInApps identity lastLoginTime arn token userPoolId openid unionid oauth blocked locality tokenExpiredAt
        isDeleted`),
    ],
  },
  ROLE: {
    fields: [name, code, description],
    reserved: words(
      'id code name description namespace namespaceName status disableTime enablePermissionApply customData',
    ),
  },
  GROUP: {
    fields: [name, code, description],
    reserved: words('id code name description type metadataSource members customData'),
  },
  DEPARTMENT: {
    fields: [name, code, description],
    reserved:
      words(`organizationCode organizationName departmentId openDepartmentId createdAt updatedAt name leaderUserIds
      description parentDepartmentId parentDepartmentCode code membersCount hasChildren isVirtualNode i18n customData posts
      postIdList status allow tenantId metadata`),
  },
};

export const builtinFieldsOf = (target: TargetType): BuiltinField[] => types[target].fields;

/** Whether no field of this target type can use the key. */
export function isReservedKey(target: TargetType, key: string): boolean {
  return ['__proto__', 'prototype', 'constructor'].includes(key) || types[target].reserved.includes(key.toLowerCase());
}

/** A built-in field in the shape of a definition, so that it works with the same controls and rules. */
export function builtinAsField(builtin: BuiltinField, target: TargetType): Field {
  return field.parse({
    ...blankField(builtin.dataType, target, builtin.key),
    label: builtin.labels['en-US'],
    i18n: { label: textsOf(builtin.labels), description: noTranslations(), group: noTranslations() },
    isUnique: builtin.isUnique ?? false,
    userEditable: builtin.userEditable ?? false,
    visibleInAdminConsole: builtin.visible ?? false,
    visibleInUserCenter: Boolean(builtin.userEditable ?? builtin.visible),
    ...(builtin.options && {
      options: builtin.options.map(({ value, labels }) => ({
        value,
        label: labels['en-US'],
        i18n: { label: textsOf(labels) },
      })),
    }),
    version: 1,
  });
}

function textsOf(labels: BuiltinField['labels']): Translations {
  const texts = noTranslations();
  for (const language of languages) texts[language] = { enabled: true, value: labels[language] };
  return texts;
}
