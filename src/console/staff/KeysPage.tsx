import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Ban, Ellipsis, Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessKey, keyStateOf } from '#contract/key';
import { ApiError } from '#contract/wire/errors';
import { useSession } from '../session.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { Menu } from '../ui/Menu.tsx';
import { toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { NewKey, RotateKey } from './KeyDialogs.tsx';
import { revokeKey, staffQueries } from './queries.ts';
import { SettingsFrame } from './SettingsFrame.tsx';

/** The access keys: their permissions, last use and expiry. */
export function KeysPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const [dialog, setDialog] = useState<'new' | { rotate: AccessKey } | { revoke: AccessKey }>();
  const { data, error, refetch } = useQuery({ ...staffQueries.keys(), enabled: can('staff') });
  if (!can('staff')) return <ErrorPage error={new ApiError('forbidden')} />;
  const now = new Date().toISOString();
  const when = (at: string) => (
    <time dateTime={at} title={moment(at, language)}>
      {ago(at, language)}
    </time>
  );
  const columns: Column<AccessKey>[] = [
    {
      key: 'name',
      title: t('keys.name'),
      render: ({ name, id }) => (
        <>
          <b className="key-name">{name}</b>
          <div className="mono">{id}</div>
        </>
      ),
    },
    {
      key: 'scopes',
      title: t('keys.scopes'),
      render: ({ scopes }) => (
        <span className="key-scopes">
          {scopes.map((scope) => (
            <span key={scope} className={scope === 'reveal' ? 'badge caution' : 'badge'}>
              {t(`keys.scope.${scope}`)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'created',
      title: t('keys.created'),
      card: t('keys.created'),
      className: 'nowrap',
      render: ({ createdAt, createdBy }) => (
        <>
          {when(createdAt)}
          <div className="quiet">{createdBy}</div>
        </>
      ),
    },
    {
      key: 'used',
      title: t('keys.used'),
      card: t('keys.used'),
      className: 'nowrap',
      render: ({ lastUsedAt }) => (lastUsedAt ? when(lastUsedAt) : t('keys.never')),
    },
    {
      key: 'state',
      title: t('keys.state'),
      card: t('keys.state'),
      render: (key) => (
        <>
          <span className={keyStateOf(key, now) === 'active' ? 'badge good' : 'badge caution'}>
            {t(`keys.states.${keyStateOf(key, now)}`)}
          </span>
          <div className="quiet">
            {key.expiresAt && !key.revokedAt && t('keys.until', { at: moment(key.expiresAt, language) })}
            {key.formerUntil &&
              key.formerUntil > now &&
              ` ${t('keys.formerUntil', { at: moment(key.formerUntil, language) })}`}
          </div>
        </>
      ),
    },
    {
      key: 'actions',
      title: <span className="hidden-text">{t('app.actions')}</span>,
      className: 'actions',
      render: (key) =>
        keyStateOf(key, now) !== 'revoked' && (
          <Menu label={t('app.actionsOf', { label: key.name })} face={<Ellipsis className="icon" aria-hidden />}>
            <button type="button" role="menuitem" onClick={() => setDialog({ rotate: key })}>
              <RefreshCw className="icon" aria-hidden />
              {t('keys.rotate')}
            </button>
            <button type="button" role="menuitem" className="danger" onClick={() => setDialog({ revoke: key })}>
              <Ban className="icon" aria-hidden />
              {t('keys.revoke')}
            </button>
          </Menu>
        ),
    },
  ];
  const close = () => setDialog(undefined);
  return (
    <SettingsFrame
      title={t('keys.title')}
      subtitle={t('keys.subtitle')}
      actions={
        <Button type="primary" icon={<Plus className="icon" aria-hidden />} onClick={() => setDialog('new')}>
          {t('keys.new')}
        </Button>
      }
    >
      {error && !data ? (
        <ErrorPage error={error} onRetry={() => refetch()} />
      ) : data?.length === 0 ? (
        <Empty title={t('keys.empty')} text={t('keys.emptyText')} />
      ) : (
        <DataTable label={t('keys.title')} columns={columns} rows={data} rowKey={({ id }) => id} />
      )}
      {dialog === 'new' && <NewKey onClose={close} />}
      {typeof dialog === 'object' && 'rotate' in dialog && <RotateKey accessKey={dialog.rotate} onClose={close} />}
      {typeof dialog === 'object' && 'revoke' in dialog && <RevokeKey accessKey={dialog.revoke} onClose={close} />}
    </SettingsFrame>
  );
}

function RevokeKey({ accessKey: { id, name }, onClose }: { accessKey: AccessKey; onClose: () => void }) {
  const { t } = useTranslation();
  const revoke = useMutation(revokeKey());
  return (
    <Dialog title={t('keys.revokeTitle', { name })} onClose={onClose}>
      <p>{t('keys.revokeText')}</p>
      <footer>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button
          danger
          loading={revoke.isPending}
          onClick={() =>
            revoke.mutateAsync({ id }).then(
              () => {
                toast.say(t('keys.revoked', { name }));
                onClose();
              },
              () => undefined,
            )
          }
        >
          {t('keys.revoke')}
        </Button>
      </footer>
    </Dialog>
  );
}
