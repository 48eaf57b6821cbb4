import { useQuery } from '@tanstack/react-query';
import { Store } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { call } from '../api.ts';
import { useSession } from '../session.ts';
import { pathIn, tenantId } from '../tenant.ts';
import { Menu } from '../ui/Menu.tsx';
import './TenantMenu.css';

/** The maximum of one answer. A search finds the others. */
const most = 50;

const tenantsQuery = (keywords: string) => ({
  queryKey: ['tenants', keywords],
  queryFn: () => call('listTenants', { limit: most, ...(keywords && { keywords }) }),
});

/** The current tenant, and links to the others. Nothing if there are no tenants. */
export function TenantMenu() {
  const { t } = useTranslation();
  const { session } = useSession();
  const { pathname } = useLocation();
  const [search, setSearch] = useState('');
  const all = useQuery(tenantsQuery(''));
  const found = useQuery({ ...tenantsQuery(search.trim()), enabled: search.trim() !== '' });
  const current = useQuery({
    queryKey: ['tenants', 'current'],
    queryFn: () => call('getTenant', { tenantId: tenantId ?? '' }),
    enabled: tenantId !== undefined,
  });
  if (!tenantId && !all.data?.totalCount) return null;
  const shown = (search.trim() ? found.data : all.data)?.list ?? [];
  const name = tenantId ? (current.data?.name ?? tenantId) : t('app.tenants.pool');
  return (
    <Menu
      label={t('app.tenants.current', { name })}
      face={
        <>
          <Store className="icon" aria-hidden />
          <span className="wide tenant-name">{name}</span>
        </>
      }
    >
      {(all.data?.totalCount ?? 0) > most && (
        <input
          className="plain-input"
          type="search"
          aria-label={t('app.tenants.search')}
          placeholder={t('app.tenants.search')}
          value={search}
          onClick={(event) => event.stopPropagation()}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <div className="menu-scroll">
        {/* Full page loads, so that no data of one tenant shows in another. */}
        {(!session?.tenants || session.tenants.includes('')) && (
          <a role="menuitem" href={pathIn(undefined, pathname)} aria-current={tenantId ? undefined : 'true'}>
            {t('app.tenants.pool')}
          </a>
        )}
        {shown.map((tenant) => (
          <a
            key={tenant.tenantId}
            role="menuitem"
            href={pathIn(tenant.tenantId, pathname)}
            aria-current={tenant.tenantId === tenantId ? 'true' : undefined}
          >
            {tenant.name}
          </a>
        ))}
      </div>
    </Menu>
  );
}
