import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { endpoints } from '#contract/endpoints';
import { judgedBy, submit } from '../inputs/form.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { PageTitle } from '../ui/PageTitle.tsx';
import { toast } from '../ui/toasts.ts';
import { ago } from '../ui/when.ts';
import { PasswordField } from './PasswordField.tsx';
import { changePassword, endSession, staffQueries, stopTotp } from './queries.ts';
import { TotpDialog } from './TotpDialog.tsx';
import './AccountPage.css';
import './settings.css';

/** The person's own account: password, two-step verification and signed-in devices. */
export function AccountPage() {
  const { t } = useTranslation();
  const { session } = useSession();
  const [starts, setStarts] = useState(false);
  if (!session) return null;
  return (
    <>
      <PageTitle name={t('account.title')} />
      <header className="page-head">
        <div>
          <h1>{t('account.title')}</h1>
          <p className="quiet">{t('account.subtitle')}</p>
        </div>
      </header>
      <div className="stack account">
        <section className="card">
          <h2>{t('account.password')}</h2>
          {session.hasPassword ? <Password /> : <p className="quiet">{t('account.noPassword')}</p>}
        </section>
        {session.hasPassword && (
          <section className="card">
            <h2>
              {t('account.twoStep')}{' '}
              <span className={session.hasTotp ? 'badge good' : 'badge'}>
                {t(session.hasTotp ? 'account.on' : 'account.off')}
              </span>
            </h2>
            <p className="quiet">{t('account.twoStepText')}</p>
            <TwoStep isOn={session.hasTotp} onStart={() => setStarts(true)} />
            {/* Stays open when two-step verification is on, because it shows the recovery codes only once. */}
            {starts && <TotpDialog onClose={() => setStarts(false)} />}
          </section>
        )}
        <section className="card">
          <h2>{t('account.sessions')}</h2>
          <Sessions />
        </section>
      </div>
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const change = useMutation(changePassword());
  const form = useForm({
    resolver: judgedBy(endpoints.changePassword.input),
    defaultValues: { current: '', next: '' },
  });
  const send = submit(
    form,
    async (sent) => {
      await change.mutateAsync(sent);
      form.reset();
      toast.say(t('account.changed'));
    },
    { about: { wrongOwnPassword: 'current' } },
  );
  return (
    <form className="stack" noValidate onSubmit={send}>
      <PasswordField control={form.control} name="current" label={t('account.current')} />
      <PasswordField
        control={form.control}
        name="next"
        label={t('account.next')}
        help={t('staff.accept.passwordHelp')}
        isNew
      />
      <div>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('account.change')}
        </Button>
      </div>
    </form>
  );
}

function TwoStep({ isOn, onStart }: { isOn: boolean; onStart: () => void }) {
  const { t } = useTranslation();
  const stop = useMutation(stopTotp());
  const form = useForm({ resolver: judgedBy(endpoints.stopTotp.input), defaultValues: { password: '' } });
  if (!isOn) return <Button onClick={onStart}>{t('account.start')}</Button>;
  const send = submit(form, (sent) => stop.mutateAsync(sent).then(() => toast.say(t('account.stopped'))), {
    about: { wrongOwnPassword: 'password' },
  });
  return (
    <form className="stack" noValidate onSubmit={send}>
      <PasswordField control={form.control} name="password" label={t('account.current')} />
      <div>
        <Button danger htmlType="submit" loading={stop.isPending}>
          {t('account.stop')}
        </Button>
      </div>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data } = useQuery(staffQueries.sessions());
  const end = useMutation(endSession());
  if (!data) return <span className="skeleton" style={{ height: 60 }} />;
  return (
    <ul className="session-list">
      {data.map(({ id, agent, seenAt, isThis }) => (
        <li key={id}>
          <div>
            <b>{programOf(agent) || t('account.unknown')}</b>{' '}
            {isThis && <span className="badge good">{t('account.here')}</span>}
            <div className="quiet" title={agent}>
              {t('account.seen', { at: ago(seenAt, language) })}
            </div>
          </div>
          {!isThis && (
            <Button
              loading={end.isPending}
              onClick={() => end.mutate({ id }, { onSuccess: () => toast.say(t('account.ended')) })}
            >
              {t('account.end')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A readable name for a user agent: the browser and the system. */
function programOf(agent: string): string {
  const browser = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((name) => agent.includes(`${name}/`));
  const system = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac OS X', 'Linux'].find((name) => agent.includes(name));
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' };
  const said = [browser, system].filter((name) => name !== undefined).map((name) => names[name] ?? name);
  return said.length ? said.join(' · ') : (agent.split(' ')[0] ?? '');
}
