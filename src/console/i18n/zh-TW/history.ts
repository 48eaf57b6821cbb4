import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: '變更歷程',
  field: '依欄位篩選',
  more: '載入更早的記錄',
  empty: '還沒有變更',
  emptyText: '每次變更都會記錄在這裡。',
  look: '檢視此版本',
  fieldDeleted: '欄位已刪除',
  momentOf: '{{at}} 的版本',
  against: '比較',
  now: '目前',
  nowIs: '目前值：',
  otherIs: '比較值：',
  same: '沒有差異。',
  restore: '還原',
  restoreOne: '還原「{{label}}」',
  restoreAll_one: '還原全部 {{count, number}} 個值',
  restoreAll_other: '還原全部 {{count, number}} 個值',
  restored_one: '已還原 {{count, number}} 個值',
  restored_other: '已還原 {{count, number}} 個值',
  restoredReason: '還原到 {{at}} 的版本',
  through: {
    console: '透過主控台',
    api: '透過 API',
    command: '透過命令列',
    plan: '透過欄位變更',
  },
  event: {
    created: '建立',
    changed: '變更資料：',
    deleted: '刪除',
    restored: '還原',
  },
  reason: '「{{reason}}」',
};
