import { Search } from 'lucide-react';
import { lazy, Suspense, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patiently } from '../reach.ts';
import { commandKey } from './command-key.ts';

const Palette = lazy(() => patiently(() => import('./Palette.tsx')).then((m) => ({ default: m.Palette })));
const ShortcutSheet = lazy(() =>
  patiently(() => import('./ShortcutSheet.tsx')).then((m) => ({ default: m.ShortcutSheet })),
);

/** The global keyboard shortcuts, and a button for the first of them. */
export function Shortcuts() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'palette' | 'sheet'>();
  // As soon as the page is there, because the first key may follow at once.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || event.altKey) return;
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen('palette');
      }
      // Dialogs and text inputs keep their keys.
      if (isCommand || isWriting(event.target) || document.querySelector('dialog[open]')) return;
      if (event.key === '?') setOpen('sheet');
      const search = event.key === '/' && document.querySelector<HTMLElement>('main input[type=search]');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const close = () => setOpen(undefined);
  return (
    <>
      <button
        type="button"
        className="search-bar"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen('palette')}
      >
        <Search className="icon" aria-hidden />
        <span className="hidden-text">{t('app.palette.button')}</span>
        <span className="wide">{t('app.palette.bar')}</span>
        <kbd className="wide" aria-hidden>
          {commandKey} K
        </kbd>
      </button>
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={close} />}
        {open === 'sheet' && <ShortcutSheet onClose={close} />}
      </Suspense>
    </>
  );
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
