import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: 'History',
  field: 'Filter by field',
  more: 'Show earlier',
  empty: 'Nothing has changed yet',
  emptyText: 'Every change is kept here.',
  look: 'See this moment',
  fieldDeleted: 'field deleted',
  momentOf: 'Values after {{at}}',
  against: 'Compare with',
  now: 'Now',
  nowIs: 'now',
  otherIs: 'at the other moment',
  same: 'Nothing differs.',
  restore: 'Restore',
  restoreOne: 'Restore {{label}}',
  restoreAll_one: 'Restore this value',
  restoreAll_other: 'Restore all {{count}} values',
  restored_one: '{{count}} value is restored',
  restored_other: '{{count}} values are restored',
  restoredReason: 'Restored to {{at}}',
  through: {
    console: 'through the console',
    api: 'through the API',
    command: 'from the command line',
    plan: 'through a plan',
  },
  event: {
    created: 'Created',
    changed: 'Profile changed:',
    deleted: 'Deleted',
    restored: 'Restored',
  },
};
