import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Copy } from 'lucide-react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { endpoints } from '#contract/endpoints';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { moment } from '../ui/when.ts';
import { invite, revokeInvitation, staffQueries } from './queries.ts';

const { input } = endpoints.inviteStaff;
const invitation = input.extend({ email: z.string().trim().min(1).pipe(input.shape.email) });

/** Asks whom to invite as what; then tells the link, this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: roles = [] } = useQuery(rolesQuery());
  const make = useMutation(invite());
  const form = useForm({
    resolver: judgedBy(invitation),
    defaultValues: { email: '', name: '', role: 'support' },
  });
  if (make.data) {
    const link = `${window.location.origin}/invite#${make.data.token}`;
    return (
      <Dialog title={t('people.link')} size="medium" stays onClose={onClose}>
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
  return (
    <DialogForm
      title={t('people.inviteTitle')}
      size="medium"
      form={form}
      submitLabel={t('people.inviteIt')}
      onSubmit={make.mutateAsync}
      onClose={onClose}
    >
      <p className="quiet">{t('people.inviteText')}</p>
      <BoundField control={form.control} name="email" label={t('people.email')}>
        {(props) => <Input {...props} autoFocus type="email" maxLength={320} />}
      </BoundField>
      <BoundField control={form.control} name="name" label={t('people.name')}>
        {(props) => <Input {...props} maxLength={128} />}
      </BoundField>
      <BoundField control={form.control} name="role" label={t('people.role')}>
        {(props) => <Select {...props} options={roles.map((one) => ({ value: one.id, label: roleName(one, t) }))} />}
      </BoundField>
    </DialogForm>
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
