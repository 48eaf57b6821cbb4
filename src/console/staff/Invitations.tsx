import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormField } from '../inputs/FormField.tsx';
import { oneOf } from '../inputs/issuesByControl.ts';
import { placeIssues } from '../inputs/placeIssues.ts';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { moment } from '../ui/when.ts';
import { invite, revokeInvitation, staffQueries } from './queries.ts';

/** Asks whom to invite and with which role. Then shows the link once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: roles = [] } = useQuery(rolesQuery());
  const make = useMutation(invite());
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState('support');
  const [errors, setErrors] = useState<Record<string, string>>({});
  if (make.data) {
    const link = `${window.location.origin}/invite#${make.data.token}`;
    return (
      <Dialog title={t('people.link')} className="key-dialog" stays onClose={onClose}>
        <p className="quiet">{t('people.linkOnce')}</p>
        <p className="told">
          <code>{link}</code>
        </p>
        <footer>
          <Button
            icon={<Copy className="icon" aria-hidden />}
            onClick={() => void navigator.clipboard.writeText(link).then(() => toast.say(t('people.copied')))}
          >
            {t('people.copyLink')}
          </Button>
          <Button type="primary" autoFocus onClick={onClose}>
            {t('app.done')}
          </Button>
        </footer>
      </Dialog>
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!email.trim()) return setErrors({ email: 'required' });
    make.mutate(
      { email, name, role },
      {
        onError: (error) => setErrors(placeIssues(error, oneOf('email', 'name', 'role'))),
      },
    );
  }
  return (
    <Dialog title={t('people.inviteTitle')} className="key-dialog" onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <p className="quiet">{t('people.inviteText')}</p>
        <FormField label={t('people.email')} error={errors.email}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              type="email"
              maxLength={320}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </FormField>
        <FormField label={t('people.name')} error={errors.name}>
          {(control) => (
            <Input {...control} maxLength={128} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </FormField>
        <FormField label={t('people.role')} error={errors.role ?? errors.rights}>
          {(control) => (
            <Select
              {...control}
              value={role}
              options={roles.map((one) => ({ value: one.id, label: roleName(one, t) }))}
              onChange={setRole}
            />
          )}
        </FormField>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {t('people.inviteIt')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Invitations that nobody has accepted yet. */
export function OpenInvitations() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data } = useQuery(staffQueries.invitations());
  const { data: roles = [] } = useQuery(rolesQuery());
  const revoke = useMutation(revokeInvitation());
  if (!data?.length) return null;
  return (
    <section className="card" style={{ marginTop: 16 }}>
      <h2>{t('people.open')}</h2>
      <ul className="session-list">
        {data.map(({ id, email, role, invitedBy, isValid, expiresAt }) => {
          const own = roles.find((one) => one.id === role);
          return (
            <li key={id}>
              <div>
                <b>{email}</b> <span className="badge">{own ? roleName(own, t) : role}</span>
                <div className="quiet">
                  {t('people.by', { name: invitedBy })} · {t('people.until', { at: moment(expiresAt, language) })}
                </div>
                {!isValid && <div className="note caution">{t('people.notValid', { name: invitedBy })}</div>}
              </div>
              <Button
                onClick={() => revoke.mutate({ id }, { onSuccess: () => toast.say(t('people.revoked', { email })) })}
              >
                {t('people.revoke')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
