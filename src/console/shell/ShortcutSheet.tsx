import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';
import { commandKey } from './command-key.ts';
import './ShortcutSheet.css';

const keys = {
  palette: [commandKey, 'K'],
  search: ['/'],
  save: [commandKey, 'S'],
  close: ['Esc'],
  rows: ['↑', '↓'],
  column: ['Shift', '←', '→', 'Enter'],
  siblings: ['Alt', '↑', '↓'],
  lift: ['Space', '↑', '↓'],
  cell: ['Enter', 'Tab', '↑', '↓', '←', '→'],
  sheet: ['?'],
} as const;

/** The keyboard shortcuts. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('app.keys.title')} onClose={onClose}>
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
        <Button onClick={onClose}>{t('app.close')}</Button>
      </footer>
    </Dialog>
  );
}
