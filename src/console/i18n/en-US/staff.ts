import type { Texts } from '../texts.ts';
import type { staff as source } from '../zh-CN/staff.ts';

export const staff: Texts<typeof source> = {
  viewAs: {
    title: 'View as a role',
    role: 'Role',
    text: 'The console is shown as that role sees it. Nothing can be changed meanwhile.',
    start: 'View',
    banner: 'You see the console as “{{role}}” sees it, read-only.',
    stop: 'Stop',
    readOnly: 'Nothing is edited while you view as another role',
    menu: 'View as…',
  },
  roles: { administrator: 'Administrator', support: 'Support', auditor: 'Auditor' },
  account: 'My account',
  accept: {
    title: 'Create your account',
    text: '{{by}} invited {{email}}.',
    name: 'Name',
    password: 'Password',
    passwordHelp: '12 characters or more. A sentence is good; no special characters are needed.',
    submit: 'Create account and sign in',
    gone: 'The invitation has ended or was used. Ask for another.',
    signIn: 'Go to sign-in',
  },
  signIn: {
    code: 'Code',
    codeHelp: 'From your authenticator app, or a recovery code.',
    provider: 'Sign in with your organisation',
    refused: 'Your organisation signed you in, but you have no account here. Ask for an invitation.',
    failed: 'The sign-in wasn’t finished. Try again.',
    title: 'Sign in to Fieldbook',
    email: 'Email',
    password: 'Password',
    submit: 'Sign in',
    working: 'Signing in…',
    expired: 'Your session has ended. Sign in again: what you typed is still there.',
  },
};
