import type { Texts } from '../texts.ts';
import type { fieldsElsewhere as source } from '../zh-CN/fieldsElsewhere.ts';

/** Texts about fields on other pages. The rest loads with the pages of fields. */
export const fieldsElsewhere: Texts<typeof source> = {
  targetTypes: '適用對象',
  dataType: {
    STRING: '文字',
    NUMBER: '數字',
    DATETIME: '日期與時間',
    BOOLEAN: '是 / 否',
    ENUM: '單選',
  },
  precision: {
    title: '精確度',
    instant: '日期與時間',
    day: '整天',
    instantHelp: '依檢視者的時區顯示，以 UTC 儲存。',
    dayHelp: '在任何時區都是同一天。',
  },
  mark: {
    unique: '不可重複',
  },
  options: {
    default: '預設',
  },
};
