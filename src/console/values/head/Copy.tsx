import { Check, Copy as CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './Copy.css';

/** Copies a text, and says for a moment that it did. */
export function Copy({ text }: { text: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const label = isCopied ? t('values.raw.copied') : t('app.named', { what: t('app.copy'), name: text });
  const Icon = isCopied ? Check : CopyIcon;
  return (
    <button
      type="button"
      className="small-button copy"
      aria-label={label}
      title={label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <Icon className="icon" aria-hidden />
    </button>
  );
}
