import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: '歷史',
  field: '依欄位篩選',
  more: '顯示更早的',
  empty: '還沒有變化',
  emptyText: '每次變更都會記錄在這裡。',
  look: '檢視當時',
  fieldDeleted: '欄位已刪除',
  momentOf: '{{at}} 之後的值',
  against: '與之比較',
  now: '現在',
  nowIs: '現在是',
  otherIs: '另一時刻是',
  same: '沒有不同。',
  restore: '還原',
  restoreOne: '還原「{{label}}」',
  restoreAll_one: '還原這個值',
  restoreAll_other: '還原全部 {{count}} 個值',
  restored_one: '已還原 {{count}} 個值',
  restored_other: '已還原 {{count}} 個值',
  restoredReason: '還原到 {{at}}',
  through: {
    console: '透過主控台',
    api: '透過 API',
    command: '透過命令列',
    plan: '透過欄位變更計畫',
  },
  event: {
    created: '已建立',
    changed: '資料已變更：',
    deleted: '已刪除',
    restored: '已還原',
  },
};
