import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '#contract/errors';
import { startLanguage } from './i18n/index.ts';
import { queryClient } from './query.ts';
import { sessionQuery } from './session.ts';
import { Toasts } from './ui/Toasts.tsx';
import { applyTheme } from './ui/theme-choice.ts';
import './ui/theme.css';

// Two entries behind one address: the sign-in page loads none of the console.
const SignInPage = lazy(() => import('./staff/SignInPage.tsx').then((m) => ({ default: m.SignInPage })));
const App = lazy(() => import('./app.tsx').then((m) => ({ default: m.App })));

/** The console once somebody is signed in; the sign-in page before, and over it when a session ends, so that nothing typed is lost. */
function Root() {
  const { data: session, error, refetch } = useQuery(sessionQuery());
  const signedOut = error instanceof ApiError && error.name === 'unauthenticated';
  return (
    <Suspense fallback={null}>
      {session && <App />}
      {(signedOut || (error && !session)) && (
        <SignInPage expired={Boolean(session)} failure={signedOut ? undefined : error} onRetry={refetch} />
      )}
      <Toasts />
    </Suspense>
  );
}

const root = document.getElementById('root');
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
