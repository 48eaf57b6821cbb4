import { type ComponentType, lazy, type ReactElement, Suspense } from 'react';
import { createBrowserRouter, Navigate, useRouteError } from 'react-router';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { loadTexts, type Slice } from './i18n/index.ts';
import { kinds } from './kinds.ts';
import { patiently } from './reach.ts';
import { useSession } from './session.ts';
import { Shell } from './shell/Shell.tsx';
import { PageWait } from './shell/ShellWait.tsx';
import { basename } from './tenant.ts';
import { ErrorPage } from './ui/ErrorPage.tsx';

/** A lazy page, with the texts that only it needs. While it loads, its outline shows in the shell. */
function page<P extends object>(load: () => Promise<ComponentType<P>>, ...texts: Slice[]): ComponentType<P> {
  const Loaded = lazy(async () => {
    const [component] = await Promise.all([patiently(load), ...texts.map((one) => patiently(() => loadTexts(one)))]);
    return { default: component };
  }) as ComponentType<P>;
  return function Page(props: P) {
    return (
      <Suspense fallback={<PageWait />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

const Fields = page(async () => (await import('./fields/FieldsPage.tsx')).FieldsPage, 'fields');
const Field = page(async () => (await import('./fields/editor/FieldPage.tsx')).FieldPage, 'fields');
const Builtin = page(async () => (await import('./fields/BuiltinPage.tsx')).BuiltinPage, 'fields');
const Translations = page(
  async () => (await import('./fields/translations/TranslationsPage.tsx')).TranslationsPage,
  'fields',
);
const Preview = page(async () => (await import('./fields/PreviewPage.tsx')).PreviewPage, 'fields');
const Files = page(async () => (await import('./fields/files/FilesPage.tsx')).FilesPage, 'fields');
const Trash = page(async () => (await import('./fields/TrashPage.tsx')).TrashPage, 'fields');
const Health = page(async () => (await import('./fields/HealthPage.tsx')).HealthPage, 'fields');
const Targets = page(async () => (await import('./directory/TargetsPage.tsx')).TargetsPage, 'lists');
const Roles = page(async () => (await import('./directory/RolesPage.tsx')).RolesPage, 'lists');
const Departments = page(async () => (await import('./directory/DepartmentsPage.tsx')).DepartmentsPage, 'lists');
const Target = page(async () => (await import('./values/TargetPage.tsx')).TargetPage);
const Activity = page(async () => (await import('./activity/ActivityPage.tsx')).ActivityPage, 'activity', 'fields');
const Keys = page(async () => (await import('./staff/KeysPage.tsx')).KeysPage, 'settings');
const Staff = page(async () => (await import('./staff/StaffPage.tsx')).StaffPage, 'settings');
const StaffRoles = page(async () => (await import('./staff/StaffRolesPage.tsx')).StaffRolesPage, 'settings');
const Overview = page(async () => (await import('./overview/OverviewPage.tsx')).OverviewPage, 'overview');
const Account = page(async () => (await import('./staff/AccountPage.tsx')).AccountPage, 'settings');

/** Lists that have more than rows. */
const ownLists: Partial<Record<TargetType, ReactElement>> = { ROLE: <Roles />, DEPARTMENT: <Departments /> };

/** The pages of a target type: its list; and of one target its form, its history, and what the API tells of it. */
function pagesOf(targetType: TargetType) {
  const { page, isNamespaced } = kinds[targetType];
  const path = `${page}${isNamespaced ? '/:namespace' : ''}/:id`;
  return [
    // Keyed, so that nothing of one list stays in the next.
    { path: page, element: ownLists[targetType] ?? <Targets key={targetType} targetType={targetType} /> },
    { path, element: <Target targetType={targetType} /> },
    { path: `${path}/history`, element: <Target targetType={targetType} tab="history" /> },
    { path: `${path}/raw`, element: <Target targetType={targetType} tab="raw" /> },
  ];
}

const routes = [
  { path: '/', element: <Landing /> },
  { path: '/fields', element: <Navigate to="/fields/USER" replace /> },
  { path: '/fields/:targetType', element: <Fields /> },
  { path: '/fields/:targetType/new', element: <Field /> },
  { path: '/fields/USER/built-in', element: <Builtin /> },
  { path: '/fields/USER/built-in/:key/:tab?', element: <Field builtin /> },
  { path: '/fields/:targetType/translations', element: <Translations /> },
  { path: '/fields/:targetType/preview', element: <Preview /> },
  { path: '/fields/:targetType/files', element: <Files /> },
  { path: '/fields/:targetType/trash', element: <Trash /> },
  { path: '/fields/:targetType/:key/health', element: <Health /> },
  { path: '/fields/:targetType/:key/:tab?', element: <Field /> },
  ...targetTypes.flatMap(pagesOf),
  { path: '/activity', element: <Activity /> },
  { path: '/settings', element: <Navigate to="/settings/keys" replace /> },
  { path: '/settings/keys', element: <Keys /> },
  { path: '/settings/staff', element: <Staff /> },
  { path: '/settings/roles', element: <StaffRoles /> },
  { path: '/account', element: <Account /> },
  { path: '*', element: <MissingPage /> },
];

/** Every page of the console, inside the shell, which stays when a page breaks. */
export const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <BrokenPage />,
      children: [{ errorElement: <BrokenPage />, children: routes }],
    },
  ],
  { basename },
);

function BrokenPage() {
  const error = useRouteError();
  return (
    <ErrorPage
      error={error instanceof Error ? error : new Error(String(error))}
      onRetry={() => window.location.reload()}
    />
  );
}

/** People land where their work is. */
function Landing() {
  const { can } = useSession();
  if (can('define')) return <Overview />;
  return <Navigate to={can('write') || !can('activity') ? '/users' : '/activity'} replace />;
}

function MissingPage() {
  return <ErrorPage error={new ApiError('notFound')} />;
}
