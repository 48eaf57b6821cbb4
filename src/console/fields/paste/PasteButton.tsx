import { Button, Input } from 'antd';
import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../../inputs/SaveBar.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import './PasteButton.css';

/** Where one pastes a block without a cell for it, or types one. */
export function PasteButton({ help, onBlock }: { help: string; onBlock: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState<string>();
  const take = (given: string) => {
    setText(undefined);
    onBlock(given);
  };
  return (
    <>
      <Button type="text" icon={<ClipboardPaste className="icon" aria-hidden />} onClick={() => setText('')}>
        {t('fields.paste.button')}{' '}
        <kbd className="key" aria-hidden>
          {keyOf('V')}
        </kbd>
      </Button>
      {text !== undefined && (
        <Dialog
          title={t('fields.paste.button')}
          size="medium"
          stays={text.trim() !== ''}
          onClose={() => setText(undefined)}
        >
          <Input.TextArea
            aria-label={t('fields.paste.button')}
            aria-describedby="paste-help"
            rows={8}
            autoFocus
            spellCheck={false}
            placeholder={t('fields.paste.here')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onPaste={(event) => {
              // Into a text that is being written, it is pasted as usual.
              if (text.trim()) return;
              event.preventDefault();
              take(event.clipboardData.getData('text/plain'));
            }}
          />
          <p className="field-help paste-help" id="paste-help">
            {help}
          </p>
          <footer>
            <Button onClick={() => setText(undefined)}>{t('app.cancel')}</Button>
            <Button type="primary" disabled={!text.trim()} onClick={() => take(text)}>
              {t('fields.paste.insert')}
            </Button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
