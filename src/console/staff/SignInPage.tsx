import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ApiError } from '#contract/wire/errors';
import { nameIssue } from '#contract/wire/issue';
import { languages } from '#contract/wire/language';
import { call } from '../api.ts';
import { chooseLanguage, languageNames } from '../i18n/index.ts';
import { FormField } from '../inputs/FormField.tsx';
import { signIn } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayError } from '../ui/toasts.ts';
import './sign-in.css';

const credentials = z.object({
  email: z.string().min(1, { error: 'required' }),
  password: z.string().min(1, { error: 'required' }),
  code: z.string(),
});

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
  // What came of a sign-in through the provider stands in the address that it sent people back to.
  const outcome = new URLSearchParams(window.location.search).get('sign-in');
  const [asksCode, setAsksCode] = useState(false);
  const { register, handleSubmit, formState, setFocus } = useForm({
    resolver: zodResolver(credentials, { error: nameIssue }),
    defaultValues: { email: '', password: '', code: '' },
  });
  const isCodeAsked = enter.error instanceof ApiError && enter.error.name === 'codeRequired';
  // The password was just sent; the code is the answer to what came back.
  useEffect(() => {
    if (asksCode) setFocus('code');
  }, [asksCode, setFocus]);
  return (
    <Frame expired={expired}>
      <PageTitle name={t('staff.signIn.submit')} />
      <form
        className="card sign-in-card"
        noValidate
        onSubmit={handleSubmit((values) => {
          const { code, ...rest } = values;
          enter.mutate(
            { ...rest, ...(code.trim() && { code: code.trim() }) },
            {
              onError: (error) => {
                if (error instanceof ApiError && error.name === 'codeRequired') setAsksCode(true);
              },
            },
          );
        })}
      >
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
        <FormField label={t('staff.signIn.email')} error={formState.errors.email?.message}>
          {(control) => (
            <input {...control} {...register('email')} className="input" type="email" autoComplete="username" />
          )}
        </FormField>
        <FormField label={t('staff.signIn.password')} error={formState.errors.password?.message}>
          {(control) => (
            <input
              {...control}
              {...register('password')}
              className="input"
              type="password"
              autoComplete="current-password"
            />
          )}
        </FormField>
        {asksCode && (
          <FormField label={t('staff.signIn.code')} help={t('staff.signIn.codeHelp')}>
            {(control) => <input {...control} {...register('code')} className="input" autoComplete="one-time-code" />}
          </FormField>
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

/** The page; where a session ended, above whatever dialog is open, while keys do nothing to what lies beneath. */
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
