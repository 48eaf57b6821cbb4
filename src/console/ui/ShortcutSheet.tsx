import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
const command = isMac ? '⌘' : 'Ctrl';

const keys = {
  palette: [command, 'K'],
  search: ['/'],
  save: [command, 'S'],
  close: ['Esc'],
  lift: ['Space', '↑', '↓'],
  cell: ['Enter', 'Tab', '↑', '↓', '←', '→'],
  sheet: ['?'],
} as const;

/** The keys, and what they do. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{t('app.keys.title')}</h2>
      <dl className="keys">
        {(Object.keys(keys) as (keyof typeof keys)[]).map((name) => (
          <div key={name}>
            <dt>
              {keys[name].map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`app.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <footer>
        <Button onClick={() => dialog.current?.close()}>{t('app.close')}</Button>
      </footer>
    </dialog>
  );
}
