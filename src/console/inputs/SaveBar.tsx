import { Button } from 'antd';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';
import { Dialog } from '../ui/Dialog.tsx';
import './SaveBar.css';

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** A key with the one that makes it a command on this machine. */
export const keyOf = (key: string): string => (isMac ? `⌘ ${key}` : `Ctrl ${key}`);

/** Appears while there are changes and names them. Warns before the person leaves. */
export function SaveBar({
  changes,
  count = changes.length,
  saving,
  saveLabel,
  problem,
  onSave,
  onDiscard,
  children,
}: {
  changes: { key: string; text: ReactNode }[];
  /** The number of changes, if not all are named. */
  count?: number;
  saving: boolean;
  saveLabel?: string;
  /** What keeps it from being saved, and what leads there. */
  problem?: { text: string; onShow: () => void } | undefined;
  onSave: () => void;
  onDiscard: () => void;
  /** Controls that belong to the save. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const dirty = count > 0;
  // A save by keyboard also works before the browser has rendered the typed text.
  useLayoutEffect(() => {
    const save = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      if (dirty && !saving) onSave();
    };
    window.addEventListener('keydown', save);
    return () => window.removeEventListener('keydown', save);
  });
  if (!dirty) return null;
  return (
    <div className="save-bar" role="region" aria-label={t('app.changes', { count })}>
      {problem && (
        <button type="button" className="save-problem" onClick={problem.onShow}>
          <CircleAlert className="icon" aria-hidden />
          {problem.text}
        </button>
      )}
      <ul className="save-changes">
        <li>{t('app.changes', { count })}</li>
        {changes.map(({ key, text }) => (
          <li key={key}>{text}</li>
        ))}
        {count > changes.length && <li>… +{count - changes.length}</li>}
      </ul>
      {children}
      <Button onClick={onDiscard} disabled={saving}>
        {t('app.discard')}
      </Button>
      <Button type="primary" onClick={onSave} loading={saving}>
        {saveLabel ?? t('app.save')} <kbd aria-hidden>{keyOf('S')}</kbd>
      </Button>
    </div>
  );
}

/** Asks before unsaved work is lost, inside the console and on leaving it. */
export function LeaveGuard({
  dirty,
  within = [],
  onDiscard,
}: {
  dirty: boolean;
  /** Further paths at which the work stays. */
  within?: string[];
  onDiscard?: () => void;
}) {
  const { t } = useTranslation();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation: { pathname } }) =>
      dirty && currentLocation.pathname !== pathname && !within.includes(pathname),
  );
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  if (blocker.state !== 'blocked') return null;
  return (
    <Dialog key={blocker.location.key} title={t('app.leave.title')} onClose={blocker.reset}>
      <p className="quiet">{t('app.leave.text')}</p>
      <footer>
        <Button
          onClick={({ currentTarget }) => {
            // At once: the next key is meant for the page.
            currentTarget.closest('dialog')?.close();
            blocker.reset();
          }}
        >
          {t('app.leave.stay')}
        </Button>
        <Button
          danger
          onClick={() => {
            onDiscard?.();
            blocker.proceed();
          }}
        >
          {t('app.leave.go')}
        </Button>
      </footer>
    </Dialog>
  );
}
