import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ListPage } from '../lists/ListPage.tsx';
import { fromStart } from '../sort.ts';
import { CreateTarget } from './CreateTarget.tsx';
import { NamespaceActions } from './NamespaceActions.tsx';
import { directoryQueries } from './queries.ts';

export function RolesPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const namespaces = useQuery(directoryQueries.namespaces());
  const chosen = namespaces.data?.list.find(({ code }) => code === params.get('namespace'));
  return (
    <ListPage
      targetType="ROLE"
      actions={<CreateTarget offered={['role', 'namespace']} namespaces={namespaces.data?.list ?? []} />}
      controls={
        <>
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
                return fromStart(now);
              })
            }
          />
          {chosen && <NamespaceActions key={chosen.code} namespace={chosen} />}
        </>
      }
    />
  );
}
