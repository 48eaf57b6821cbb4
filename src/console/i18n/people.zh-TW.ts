import type { Texts } from './index.ts';
import type { people as source } from './people.zh-CN.ts';

export const people: Texts<typeof source> = {
  title: '人員',
  subtitle: '可以登入此主控台的人。新帳號以命令列建立。',
  name: '姓名',
  role: '角色',
  roleOf: '{{name}} 的角色',
  changed: '{{name}} 的角色已變更',
  signedIn: '登入',
  notIn: '未登入',
  sessions_one: '{{count}} 處登入',
  sessions_other: '{{count}} 處登入',
  active: '有效',
  disabled: '已停用',
  signOut: '登出所有裝置',
  signedOut: '{{name}} 已登出所有裝置',
  disable: '停用帳號',
  isDisabled: '{{name}} 的帳號已停用',
  enable: '重新啟用',
  enabledAgain: '{{name}} 的帳號已啟用',
};
