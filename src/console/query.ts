import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '#contract/wire/errors';
import { toast } from './ui/toasts.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error;
    mutationMeta: { /** The form shows the error itself. */ handled?: boolean };
  }
}

/** A mutation's key names the queries that it invalidates. It is pending until they are fresh. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => noticeSignOut(error, query.queryKey) }),
  mutationCache: new MutationCache({
    onSuccess: (_data, _input, _context, mutation) =>
      Promise.all(
        (mutation.options.mutationKey ?? []).map((name) => queryClient.invalidateQueries({ queryKey: [name] })),
      ),
    onError: (error, _input, _context, mutation) => {
      noticeSignOut(error);
      if (!mutation.meta?.handled) toast.error(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (count, error) => isUnanswered(error) || (count < 2 && isUnavailable(error)),
      retryDelay,
    },
    mutations: { networkMode: 'always', retryDelay },
  },
});

/** For what may be sent twice: it is sent until there is an answer. */
export const untilAnswered = { retry: (_count: number, error: Error) => isUnanswered(error) };

function isUnavailable(error: Error): error is ApiError {
  return error instanceof ApiError && error.name === 'unavailable';
}

/** Whether nobody answered. The server's own refusals have a request id. */
function isUnanswered(error: Error): boolean {
  return isUnavailable(error) && error.details.requestId === undefined;
}

function retryDelay(failures: number): number {
  return Math.min(500 * 2 ** failures, 4_000);
}

/** When a session has ended, reads it again, so that the sign-in page covers the console. */
export function noticeSignOut(error: Error, queryKey: readonly unknown[] = []): void {
  const ended = error instanceof ApiError && error.name === 'unauthenticated';
  if (ended && queryKey[0] !== 'session') void queryClient.invalidateQueries({ queryKey: ['session'] });
}
