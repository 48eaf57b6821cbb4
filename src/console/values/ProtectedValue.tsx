import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import type { Value } from '#contract/value';
import type { Reference } from '../kinds.ts';
import { patiently } from '../reach.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import './ProtectedValue.css';

const Reveal = lazy(() => patiently(() => import('./ProtectedDialogs.tsx')).then((m) => ({ default: m.Reveal })));
const Compare = lazy(() => patiently(() => import('./ProtectedDialogs.tsx')).then((m) => ({ default: m.Compare })));

const shownFor = 120;

/** A masked value. It can be verified, revealed with a reason for two minutes, or replaced. */
export function ProtectedValue({
  field,
  mask,
  label,
  reference,
  show,
  onReplace,
  onClear,
}: {
  field: Field;
  mask: string;
  label: string;
  reference: Reference;
  /** The control or the text that has the mask, or the revealed value. */
  show: (text: string) => ReactNode;
  /** Undefined if it can't be edited. */
  onReplace: (() => void) | undefined;
  onClear: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { can } = useSession();
  const [asks, setAsks] = useState<'reveal' | 'compare'>();
  const [revealed, setRevealed] = useState<{ value: Value | null; until: number }>();
  const [left, setLeft] = useState(shownFor);
  useEffect(() => {
    if (!revealed) return;
    const timer = setInterval(() => {
      const seconds = Math.ceil((revealed.until - Date.now()) / 1_000);
      setLeft(seconds);
      if (seconds <= 0) setRevealed(undefined);
    }, 500);
    return () => clearInterval(timer);
  }, [revealed]);
  const clear =
    revealed && (revealed.value === null ? t('values.protected.empty') : sayValue(revealed.value, field, language, t));
  const named = (what: string) => t('app.named', { what, name: label });
  return (
    <>
      {show(clear ?? mask)}
      <div className="protected">
        {revealed ? (
          <>
            <span className="quiet" role="timer">
              {t('values.protected.clear', { seconds: left })}
            </span>
            <Button size="small" onClick={() => setRevealed(undefined)}>
              {t('values.protected.hide')}
            </Button>
          </>
        ) : (
          <>
            <Button size="small" aria-label={named(t('values.protected.compare'))} onClick={() => setAsks('compare')}>
              {t('values.protected.compare')}
            </Button>
            {can('reveal') && (
              <Button size="small" aria-label={named(t('values.protected.reveal'))} onClick={() => setAsks('reveal')}>
                {t('values.protected.reveal')}
              </Button>
            )}
            {onReplace && (
              <Button size="small" aria-label={named(t('values.protected.replace'))} onClick={onReplace}>
                {t('values.protected.replace')}
              </Button>
            )}
            {onClear && (
              <Button size="small" aria-label={named(t('values.protected.remove'))} onClick={onClear}>
                {t('values.protected.remove')}
              </Button>
            )}
          </>
        )}
      </div>
      {asks && (
        <Suspense fallback={null}>
          {asks === 'compare' ? (
            <Compare field={field} label={label} reference={reference} onClose={() => setAsks(undefined)} />
          ) : (
            <Reveal
              field={field}
              label={label}
              reference={reference}
              onClose={() => setAsks(undefined)}
              onValue={(value) => {
                setAsks(undefined);
                setLeft(shownFor);
                setRevealed({ value, until: Date.now() + shownFor * 1_000 });
              }}
            />
          )}
        </Suspense>
      )}
    </>
  );
}
