import type { Texts } from '../texts.ts';
import type { roles as source } from '../zh-CN/roles.ts';

export const roles: Texts<typeof source> = {
  title: 'Console roles',
  subtitle: 'A role sets what its members can do. The three built-in roles can’t be changed.',
  new: 'New role',
  edit: 'Edit role',
  name: 'Name',
  rights: 'Permissions',
  tenants: 'Tenants',
  allTenants: 'All tenants',
  pool: 'User pool (no tenant)',
  someTenants: 'Selected tenants',
  ready: 'Built-in',
  own: 'Custom',
  people: 'Accounts',
  empty: 'Choose at least one permission',
  create: 'Create role',
  save: 'Save',
  saved: 'Saved role “{{name}}”',
  delete: 'Delete role',
  deleted: 'Deleted role “{{name}}”',
  poolOnly: 'Requires all tenants',
  viewAs: 'View as this role',
  tenantsHelp: 'Limits this role to the selected tenants’ fields and values.',
};
