import type { Texts } from './index.ts';
import type { people as source } from './people.zh-CN.ts';

export const people: Texts<typeof source> = {
  title: 'Staff',
  subtitle: 'Who can sign in to this console. New accounts are made on the command line.',
  name: 'Name',
  role: 'Role',
  roleOf: 'Role of {{name}}',
  changed: 'The role of {{name}} is changed',
  signedIn: 'Signed in',
  notIn: 'Not signed in',
  sessions_one: 'in {{count}} place',
  sessions_other: 'in {{count}} places',
  active: 'Active',
  disabled: 'Disabled',
  signOut: 'Sign out everywhere',
  signedOut: '{{name}} is signed out everywhere',
  disable: 'Disable the account',
  isDisabled: 'The account of {{name}} is disabled',
  enable: 'Enable again',
  enabledAgain: 'The account of {{name}} is enabled',
};
