import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: '権限プレビュー',
    role: 'ロール',
    text: '選んだロールの権限でコンソールを表示します。その間は何も変更できません。',
    start: 'プレビューを開始',
    banner: '「{{role}}」の権限で表示中（閲覧のみ）',
    stop: '終了',
    readOnly: '権限プレビュー中は編集できません',
    menu: '権限プレビュー…',
  },
  roles: {
    administrator: '管理者',
    support: 'サポート',
    auditor: '監査担当',
  },
  account: '自分のアカウント',
  accept: {
    title: 'アカウントを作成',
    text: '{{by}} さんが {{email}} を招待しました。',
    name: '名前',
    password: 'パスワード',
    passwordHelp: '12 文字以上。長い文がおすすめです。記号は必須ではありません。',
    submit: 'アカウントを作成してログイン',
    gone: '招待の期限が切れているか、すでに使われています。管理者に再度招待を依頼してください。',
    signIn: 'ログインへ',
  },
  signIn: {
    code: '認証コード',
    codeHelp: '認証アプリのコード、またはリカバリーコード。',
    provider: 'シングルサインオンでログイン',
    refused:
      'シングルサインオンには成功しましたが、Fieldbook のアカウントがありません。管理者に招待を依頼してください。',
    failed: 'ログインが完了しませんでした。もう一度お試しください。',
    title: 'Fieldbook にログイン',
    email: 'メールアドレス',
    password: 'パスワード',
    submit: 'ログイン',
    working: 'ログインしています…',
    expired: 'セッションが終了しました。再度ログインすると、続きから入力できます。',
  },
};
