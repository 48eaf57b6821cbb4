import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: '別の役割として表示',
    role: '役割',
    text: 'その役割に見えるとおりにコンソールを表示します。その間は何も変更できません。',
    start: '表示する',
    banner: '「{{role}}」として表示中（読み取り専用）。',
    stop: '終了',
    readOnly: '別の役割として表示している間は編集できません',
    menu: '別の役割として表示…',
  },
  roles: { administrator: '管理者', support: 'サポート', auditor: '監査担当' },
  account: '自分のアカウント',
  accept: {
    title: 'アカウントを作成',
    text: '{{by}} さんが {{email}} を招待しました。',
    name: '名前',
    password: 'パスワード',
    passwordHelp: '12 文字以上。長い文がおすすめです。記号は必須ではありません。',
    submit: 'アカウントを作成してサインイン',
    gone: '招待の期限が切れているか、すでに使われています。もう一度招待を依頼してください。',
    signIn: 'サインインへ',
  },
  signIn: {
    code: '認証コード',
    codeHelp: '認証アプリのコード、または回復コード。',
    provider: '組織のアカウントでサインイン',
    refused: '組織での認証はできましたが、ここにアカウントがありません。招待を依頼してください。',
    failed: 'サインインが完了しませんでした。もう一度お試しください。',
    title: 'Fieldbook にサインイン',
    email: 'メールアドレス',
    password: 'パスワード',
    submit: 'サインイン',
    working: 'サインインしています…',
    expired: 'セッションが終了しました。もう一度サインインすると、入力した内容はそのまま残ります。',
  },
};
