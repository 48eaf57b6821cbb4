import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { i18n } from '../i18n/index.ts';

export interface Toast {
  id: number;
  kind: 'info' | 'error';
  text: string;
  requestId?: string;
  action?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Short messages over the page. `Toasts` shows them, and any code can add one. */
export const toast = {
  say: (text: string, action?: Toast['action']) =>
    add({ kind: 'info', text, ...(action && { action }) }, action ? 10_000 : 4_000),
  error: (error: Error) => add({ kind: 'error', text: sayError(error), ...requestOf(error) }, 12_000),
  dismiss: (id: number) => change(toasts.filter((shown) => shown.id !== id)),
  all: () => toasts,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** An error as text for the viewer. */
export function sayError(error: Error): string {
  if (!(error instanceof ApiError)) return i18n.t('errors.internal');
  const [first] = error.issues;
  const sentence = i18n.t(`errors.${error.name}`);
  return error.name === 'validation' && first ? sayIssue(first) || sentence : sentence;
}

const sayIssue = ({ path, message = '' }: Issue) =>
  path.length ? i18n.t('app.named', { what: path.join('.'), name: message }) : message;

const requestOf = (error: Error) =>
  error instanceof ApiError && error.details.requestId ? { requestId: error.details.requestId } : {};

function add(shown: Omit<Toast, 'id'>, milliseconds: number): void {
  const id = ++last;
  change([...toasts.slice(-3), { ...shown, id }]);
  setTimeout(() => toast.dismiss(id), milliseconds);
}

function change(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
