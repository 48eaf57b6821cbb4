import type { Texts } from '../texts.ts';
import type { account as source } from '../zh-CN/account.ts';

export const account: Texts<typeof source> = {
  title: '自分のアカウント',
  subtitle: 'パスワード、2段階認証、ログイン中の端末。',
  password: 'パスワード',
  current: '現在のパスワード',
  next: '新しいパスワード',
  change: 'パスワードを変更',
  changed: 'パスワードを変更し、ほかの端末からログアウトしました',
  noPassword: 'シングルサインオンでログインしているため、パスワードはありません。',
  twoStep: '2段階認証',
  twoStepText: 'ログイン時に、パスワードに加えてスマートフォンの認証アプリのコードを入力します。',
  on: '有効',
  off: '無効',
  start: '有効にする',
  stop: '無効にする',
  scan: '認証アプリで QR コードを読み取るか、セットアップキーを入力してください：',
  code: 'アプリに表示されたコード',
  confirm: '確認',
  codes: 'リカバリーコード',
  codesText:
    'スマートフォンを紛失したときに、認証アプリのコードの代わりに 1 回ずつ使えます。表示されるのは今回だけです。',
  stored: '保存したので閉じる',
  stopped: '2段階認証を無効にしました',
  sessions: 'ログイン中の端末',
  here: 'この端末',
  seen: '最終使用：{{at}}',
  end: 'ログアウト',
  ended: 'ログアウトしました',
  unknown: '不明な端末',
};
