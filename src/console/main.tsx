import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from './i18n/index.ts';
import { queryClient } from './query.ts';
import { patiently } from './reach.ts';
import { sessionQuery } from './session.ts';
import { ShellWait } from './shell/ShellWait.tsx';
import { Trouble } from './shell/Trouble.tsx';
import { tenantId } from './tenant.ts';
import { applyTheme } from './theme/choice.ts';
import { Toasts } from './ui/Toasts.tsx';
import './styles.css';

// Two entries at one address: the sign-in page loads nothing of the console.
const SignInPage = lazy(() =>
  patiently(() => import('./staff/SignInPage.tsx')).then((m) => ({ default: m.SignInPage })),
);
const AcceptPage = lazy(() =>
  patiently(() => import('./staff/AcceptPage.tsx')).then((m) => ({ default: m.AcceptPage })),
);
const App = lazy(() => patiently(() => import('./app.tsx')).then((m) => ({ default: m.App })));

/**
 * The console if somebody is signed in, else the sign-in page. When a session ends, that page covers the console, so
 * that no input is lost.
 */
function Root() {
  const { data: session, error, refetch } = useQuery(sessionQuery());
  const tenants = session?.tenants;
  // A person whose role is limited to tenants starts in one of them.
  if (tenants && !tenants.includes(tenantId ?? '')) window.location.replace(tenants[0] ? `/t/${tenants[0]}/` : '/');
  // An invited person has no account yet. The token is after the #.
  const token = window.location.pathname === '/invite' ? window.location.hash.slice(1) : '';
  if (token) {
    return (
      <Suspense fallback={null}>
        <AcceptPage token={token} />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={null}>
      {session === undefined && !error && isExpected && <ShellWait />}
      {session && (
        <div className="console" inert={session.hasEnded}>
          <Suspense fallback={<ShellWait />}>
            <App />
          </Suspense>
        </div>
      )}
      {(session ? session.hasEnded : session === null || error) && (
        <SignInPage expired={Boolean(session)} failure={error ?? undefined} onRetry={refetch} />
      )}
      <Toasts />
      <Trouble />
    </Suspense>
  );
}

const root = document.getElementById('root');
/** The server leaves the frame in the page for whoever seems to be signed in. */
const isExpected = Boolean(root?.childElementCount);
if (root) {
  applyTheme();
  await startLanguage();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  );
}
