import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { endpoints } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { languages } from '#contract/wire/language';
import { call } from '../api.ts';
import { chooseLanguage, languageNames } from '../i18n/index.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { judgedBy, submit } from '../inputs/form.ts';
import { signIn } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayError } from '../ui/toasts.ts';
import './SignInPage.css';
import './sign-in.css';

/** Plain elements: this page loads before anything else and should weigh nothing. */
export function SignInPage({
  expired,
  failure,
  onRetry,
}: {
  expired: boolean;
  failure: Error | undefined;
  onRetry: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const enter = useMutation(signIn());
  const { data: ways } = useQuery({ queryKey: ['sign-in'], queryFn: () => call('getSignIn', {}), retry: false });
  // The result of a sign-in through the provider is in the URL.
  const outcome = new URLSearchParams(window.location.search).get('sign-in');
  const [asksCode, setAsksCode] = useState(false);
  const form = useForm({
    resolver: judgedBy(endpoints.signIn.input),
    defaultValues: { email: '', password: '', code: '' },
  });
  const { control, setFocus } = form;
  // The password was just sent; the code is the answer to what came back.
  useEffect(() => {
    if (asksCode) setFocus('code');
  }, [asksCode, setFocus]);
  const isCodeAsked = enter.error instanceof ApiError && enter.error.name === 'codeRequired';
  const send = submit(
    form,
    ({ code = '', ...sent }) => enter.mutateAsync({ ...sent, ...(code.trim() && { code: code.trim() }) }),
    {
      // All else is said below, in the language of the moment.
      tell: (error) => error instanceof ApiError && error.name === 'codeRequired' && setAsksCode(true),
    },
  );
  return (
    <Frame expired={expired}>
      <PageTitle name={t('staff.signIn.submit')} />
      <form className="card sign-in-card" noValidate onSubmit={send}>
        <h1>
          <img src="/icon.svg" alt="" /> {t('staff.signIn.title')}
        </h1>
        {expired && <p className="note">{t('staff.signIn.expired')}</p>}
        {failure && (
          <p className="note danger" role="alert">
            {sayError(failure)}{' '}
            <button type="button" className="link" onClick={onRetry}>
              {t('app.retry')}
            </button>
          </p>
        )}
        <BoundField control={control} name="email" label={t('staff.signIn.email')}>
          {(props) => <input {...props} className="input" type="email" autoComplete="username" />}
        </BoundField>
        <BoundField control={control} name="password" label={t('staff.signIn.password')}>
          {(props) => <input {...props} className="input" type="password" autoComplete="current-password" />}
        </BoundField>
        {asksCode && (
          <BoundField control={control} name="code" label={t('staff.signIn.code')} help={t('staff.signIn.codeHelp')}>
            {(props) => <input {...props} className="input" autoComplete="one-time-code" />}
          </BoundField>
        )}
        {(outcome === 'refused' || outcome === 'failed') && !enter.error && (
          <p className="note danger" role="alert">
            {t(`staff.signIn.${outcome}`)}
          </p>
        )}
        {enter.error && !isCodeAsked && (
          <p className="note danger" role="alert">
            {sayError(enter.error)}
          </p>
        )}
        <button type="submit" className="primary" disabled={enter.isPending}>
          {enter.isPending ? t('staff.signIn.working') : t('staff.signIn.submit')}
        </button>
        {ways?.hasProvider && (
          <a className="provider" href="/api/console/oidc/start">
            {t('staff.signIn.provider')}
          </a>
        )}
      </form>
      <nav className="sign-in-languages" aria-label={t('app.language')}>
        {languages.map((each) => (
          <button
            key={each}
            type="button"
            className="link"
            lang={each}
            aria-pressed={each === language}
            onClick={() => chooseLanguage(each)}
          >
            {languageNames[each]}
          </button>
        ))}
      </nav>
    </Frame>
  );
}

/** The page's frame. When a session has ended, it covers everything, open dialogs too, and keys don't reach the console. */
function Frame({ expired, children }: { expired: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!expired) return;
    dialog.current?.showModal();
    const keep = (event: KeyboardEvent) => {
      event.stopImmediatePropagation();
      if (event.key === 'Escape') event.preventDefault();
    };
    window.addEventListener('keydown', keep, { capture: true });
    return () => window.removeEventListener('keydown', keep, { capture: true });
  }, [expired]);
  const page = <main className="sign-in">{children}</main>;
  if (!expired) return page;
  return (
    <dialog ref={dialog} className="sign-in-over" aria-label={t('staff.signIn.title')}>
      {page}
    </dialog>
  );
}
