import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Role } from '#contract/directory';
import type { Column } from '../ui/DataTable.tsx';
import { siblingState } from '../ui/Siblings.tsx';
import { CreateTarget } from './CreateTarget.tsx';
import { ListPage } from './ListPage.tsx';
import { directoryQueries } from './queries.ts';

export function RolesPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const query = useQuery(directoryQueries.roles(params));
  const namespaces = useQuery(directoryQueries.namespaces());
  const pathOf = ({ namespace, code }: Role) => `/roles/${encodeURIComponent(namespace)}/${encodeURIComponent(code)}`;
  const state = siblingState(query.data?.list.map(pathOf));
  const columns: Column<Role>[] = [
    {
      key: 'name',
      title: t('directory.name'),
      render: (role) => (
        <>
          <Link className="row-link" to={pathOf(role)} state={state}>
            {role.name}
          </Link>
          <div className="mono">{role.code}</div>
        </>
      ),
    },
    {
      key: 'namespace',
      title: t('directory.namespace'),
      card: t('directory.namespace'),
      render: ({ namespaceName }) => namespaceName,
    },
    { key: 'description', title: t('directory.description'), render: ({ description }) => description },
  ];
  return (
    <ListPage
      targetType="ROLE"
      query={query}
      columns={columns}
      rowKey={({ id }) => id}
      actions={<CreateTarget offered={['role', 'namespace']} namespaces={namespaces.data?.list ?? []} />}
      filters={
        <Select
          allowClear
          aria-label={t('directory.namespace')}
          placeholder={t('directory.allNamespaces')}
          value={params.get('namespace')}
          popupMatchSelectWidth={false}
          options={namespaces.data?.list.map(({ code, name }) => ({ value: code, label: name })) ?? []}
          onChange={(code: string | undefined) =>
            setParams((now) => {
              if (code) now.set('namespace', code);
              else now.delete('namespace');
              now.delete('page');
              return now;
            })
          }
        />
      }
    />
  );
}
