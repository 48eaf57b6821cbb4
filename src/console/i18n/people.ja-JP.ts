import type { Texts } from './index.ts';
import type { people as source } from './people.zh-CN.ts';

export const people: Texts<typeof source> = {
  title: 'スタッフ',
  subtitle: 'このコンソールにサインインできる人です。新しいアカウントはコマンドラインで作成します。',
  name: '名前',
  role: '役割',
  roleOf: '{{name}} の役割',
  changed: '{{name}} の役割を変更しました',
  signedIn: 'サインイン',
  notIn: 'サインインしていません',
  sessions_one: '{{count}} か所',
  sessions_other: '{{count}} か所',
  active: '有効',
  disabled: '無効',
  signOut: 'すべてサインアウトさせる',
  signedOut: '{{name}} をすべてサインアウトさせました',
  disable: 'アカウントを無効にする',
  isDisabled: '{{name}} のアカウントを無効にしました',
  enable: '再び有効にする',
  enabledAgain: '{{name}} のアカウントを有効にしました',
};
