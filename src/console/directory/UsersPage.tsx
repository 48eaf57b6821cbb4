import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { builtinFields } from '#contract/builtin';
import type { User } from '#contract/directory';
import type { Column } from '../ui/DataTable.tsx';
import { useLanguage } from '../ui/language.ts';
import { siblingState } from '../ui/Siblings.tsx';
import { CreateTarget } from './CreateTarget.tsx';
import { customColumns } from './customColumns.tsx';
import { ListPage } from './ListPage.tsx';
import { directoryQueries } from './queries.ts';

const statuses = builtinFields.USER.find(({ key }) => key === 'status')?.options ?? [];

export function UsersPage() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params] = useSearchParams();
  const query = useQuery(directoryQueries.users(params));
  const fields = useQuery(directoryQueries.columns('USER'));
  const state = siblingState(query.data?.list.map(({ userId }) => `/users/${userId}`));
  const columns: Column<User>[] = [
    {
      key: 'name',
      title: t('directory.name'),
      render: (user) => (
        <>
          <Link className="row-link" to={`/users/${user.userId}`} state={state}>
            {user.name || user.username || user.email || user.userId}
          </Link>
          <div className="mono">{user.username}</div>
        </>
      ),
    },
    { key: 'email', title: t('directory.email'), render: ({ email }) => email },
    { key: 'phone', title: t('directory.phone'), className: 'nowrap', render: ({ phone }) => phone },
    {
      key: 'status',
      title: t('directory.status'),
      render: ({ status }) => (
        <span className={status === 'Activated' ? 'badge good' : 'badge caution'}>
          {statuses.find(({ value }) => value === status)?.labels[language] ?? status}
        </span>
      ),
    },
    ...customColumns<User>(fields.data, language),
  ];
  return (
    <ListPage
      targetType="USER"
      query={query}
      columns={columns}
      rowKey={({ userId }) => userId}
      actions={<CreateTarget offered={['user']} />}
    />
  );
}
