import { CloudOff } from 'lucide-react';
import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { reach } from '../reach.ts';
import './Trouble.css';

/** Says that the server doesn't answer, above everything, for as long as it is so. */
export function Trouble() {
  const { t } = useTranslation();
  const isSilent = useSyncExternalStore(reach.subscribe, reach.isSilent);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (isSilent) box.current?.showPopover?.();
    else box.current?.hidePopover?.();
  }, [isSilent]);
  return (
    <div ref={box} popover="manual" className="trouble" role="status">
      {isSilent && (
        <>
          <CloudOff className="icon" aria-hidden />
          {t('app.silent')}
        </>
      )}
    </div>
  );
}
