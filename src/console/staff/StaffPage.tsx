import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { Ban, Ellipsis, KeyRound, LogOut, Plus, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Person } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import { useSession } from '../session.ts';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { Menu } from '../ui/Menu.tsx';
import { type Toast, toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { InviteDialog, OpenInvitations } from './Invitations.tsx';
import { changeStaff, resetTotp, signOutStaff, staffQueries } from './queries.ts';
import { SettingsFrame } from './SettingsFrame.tsx';

/** The team: roles, sessions, and disabling accounts. */
export function StaffPage() {
  const { t } = useTranslation();
  const { can, session } = useSession();
  const language = useLanguage();
  const { data, error, refetch } = useQuery({ ...staffQueries.people(), enabled: can('staff') });
  const { data: roles = [] } = useQuery({ ...rolesQuery(), enabled: can('staff') });
  const nameOf = (id: string) => {
    const found = roles.find((role) => role.id === id);
    return found ? roleName(found, t) : id;
  };
  const change = useMutation(changeStaff());
  const [params, setParams] = useSearchParams();
  /** The URL opens the dialog, so that a command can. */
  const invite = (isOpen: boolean) =>
    setParams((now) => {
      if (isOpen) now.set('invite', '');
      else now.delete('invite');
      return now;
    });
  if (!can('staff')) return <ErrorPage error={new ApiError('forbidden')} />;
  const isSelf = ({ email }: Person) => email === session?.email;
  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: t('people.name'),
      render: ({ name, email }) => (
        <>
          <b className="key-name">{name}</b>
          <div className="quiet">{email}</div>
        </>
      ),
    },
    {
      key: 'role',
      title: t('people.role'),
      card: t('people.role'),
      render: (person) =>
        isSelf(person) ? (
          nameOf(person.role)
        ) : (
          <Select
            aria-label={t('people.roleOf', { name: person.name })}
            value={person.role}
            disabled={person.disabledAt !== null}
            popupMatchSelectWidth={false}
            options={roles.map((role) => ({ value: role.id, label: roleName(role, t) }))}
            onChange={(role) =>
              say(change.mutateAsync({ id: person.id, role }), t('people.changed', { name: person.name }), {
                label: t('app.undo'),
                run: () => say(change.mutateAsync({ id: person.id, role: person.role }), t('people.changed', person)),
              })
            }
          />
        ),
    },
    {
      key: 'signed-in',
      title: t('people.signedIn'),
      card: t('people.signedIn'),
      render: ({ signedInAt, sessions }) =>
        signedInAt ? (
          <>
            <time dateTime={signedInAt} title={moment(signedInAt, language)}>
              {ago(signedInAt, language)}
            </time>
            <div className="quiet">{t('people.sessions', { count: sessions })}</div>
          </>
        ) : (
          t('people.notIn')
        ),
    },
    {
      key: 'state',
      title: t('keys.state'),
      card: t('keys.state'),
      render: ({ disabledAt, hasTotp, issuer }) => (
        <>
          <span className={disabledAt ? 'badge caution' : 'badge good'}>
            {t(disabledAt ? 'people.disabled' : 'people.active')}
          </span>{' '}
          {hasTotp && <span className="badge">{t('people.twoStep')}</span>}
          {issuer && (
            <span className="badge" title={issuer}>
              {t('people.provider')}
            </span>
          )}
        </>
      ),
    },
    {
      key: 'actions',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      className: 'actions',
      render: (person) => <PersonMenu person={person} isSelf={isSelf(person)} />,
    },
  ];
  return (
    <SettingsFrame
      title={t('people.title')}
      subtitle={t('people.subtitle')}
      actions={
        <Button type="primary" icon={<Plus className="icon" aria-hidden />} onClick={() => invite(true)}>
          {t('people.invite')}
        </Button>
      }
    >
      {error && !data ? (
        <ErrorPage error={error} onRetry={() => refetch()} />
      ) : (
        <DataTable label={t('people.title')} columns={columns} rows={data} rowKey={({ id }) => id} />
      )}
      <OpenInvitations />
      {params.has('invite') && <InviteDialog onClose={() => invite(false)} />}
    </SettingsFrame>
  );
}

/** Says that something is done. The mutation cache shows an error. */
const say = (work: Promise<unknown>, said: string, undo?: Toast['action']) =>
  void work.then(
    () => toast.say(said, undo),
    () => undefined,
  );

/** Actions on an account. Nobody disables or resets their own. */
function PersonMenu({ person, isSelf }: { person: Person; isSelf: boolean }) {
  const { t } = useTranslation();
  const change = useMutation(changeStaff());
  const leave = useMutation(signOutStaff());
  const reset = useMutation(resetTotp());
  const { id, name, disabledAt, sessions, hasTotp } = person;
  return (
    <Menu label={t('app.actionsOf', { label: name })} face={<Ellipsis className="icon" aria-hidden />}>
      <button
        type="button"
        role="menuitem"
        disabled={sessions === 0}
        onClick={() => say(leave.mutateAsync({ id }), t('people.signedOut', { name }))}
      >
        <LogOut className="icon" aria-hidden />
        {t('people.signOut')}
      </button>
      {!isSelf && hasTotp && (
        <button
          type="button"
          role="menuitem"
          onClick={() => say(reset.mutateAsync({ id }), t('people.totpResetDone', { name }))}
        >
          <KeyRound className="icon" aria-hidden />
          {t('people.resetTotp')}
        </button>
      )}
      {!isSelf && (
        <button
          type="button"
          role="menuitem"
          className={disabledAt ? '' : 'danger'}
          onClick={() =>
            say(
              change.mutateAsync({ id, isDisabled: !disabledAt }),
              t(disabledAt ? 'people.enabledAgain' : 'people.isDisabled', { name }),
            )
          }
        >
          {disabledAt ? <RotateCcw className="icon" aria-hidden /> : <Ban className="icon" aria-hidden />}
          {t(disabledAt ? 'people.enable' : 'people.disable')}
        </button>
      )}
    </Menu>
  );
}
