import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from './toasts.ts';
import './Toasts.css';

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useSyncExternalStore(toast.subscribe, toast.all);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, kind, text, requestId, action }) => (
        <div key={id} className={`toast ${kind}`}>
          <p>
            {text}
            {requestId && <small>{t('app.requestId', { id: requestId })}</small>}
          </p>
          {requestId && (
            <button type="button" className="icon-button" onClick={() => navigator.clipboard.writeText(requestId)}>
              {t('app.copy')}
            </button>
          )}
          {action && (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                action.run();
                toast.dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="icon-button" aria-label={t('app.close')} onClick={() => toast.dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
