import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: '変更履歴',
  field: 'フィールドで絞り込む',
  more: '以前の記録を表示',
  empty: '変更はまだありません',
  emptyText: 'すべての変更がここに記録されます。',
  look: 'この時点を表示',
  fieldDeleted: '削除されたフィールド',
  momentOf: '{{at}} 時点の値',
  against: '比較対象',
  now: '現在',
  nowIs: '現在の値：',
  otherIs: '比較時点の値：',
  same: '違いはありません。',
  restore: '復元',
  restoreOne: '「{{label}}」を復元',
  restoreAll_one: '{{count, number}} 件すべてを復元',
  restoreAll_other: '{{count, number}} 件すべてを復元',
  restored_one: '{{count, number}} 件を復元しました',
  restored_other: '{{count, number}} 件を復元しました',
  restoredReason: '{{at}} の時点に復元',
  through: {
    console: 'コンソール',
    api: 'API',
    command: 'コマンドライン',
    plan: 'フィールドの変更',
  },
  event: {
    created: '作成',
    changed: 'プロフィールの変更：',
    deleted: '削除',
    restored: '復元',
  },
  reason: '「{{reason}}」',
};
