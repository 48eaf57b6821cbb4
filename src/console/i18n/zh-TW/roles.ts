import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: '人員角色',
  subtitle: '角色決定人員可以做什麼。現成的三個角色不能變更。',
  new: '新增角色',
  edit: '編輯角色',
  name: '名稱',
  rights: '可以做',
  tenants: '租戶',
  allTenants: '所有租戶',
  pool: '使用者池本身',
  someTenants: '僅限這些租戶',
  ready: '現成',
  own: '自訂',
  people: '帳號',
  empty: '至少選擇一項權限',
  create: '建立角色',
  save: '儲存',
  saved: '角色「{{name}}」已儲存',
  delete: '刪除角色',
  deleted: '角色「{{name}}」已刪除',
  poolOnly: '涉及整個使用者池',
  viewAs: '以此角色檢視',
  tenantsHelp: '限定租戶的角色看不到其他空間的欄位和值。',
};
