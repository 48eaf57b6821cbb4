import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { endpoints } from '#contract/endpoints';
import { call } from '../api.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { judgedBy, submit } from '../inputs/form.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { sayError } from '../ui/toasts.ts';
import './sign-in.css';

/** The page of an invitation: asks for name and password. The token is after the #, so that no server logs it. */
export function AcceptPage({ token }: { token: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => call('getInvitation', { token }),
    retry: false,
  });
  return (
    <main className="sign-in">
      <PageTitle name={t('staff.accept.title')} />
      <div className="card sign-in-card">
        <h1>
          <img src="/icon.svg" alt="" /> {t('staff.accept.title')}
        </h1>
        {error ? (
          <>
            <p className="note danger" role="alert">
              {t('staff.accept.gone')}
            </p>
            <a href="/">{t('staff.accept.signIn')}</a>
          </>
        ) : data ? (
          <>
            <p className="quiet">{t('staff.accept.text', { by: data.invitedBy, email: data.email })}</p>
            <AcceptForm token={token} name={data.name} />
          </>
        ) : (
          <span className="skeleton" style={{ width: 200 }} />
        )}
      </div>
    </main>
  );
}

/** Plain elements, as on the sign-in page. */
function AcceptForm({ token, name }: { token: string; name: string }) {
  const { t } = useTranslation();
  const accept = useMutation({
    meta: { handled: true },
    mutationFn: (sent: { name: string; password: string }) => call('acceptInvitation', { token, ...sent }),
    // The console begins anew, without the token in its address.
    onSuccess: () => window.location.assign('/'),
  });
  const form = useForm({
    resolver: judgedBy(endpoints.acceptInvitation.input.pick({ name: true, password: true })),
    defaultValues: { name, password: '' },
  });
  const { root } = form.formState.errors;
  // Nothing says toasts here.
  const send = submit(form, accept.mutateAsync, {
    tell: (error) => form.setError('root', { message: sayError(error) }),
  });
  return (
    <form noValidate onSubmit={send}>
      <BoundField control={form.control} name="name" label={t('staff.accept.name')}>
        {(props) => <input {...props} className="input" autoComplete="name" maxLength={128} />}
      </BoundField>
      <BoundField
        control={form.control}
        name="password"
        label={t('staff.accept.password')}
        help={t('staff.accept.passwordHelp')}
      >
        {(props) => <input {...props} className="input" type="password" autoComplete="new-password" />}
      </BoundField>
      {root && (
        <p className="note danger" role="alert">
          {root.message}
        </p>
      )}
      <button type="submit" className="primary" disabled={accept.isPending}>
        {t('staff.accept.submit')}
      </button>
    </form>
  );
}
