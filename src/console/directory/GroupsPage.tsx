import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Group } from '#contract/directory';
import type { Column } from '../ui/DataTable.tsx';
import { useLanguage } from '../ui/language.ts';
import { siblingState } from '../ui/Siblings.tsx';
import { CreateTarget } from './CreateTarget.tsx';
import { customColumns } from './customColumns.tsx';
import { ListPage } from './ListPage.tsx';
import { directoryQueries } from './queries.ts';

export function GroupsPage() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params] = useSearchParams();
  const query = useQuery(directoryQueries.groups(params));
  const fields = useQuery(directoryQueries.columns('GROUP'));
  const state = siblingState(query.data?.list.map(({ code }) => `/groups/${encodeURIComponent(code)}`));
  const columns: Column<Group>[] = [
    {
      key: 'name',
      title: t('directory.name'),
      render: (group) => (
        <>
          <Link className="row-link" to={`/groups/${encodeURIComponent(group.code)}`} state={state}>
            {group.name}
          </Link>
          <div className="mono">{group.code}</div>
        </>
      ),
    },
    { key: 'description', title: t('directory.description'), render: ({ description }) => description },
    ...customColumns<Group>(fields.data, language),
  ];
  return (
    <ListPage
      targetType="GROUP"
      query={query}
      columns={columns}
      rowKey={({ id }) => id}
      actions={<CreateTarget offered={['group']} />}
    />
  );
}
