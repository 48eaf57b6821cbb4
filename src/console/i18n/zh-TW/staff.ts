import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: '以其他身分檢視',
    role: '角色',
    text: '主控台會像該角色看到的那樣顯示，期間不能變更任何內容。',
    start: '開始檢視',
    banner: '正在以「{{role}}」的身分檢視，唯讀。',
    stop: '結束',
    readOnly: '以其他角色檢視時不能編輯',
    menu: '以…身分檢視',
  },
  roles: { administrator: '管理員', support: '客服人員', auditor: '稽核人員' },
  account: '我的帳號',
  accept: {
    title: '建立您的帳號',
    text: '{{by}} 邀請了 {{email}}。',
    name: '姓名',
    password: '密碼',
    passwordHelp: '至少 12 個字元。長句子就很好，不要求特殊字元。',
    submit: '建立帳號並登入',
    gone: '邀請已失效或已使用。請要求重新邀請。',
    signIn: '前往登入',
  },
  signIn: {
    code: '驗證碼',
    codeHelp: '來自驗證器應用程式，或一個復原碼。',
    provider: '使用單一登入',
    refused: '身分提供者已確認您的身分，但您在這裡沒有帳號。請聯絡管理員發出邀請。',
    failed: '單一登入沒有完成，請重試。',
    title: '登入 Fieldbook',
    email: '電子郵件',
    password: '密碼',
    submit: '登入',
    working: '登入中…',
    expired: '登入已逾時。重新登入後，您填寫的內容都還在。',
  },
};
