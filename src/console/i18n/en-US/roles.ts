import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: 'Staff roles',
  subtitle: 'A role says what its people may do. The three ready-made ones can’t be changed.',
  new: 'New role',
  edit: 'Edit role',
  name: 'Name',
  rights: 'May do',
  tenants: 'Tenants',
  allTenants: 'All tenants',
  pool: 'The pool itself',
  someTenants: 'Only these',
  ready: 'Ready-made',
  own: 'Own',
  people: 'Accounts',
  empty: 'Choose at least one right',
  create: 'Create role',
  save: 'Save',
  saved: 'The role “{{name}}” is saved',
  delete: 'Delete role',
  deleted: 'The role “{{name}}” is deleted',
  poolOnly: 'concerns the whole pool',
  viewAs: 'View as this role',
  tenantsHelp: 'A role of some tenants sees fields and values of no other space.',
};
