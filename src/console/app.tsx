import { ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import { lazy, Suspense, useEffect, useState } from 'react';
import { createBrowserRouter, Navigate, RouterProvider, useRouteError } from 'react-router';
import { ApiError } from '#contract/errors';
import type { Language } from '#contract/target';
import { loadTexts, type Slice } from './i18n/index.ts';
import { basename } from './tenant.ts';
import { ErrorPage } from './ui/ErrorPage.tsx';
import { useLanguage } from './ui/language.ts';
import { Shell } from './ui/Shell.tsx';
import { antdTheme } from './ui/theme.ts';
import { useTheme } from './ui/theme-choice.ts';
import './ui/ui.css';

const FieldsPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/FieldsPage.tsx').then((m) => ({ default: m.FieldsPage })),
  ),
);
const FieldPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/FieldPage.tsx').then((m) => ({ default: m.FieldPage })),
  ),
);
const BuiltinPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/BuiltinPage.tsx').then((m) => ({ default: m.BuiltinPage })),
  ),
);
const TranslationsPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/TranslationsPage.tsx').then((m) => ({ default: m.TranslationsPage })),
  ),
);
const PreviewPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/PreviewPage.tsx').then((m) => ({ default: m.PreviewPage })),
  ),
);
const FilesPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/FilesPage.tsx').then((m) => ({ default: m.FilesPage })),
  ),
);
const BinPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/BinPage.tsx').then((m) => ({ default: m.BinPage })),
  ),
);
const HealthPage = lazy(() =>
  withTexts(
    'fields',
    import('./fields/HealthPage.tsx').then((m) => ({ default: m.HealthPage })),
  ),
);
const KeysPage = lazy(() =>
  withTexts(
    'settings',
    import('./staff/KeysPage.tsx').then((m) => ({ default: m.KeysPage })),
  ),
);
const StaffPage = lazy(() =>
  withTexts(
    'settings',
    import('./staff/StaffPage.tsx').then((m) => ({ default: m.StaffPage })),
  ),
);
const AccountPage = lazy(() =>
  withTexts(
    'settings',
    import('./staff/AccountPage.tsx').then((m) => ({ default: m.AccountPage })),
  ),
);
const StaffRolesPage = lazy(() =>
  withTexts(
    'settings',
    import('./staff/StaffRolesPage.tsx').then((m) => ({ default: m.StaffRolesPage })),
  ),
);
const ActivityPage = lazy(() =>
  withTexts(
    'activity',
    import('./activity/ActivityPage.tsx').then((m) => ({ default: m.ActivityPage })),
  ),
);
const UsersPage = lazy(() =>
  withTexts(
    'lists',
    import('./directory/UsersPage.tsx').then((m) => ({ default: m.UsersPage })),
  ),
);
const RolesPage = lazy(() =>
  withTexts(
    'lists',
    import('./directory/RolesPage.tsx').then((m) => ({ default: m.RolesPage })),
  ),
);
const GroupsPage = lazy(() =>
  withTexts(
    'lists',
    import('./directory/GroupsPage.tsx').then((m) => ({ default: m.GroupsPage })),
  ),
);
const DepartmentsPage = lazy(() =>
  withTexts(
    'lists',
    import('./directory/DepartmentsPage.tsx').then((m) => ({ default: m.DepartmentsPage })),
  ),
);
const TargetPage = lazy(() => import('./values/TargetPage.tsx').then((m) => ({ default: m.TargetPage })));

