import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: 'コンソールロール',
  subtitle: 'ロールは、メンバーの権限を決めます。標準の 3 つは変更できません。',
  new: 'コンソールロールを追加',
  edit: 'コンソールロールを編集',
  name: '名前',
  rights: '権限',
  tenants: 'テナント',
  allTenants: 'すべてのテナント',
  pool: 'ユーザープール（テナントなし）',
  someTenants: '選択したテナント',
  ready: '標準',
  own: 'カスタム',
  people: 'アカウント数',
  empty: '権限を 1 つ以上選んでください',
  create: 'ロールを作成',
  save: '保存',
  saved: 'ロール「{{name}}」を保存しました',
  delete: 'ロールを削除',
  deleted: 'ロール「{{name}}」を削除しました',
  poolOnly: '「すべてのテナント」が必要です',
  viewAs: 'このロールの権限でプレビュー',
  tenantsHelp: '選択したテナントのフィールドと値だけを閲覧できます。',
};
