import type { Texts } from '../texts.ts';
import type { history as source } from '../zh-CN/history.ts';

export const history: Texts<typeof source> = {
  title: 'Change history',
  field: 'Filter by field',
  more: 'Show earlier entries',
  empty: 'No changes yet',
  emptyText: 'Every change is recorded here.',
  look: 'View this version',
  fieldDeleted: 'Deleted field',
  momentOf: 'Version from {{at}}',
  against: 'Compare with',
  now: 'Now',
  nowIs: 'Now:',
  otherIs: 'Then:',
  same: 'No differences.',
  restore: 'Restore',
  restoreOne: 'Restore {{label}}',
  restoreAll_one: 'Restore this value',
  restoreAll_other: 'Restore all {{count, number}} values',
  restored_one: 'Restored {{count, number}} value',
  restored_other: 'Restored {{count, number}} values',
  restoredReason: 'Restored the version from {{at}}',
  through: {
    console: 'through the console',
    api: 'through the API',
    command: 'from the command line',
    plan: 'through a field change',
  },
  event: {
    created: 'Created',
    changed: 'Profile changed:',
    deleted: 'Deleted',
    restored: 'Restored',
  },
  reason: '“{{reason}}”',
};