/** A page with the texts that it alone needs. */
async function withTexts<T>(slice: Slice, page: Promise<T>): Promise<T> {
  await loadTexts(slice);
  return page;
}

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <BrokenPage />,
      children: [
        { path: '/', element: <Navigate to="/fields/USER" replace /> },
        { path: '/fields', element: <Navigate to="/fields/USER" replace /> },
        { path: '/fields/:targetType', element: <FieldsPage /> },
        { path: '/fields/:targetType/new', element: <FieldPage /> },
        { path: '/fields/USER/built-in', element: <BuiltinPage /> },
        { path: '/fields/USER/built-in/:key', element: <FieldPage builtin /> },
        { path: '/fields/:targetType/translations', element: <TranslationsPage /> },
        { path: '/fields/:targetType/preview', element: <PreviewPage /> },
        { path: '/fields/:targetType/files', element: <FilesPage /> },
        { path: '/fields/:targetType/bin', element: <BinPage /> },
        { path: '/fields/:targetType/:key', element: <FieldPage /> },
        { path: '/fields/:targetType/:key/health', element: <HealthPage /> },
        { path: '/users', element: <UsersPage /> },
        { path: '/users/:id', element: <TargetPage targetType="USER" /> },
        { path: '/users/:id/history', element: <TargetPage targetType="USER" tab="history" /> },
        { path: '/users/:id/raw', element: <TargetPage targetType="USER" tab="raw" /> },
        { path: '/roles', element: <RolesPage /> },
        { path: '/roles/:namespace/:id', element: <TargetPage targetType="ROLE" /> },
        { path: '/roles/:namespace/:id/history', element: <TargetPage targetType="ROLE" tab="history" /> },
        { path: '/roles/:namespace/:id/raw', element: <TargetPage targetType="ROLE" tab="raw" /> },
        { path: '/groups', element: <GroupsPage /> },
        { path: '/groups/:id', element: <TargetPage targetType="GROUP" /> },
        { path: '/groups/:id/history', element: <TargetPage targetType="GROUP" tab="history" /> },
        { path: '/groups/:id/raw', element: <TargetPage targetType="GROUP" tab="raw" /> },
        { path: '/departments', element: <DepartmentsPage /> },
        { path: '/departments/:id', element: <TargetPage targetType="DEPARTMENT" /> },
        { path: '/departments/:id/history', element: <TargetPage targetType="DEPARTMENT" tab="history" /> },
        { path: '/departments/:id/raw', element: <TargetPage targetType="DEPARTMENT" tab="raw" /> },
        { path: '/activity', element: <ActivityPage /> },
        { path: '/settings', element: <Navigate to="/settings/keys" replace /> },
        { path: '/settings/keys', element: <KeysPage /> },
        { path: '/settings/staff', element: <StaffPage /> },
        { path: '/account', element: <AccountPage /> },
        { path: '/settings/roles', element: <StaffRolesPage /> },
        { path: '*', element: <MissingPage /> },
      ],
    },
  ],
  { basename },
);

/** The console of somebody who is signed in. */
export function App() {
  const { dark } = useTheme();
  const locale = useAntdLocale(useLanguage());
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return (
    <ConfigProvider
      theme={antdTheme(dark)}
      button={{ autoInsertSpace: false }}
      // A dialog is above everything: what opens inside it has to open in it.
      getPopupContainer={(node) => node?.closest('dialog') ?? document.body}
      {...(locale && { locale })}
      {...(nonce && { csp: { nonce } })}
    >
      <Suspense fallback={null}>
        <RouterProvider router={router} />
      </Suspense>
    </ConfigProvider>
  );
}

const antdLocales: Record<Language, () => Promise<Locale>> = {
  'zh-CN': async () => (await import('antd/es/locale/zh_CN')).default,
  'en-US': async () => (await import('antd/es/locale/en_US')).default,
  'zh-TW': async () => (await import('antd/es/locale/zh_TW')).default,
  'ja-JP': async () => (await import('antd/es/locale/ja_JP')).default,
};

function useAntdLocale(language: Language): Locale | undefined {
  const [locale, setLocale] = useState<Locale>();
  useEffect(() => {
    let current = true;
    void antdLocales[language]().then((loaded) => current && setLocale(loaded));
    return () => {
      current = false;
    };
  }, [language]);
  return locale;
}

function BrokenPage() {
  const error = useRouteError();
  return (
    <ErrorPage
      error={error instanceof Error ? error : new Error(String(error))}
      onRetry={() => window.location.reload()}
    />
  );
}

function MissingPage() {
  return <ErrorPage error={new ApiError('notFound')} />;
}
