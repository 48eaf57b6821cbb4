import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: 'スタッフの役割',
  subtitle: '役割は、スタッフに何ができるかを決めます。既定の 3 つは変更できません。',
  new: '新しい役割',
  edit: '役割を編集',
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
  create: '役割を作成',
  save: '保存',
  saved: '役割「{{name}}」を保存しました',
  delete: '役割を削除',
  deleted: '役割「{{name}}」を削除しました',
  poolOnly: 'プール全体に関わります',
  viewAs: 'この役割として表示',
  tenantsHelp: 'テナント限定の役割には、ほかのスペースのフィールドと値は見えません。',
};
