import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Ellipsis, Eye, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffRole } from '#contract/staff';
import { ApiError } from '#contract/wire/errors';
import { useSession } from '../session.ts';
import { ViewAs } from '../shell/ViewAs.tsx';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { listOf, useLanguage } from '../ui/language.ts';
import { Menu } from '../ui/Menu.tsx';
import { toast } from '../ui/toasts.ts';
import { deleteRole } from './queries.ts';
import { RoleDialog, useTenants } from './RoleDialog.tsx';
import { SettingsFrame } from './SettingsFrame.tsx';

/** The console roles: permissions, tenants, and the number of accounts. */
export function StaffRolesPage() {
  const { t } = useTranslation();
  const { can, session } = useSession();
  const language = useLanguage();
  const { data, error, refetch } = useQuery({ ...rolesQuery(), enabled: can('staff') });
  const nameOfTenant = useTenants(data?.flatMap(({ tenants }) => tenants ?? []) ?? []);
  const remove = useMutation(deleteRole());
  const [edited, setEdited] = useState<StaffRole | 'new'>();
  const [viewed, setViewed] = useState<string>();
  if (!can('staff')) return <ErrorPage error={new ApiError('forbidden')} />;
  const columns: Column<StaffRole>[] = [
    {
      key: 'name',
      title: t('roles.name'),
      render: (role) => (
        <>
          <b className="key-name">{roleName(role, t)}</b>
          <div className="quiet">{t(role.isPreset ? 'roles.ready' : 'roles.own')}</div>
        </>
      ),
    },
    {
      key: 'rights',
      title: t('roles.rights'),
      card: t('roles.rights'),
      render: ({ rights }) => (
        <span className="key-scopes">
          {rights.map((right) => (
            <span key={right} className="badge">
              {t(`keys.scope.${right}`)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'tenants',
      title: t('roles.tenants'),
      className: 'nowrap',
      card: t('roles.tenants'),
      render: ({ tenants }) => (tenants ? listOf(tenants.map(nameOfTenant), language) : t('roles.allTenants')),
    },
    { key: 'people', title: t('roles.people'), card: t('roles.people'), render: ({ people }) => people },
    {
      key: 'actions',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      className: 'actions',
      render: (role) => {
        const name = roleName(role, t);
        return (
          <Menu label={t('app.actionsOf', { label: name })} face={<Ellipsis className="icon" aria-hidden />}>
            <button type="button" role="menuitem" onClick={() => setViewed(role.id)}>
              <Eye className="icon" aria-hidden />
              {t('roles.viewAs')}
            </button>
            {!role.isPreset && role.id !== session?.role.id && (
              <>
                <button type="button" role="menuitem" onClick={() => setEdited(role)}>
                  <Pencil className="icon" aria-hidden />
                  {t('roles.edit')}
                </button>
                <button
                  type="button"
                  role="menuitem"
                  className="danger"
                  disabled={role.people !== 0}
                  onClick={() =>
                    remove.mutate({ id: role.id }, { onSuccess: () => toast.say(t('roles.deleted', { name })) })
                  }
                >
                  <Trash2 className="icon" aria-hidden />
                  {t('roles.delete')}
                </button>
              </>
            )}
          </Menu>
        );
      },
    },
  ];
  return (
    <SettingsFrame
      title={t('roles.title')}
      subtitle={t('roles.subtitle')}
      actions={
        <Button type="primary" icon={<Plus className="icon" aria-hidden />} onClick={() => setEdited('new')}>
          {t('roles.new')}
        </Button>
      }
    >
      {error && !data ? (
        <ErrorPage error={error} onRetry={() => refetch()} />
      ) : (
        <DataTable label={t('roles.title')} columns={columns} rows={data} rowKey={({ id }) => id} />
      )}
      {edited && (
        <RoleDialog
          key={edited === 'new' ? '' : edited.id}
          role={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {viewed && <ViewAs given={viewed} onClose={() => setViewed(undefined)} />}
    </SettingsFrame>
  );
}
