import type { Texts } from '../texts.ts';
import type { fieldsElsewhere as source } from '../zh-CN/fieldsElsewhere.ts';

/** Texts about fields on other pages. The rest loads with the pages of fields. */
export const fieldsElsewhere: Texts<typeof source> = {
  targetTypes: 'Applies to',
  dataType: {
    STRING: 'Text',
    NUMBER: 'Number',
    DATETIME: 'Date & time',
    BOOLEAN: 'Yes/no',
    ENUM: 'Single select',
  },
  precision: {
    title: 'Precision',
    instant: 'Date and time',
    day: 'Whole day',
    instantHelp: 'Shown in the viewer’s time zone, stored in UTC.',
    dayHelp: 'The same day in every time zone.',
  },
  mark: {
    unique: 'Unique',
  },
  options: {
    default: 'Default',
  },
};
