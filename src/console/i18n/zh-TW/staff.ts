import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: '以角色預覽',
    role: '角色',
    text: '以所選角色的權限預覽主控台，期間唯讀。',
    start: '開始預覽',
    banner: '正在以「{{role}}」角色預覽（唯讀）',
    stop: '結束預覽',
    readOnly: '預覽期間無法編輯',
    menu: '以角色預覽…',
  },
  roles: {
    administrator: '管理員',
    support: '客服人員',
    auditor: '稽核人員',
  },
  account: '我的帳號',
  accept: {
    title: '建立您的帳號',
    text: '{{by}} 邀請了 {{email}}。',
    name: '姓名',
    password: '密碼',
    passwordHelp: '至少 12 個字元。建議使用一句話，不需要特殊字元。',
    submit: '建立帳號並登入',
    gone: '邀請已失效或已使用。請聯絡管理員重新邀請。',
    signIn: '前往登入',
  },
  signIn: {
    code: '驗證碼',
    codeHelp: '驗證器應用程式中的驗證碼，或備用碼。',
    provider: '使用單一登入',
    refused: '單一登入成功，但您沒有 Fieldbook 帳號。請聯絡管理員邀請您。',
    failed: '單一登入沒有完成，請重試。',
    title: '登入 Fieldbook',
    email: '電子郵件',
    password: '密碼',
    submit: '登入',
    working: '登入中…',
    expired: '登入已逾時。重新登入後，可以繼續填寫。',
  },
};
