import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: '履歴',
  field: 'フィールドで絞り込む',
  more: 'さらに前を表示',
  empty: '変更はまだありません',
  emptyText: 'すべての変更がここに残ります。',
  look: 'この時点を見る',
  fieldDeleted: '削除されたフィールド',
  momentOf: '{{at}} の後の値',
  against: '比べる時点',
  now: '現在',
  nowIs: '現在は',
  otherIs: 'もう一方の時点では',
  same: '違いはありません。',
  restore: '元に戻す',
  restoreOne: '「{{label}}」を元に戻す',
  restoreAll_one: 'この値を元に戻す',
  restoreAll_other: '{{count}} 件すべてを元に戻す',
  restored_one: '{{count}} 件を元に戻しました',
  restored_other: '{{count}} 件を元に戻しました',
  restoredReason: '{{at}} の時点に復元',
  through: {
    console: 'コンソール',
    api: 'API',
    command: 'コマンドライン',
    plan: 'フィールドの変更計画',
  },
  event: {
    created: '作成',
    changed: 'プロフィールの変更：',
    deleted: '削除',
    restored: '復元',
  },
};
