import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: '主控台角色',
  subtitle: '角色決定成員的權限。三個內建角色無法變更。',
  new: '新增角色',
  edit: '編輯角色',
  name: '名稱',
  rights: '權限',
  tenants: '租戶',
  allTenants: '所有租戶',
  pool: '使用者池（無租戶）',
  someTenants: '指定租戶',
  ready: '內建',
  own: '自訂',
  people: '帳號數',
  empty: '請至少選擇一項權限',
  create: '建立角色',
  save: '儲存',
  saved: '角色「{{name}}」已儲存',
  delete: '刪除角色',
  deleted: '角色「{{name}}」已刪除',
  poolOnly: '需選擇「所有租戶」',
  viewAs: '以此角色預覽',
  tenantsHelp: '僅能檢視所選租戶的欄位與值。',
};
