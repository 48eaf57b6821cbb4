import type { Texts } from './index.ts';
import type { roles as source } from './roles.zh-CN.ts';

export const roles: Texts<typeof source> = {
  title: 'ロール',
  subtitle: 'ロールは、スタッフに何ができるかを決めます。既定の 3 つは変更できません。',
  new: '新しいロール',
  edit: 'ロールを編集',
  name: '名前',
  rights: 'できること',
  tenants: 'テナント',
  allTenants: 'すべてのテナント',
  pool: 'プール自体',
  someTenants: '次のテナントのみ',
  ready: '既定',
  own: '独自',
  people: 'アカウント',
  empty: '権限を 1 つ以上選んでください',
  create: 'ロールを作成',
  save: '保存',
  saved: 'ロール「{{name}}」を保存しました',
  delete: 'ロールを削除',
  deleted: 'ロール「{{name}}」を削除しました',
  poolOnly: 'プール全体に関わります',
  viewAs: 'このロールとして表示',
  tenantsHelp: 'テナント限定のロールには、ほかのスペースのフィールドと値は見えません。',
};
