/** Texts about fields on other pages. The rest loads with the pages of fields. */
export const fieldsElsewhere = {
  targetTypes: '适用对象',
  dataType: {
    STRING: '文本',
    NUMBER: '数字',
    DATETIME: '日期和时间',
    BOOLEAN: '是 / 否',
    ENUM: '单选',
  },
  precision: {
    title: '精度',
    instant: '日期和时间',
    day: '整天',
    instantHelp: '按查看者的时区显示，以 UTC 保存。',
    dayHelp: '在任何时区都是同一天。',
  },
  mark: {
    unique: '唯一',
  },
  options: {
    default: '默认',
  },
};
