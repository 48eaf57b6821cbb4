import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minPassword } from '#contract/staff';
import { issue } from '#contract/wire/issue';
import { call } from '../api.ts';
import { FormField } from '../inputs/FormField.tsx';
import { issuesByControl, oneOf } from '../inputs/issuesByControl.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayError } from '../ui/toasts.ts';
import './sign-in.css';

/** The page of an invitation: asks for name and password. The token is after the #, so that no server logs it. */
export function AcceptPage({ token }: { token: string }) {
  const { t } = useTranslation();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => call('getInvitation', { token }),
    retry: false,
  });
  const accept = useMutation({
    meta: { handled: true },
    mutationFn: (sent: { name: string; password: string }) => call('acceptInvitation', { token, ...sent }),
    // Loads the console again, without the token in the address.
    onSuccess: () => window.location.assign('/'),
  });
  const [name, setName] = useState<string>();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<{ name?: string; password?: string }>({});
  const shown = name ?? invitation.data?.name ?? '';
  function submit(event: FormEvent) {
    event.preventDefault();
    const missing = {
      ...(!shown.trim() && { name: issue('required') }),
      ...(password.length < minPassword && { password: issue('tooShort', minPassword) }),
    };
    setWrong(missing);
    if (Object.keys(missing).length) return;
    accept.mutate(
      { name: shown.trim(), password },
      {
        onError: (error) => setWrong(issuesByControl(error, oneOf('name', 'password')).placed),
      },
    );
  }
  const isPlaced = wrong.name || wrong.password;
  return (
    <main className="sign-in">
      <PageTitle name={t('staff.accept.title')} />
      <form className="card sign-in-card" noValidate onSubmit={submit}>
        <h1>
          <img src="/icon.svg" alt="" /> {t('staff.accept.title')}
        </h1>
        {invitation.error ? (
          <>
            <p className="note danger" role="alert">
              {t('staff.accept.gone')}
            </p>
            <a href="/">{t('staff.accept.signIn')}</a>
          </>
        ) : (
          <>
            <p className="quiet">
              {invitation.data ? (
                t('staff.accept.text', { by: invitation.data.invitedBy, email: invitation.data.email })
              ) : (
                <span className="skeleton" style={{ width: 200 }} />
              )}
            </p>
            <FormField label={t('staff.accept.name')} error={wrong.name}>
              {(control) => (
                <input
                  {...control}
                  className="input"
                  autoComplete="name"
                  maxLength={128}
                  value={shown}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </FormField>
            <FormField label={t('staff.accept.password')} help={t('staff.accept.passwordHelp')} error={wrong.password}>
              {(control) => (
                <input
                  {...control}
                  className="input"
                  type="password"
                  autoComplete="new-password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </FormField>
            {accept.error && !isPlaced && (
              <p className="note danger" role="alert">
                {sayError(accept.error)}
              </p>
            )}
            <button type="submit" className="primary" disabled={accept.isPending || !invitation.data}>
              {t('staff.accept.submit')}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
