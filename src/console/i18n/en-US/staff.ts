import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: 'View as a role',
    role: 'Role',
    text: 'See the console with the permissions of a role. Nothing can be changed until you exit.',
    start: 'View',
    banner: 'Viewing as “{{role}}” (read-only)',
    stop: 'Exit',
    readOnly: 'Editing is off while you view as another role',
    menu: 'View as…',
  },
  roles: {
    administrator: 'Administrator',
    support: 'Support',
    auditor: 'Auditor',
  },
  account: 'My account',
  accept: {
    title: 'Create your account',
    text: '{{by}} invited {{email}}.',
    name: 'Name',
    password: 'Password',
    passwordHelp: 'At least 12 characters. A sentence works well. No special characters are required.',
    submit: 'Create account and sign in',
    gone: 'This invitation expired or was already used. Ask an administrator for a new one.',
    signIn: 'Go to sign-in',
  },
  signIn: {
    code: 'Code',
    codeHelp: 'From your authenticator app, or a recovery code.',
    provider: 'Sign in with SSO',
    refused: 'Your SSO sign-in worked, but you don’t have a Fieldbook account. Ask an administrator to invite you.',
    failed: 'Sign-in wasn’t completed. Try again.',
    title: 'Sign in to Fieldbook',
    email: 'Email',
    password: 'Password',
    submit: 'Sign in',
    working: 'Signing in…',
    expired: 'Your session has ended. Sign in to continue where you left off.',
  },
};
