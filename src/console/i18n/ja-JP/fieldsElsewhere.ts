import type { Texts } from '../texts.ts';
import type { fieldsElsewhere as source } from '../zh-CN/fieldsElsewhere.ts';

/** Texts about fields on other pages. The rest loads with the pages of fields. */
export const fieldsElsewhere: Texts<typeof source> = {
  targetTypes: '適用先',
  dataType: {
    STRING: 'テキスト',
    NUMBER: '数値',
    DATETIME: '日付と時刻',
    BOOLEAN: 'はい / いいえ',
    ENUM: '単一選択',
  },
  precision: {
    title: '日時の単位',
    instant: '日付と時刻',
    day: '日付のみ',
    instantHelp: '見る人のタイムゾーンで表示し、UTC で保存します。',
    dayHelp: 'どのタイムゾーンでも同じ日になります。',
  },
  mark: {
    unique: '重複不可',
  },
  options: {
    default: '既定',
  },
};
