import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Department, Organization } from '#contract/directory';
import { ListPage } from '../lists/ListPage.tsx';
import { useSession } from '../session.ts';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { CreateTarget } from './CreateTarget.tsx';
import { directoryQueries } from './queries.ts';
import './DepartmentsPage.css';

/** The departments of all organizations: trees that load on demand, or a list during a search or filter. */
export function DepartmentsPage() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const { data, error, refetch } = useQuery(directoryQueries.organizations());
  const chosen =
    data?.list.find(({ organizationCode }) => organizationCode === params.get('organization')) ?? data?.list[0];
  return (
    <ListPage
      targetType="DEPARTMENT"
      // A department needs an organization.
      actions={
        data && (
          <CreateTarget
            offered={chosen ? ['department', 'organization'] : ['organization']}
            organization={chosen?.organizationCode}
          />
        )
      }
      tree={
        error && !data ? (
          <ErrorPage error={error} onRetry={() => refetch()} />
        ) : data?.list.length === 0 ? (
          <Empty title={t('directory.empty.title.DEPARTMENT')} text={t('directory.empty.text')} />
        ) : (
          <>
            <nav className="tabs" aria-label={t('directory.organizations')}>
              {data?.list.map((organization) => (
                <Link
                  key={organization.organizationCode}
                  to={`/departments?organization=${encodeURIComponent(organization.organizationCode)}`}
                  aria-current={organization === chosen ? 'page' : undefined}
                >
                  {organization.organizationName}
                </Link>
              ))}
              <Link to="/departments?as=list">{t('lists.all')}</Link>
            </nav>
            {chosen && <Tree key={chosen.organizationCode} organization={chosen} />}
          </>
        )
      }
    />
  );
}

function Tree({ organization }: { organization: Organization }) {
  const { t } = useTranslation();
  return (
    <div className="card tree">
      <p className="tree-row">
        <Link to={`/departments/${organization.departmentId}`}>{organization.organizationName}</Link>
        <span className="mono">{organization.organizationCode}</span>
        <span className="quiet">{t('directory.members', { count: organization.membersCount })}</span>
      </p>
      <Branch
        organizationCode={organization.organizationCode}
        departmentId={organization.departmentId}
        label={organization.organizationName}
      />
    </div>
  );
}

function Branch({
  organizationCode,
  departmentId,
  label,
}: {
  organizationCode: string;
  departmentId: string;
  label: string;
}) {
  const { data, error, refetch } = useQuery(directoryQueries.children(organizationCode, departmentId));
  if (error) return <ErrorPage error={error} onRetry={() => refetch()} />;
  if (!data) return <span className="skeleton" style={{ width: 220, margin: '10px 36px' }} />;
  return (
    <ul aria-label={label}>
      {data.list.map((department) => (
        <Node key={department.departmentId} department={department} />
      ))}
    </ul>
  );
}

function Node({ department }: { department: Department }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const { departmentId, name, code, membersCount, hasChildren, organizationCode } = department;
  const open = params.getAll('open').includes(departmentId);
  const toggle = () =>
    setParams(
      (now) => {
        const others = now.getAll('open').filter((id) => id !== departmentId);
        now.delete('open');
        for (const id of open ? others : [...others, departmentId]) now.append('open', id);
        return now;
      },
      { replace: true },
    );
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <li>
      <div className="tree-row">
        {hasChildren ? (
          <button
            type="button"
            className="icon-button"
            aria-expanded={open}
            aria-label={t(open ? 'directory.fold' : 'directory.unfold', { name })}
            onClick={toggle}
          >
            <Icon className="icon" aria-hidden />
          </button>
        ) : (
          <span className="tree-gap" />
        )}
        <Link to={`/departments/${departmentId}`}>{name}</Link>
        <span className="mono">{code}</span>
        <span className="quiet">{t('directory.members', { count: membersCount })}</span>
        {can('directory') && (
          <button
            type="button"
            className="icon-button"
            aria-label={t('directory.addBelow', { name })}
            title={t('directory.addBelow', { name })}
            onClick={() =>
              setParams((now) => {
                now.set('organization', organizationCode);
                now.set('create', 'department');
                now.set('below', departmentId);
                return now;
              })
            }
          >
            <Plus className="icon" aria-hidden />
          </button>
        )}
      </div>
      {open && hasChildren && <Branch organizationCode={organizationCode} departmentId={departmentId} label={name} />}
    </li>
  );
}
