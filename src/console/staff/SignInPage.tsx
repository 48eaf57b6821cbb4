import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { nameIssue } from '#contract/issue';
import { languages } from '#contract/target';
import { chooseLanguage, languageNames } from '../i18n/index.ts';
import { signIn } from '../session.ts';
import { FormField } from '../ui/FormField.tsx';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayError } from '../ui/toasts.ts';
import './sign-in.css';

const credentials = z.object({
  email: z.string().min(1, { error: 'required' }),
  password: z.string().min(1, { error: 'required' }),
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
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(credentials, { error: nameIssue }),
    defaultValues: { email: '', password: '' },
  });
  return (
    <main className="sign-in" data-over={expired}>
      <PageTitle name={t('staff.signIn.submit')} />
      <form
        className="card sign-in-card"
        noValidate
        onSubmit={handleSubmit((values) => {
          enter.mutate(values);
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
        {enter.error && (
          <p className="note danger" role="alert">
            {sayError(enter.error)}
          </p>
        )}
        <button type="submit" className="primary" disabled={enter.isPending}>
          {enter.isPending ? t('staff.signIn.working') : t('staff.signIn.submit')}
        </button>
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
    </main>
  );
}
