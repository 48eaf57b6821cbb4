import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { maxReason } from '#contract/history';
import type { Value } from '#contract/value';
import { call } from '../api.ts';
import { useSession } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { type ControlProps, FormField } from '../ui/FormField.tsx';
import { useLanguage } from '../ui/language.ts';
import { ValueInput } from '../ui/ValueInput.tsx';
import { sayValue } from '../ui/ValueText.tsx';
import { type Reference, wire } from './targets.ts';

const shownFor = 120;

/** A masked value: compared with what somebody says, revealed for a reason and two minutes, or replaced by another. */
export function ProtectedValue({
  field,
  mask,
  label,
  control,
  reference,
  onReplace,
  onClear,
}: {
  field: Field;
  mask: string;
  label: string;
  control: ControlProps;
  reference: Reference;
  /** Undefined where it can't be edited. */
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
  return (
    <>
      <Input {...control} readOnly value={clear ?? mask} className={clear === undefined ? 'masked' : ''} />
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
            <Button
              size="small"
              aria-label={`${t('values.protected.compare')}: ${label}`}
              onClick={() => setAsks('compare')}
            >
              {t('values.protected.compare')}
            </Button>
            {can('reveal') && (
              <Button
                size="small"
                aria-label={`${t('values.protected.reveal')}: ${label}`}
                onClick={() => setAsks('reveal')}
              >
                {t('values.protected.reveal')}
              </Button>
            )}
            {onReplace && (
              <Button size="small" aria-label={`${t('values.protected.replace')}: ${label}`} onClick={onReplace}>
                {t('values.protected.replace')}
              </Button>
            )}
            {onClear && (
              <Button size="small" aria-label={`${t('values.protected.remove')}: ${label}`} onClick={onClear}>
                {t('values.protected.remove')}
              </Button>
            )}
          </>
        )}
      </div>
      {/* A form in a form is none: the dialogs stand outside. */}
      {asks === 'reveal' &&
        createPortal(
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
          />,
          document.body,
        )}
      {asks === 'compare' &&
        createPortal(
          <Compare field={field} label={label} reference={reference} onClose={() => setAsks(undefined)} />,
          document.body,
        )}
    </>
  );
}

interface Asked {
  field: Field;
  label: string;
  reference: Reference;
  onClose: () => void;
}

function Reveal({ field, label, reference, onClose, onValue }: Asked & { onValue: (value: Value | null) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const reveal = useMutation({
    mutationFn: () => call('revealValue', { ...wire(reference), key: field.key, reason: reason.trim() }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!reason.trim()) return setMissing(true);
    reveal.mutate(undefined, { onSuccess: ({ value }) => onValue(value) });
  };
  return (
    <Dialog title={t('values.protected.revealTitle', { label })} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <p className="quiet">{t('values.protected.revealText')}</p>
        <FormField label={t('values.protected.reason')} error={isMissing && !reason.trim() ? 'required' : undefined}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={maxReason}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </FormField>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={reveal.isPending}>
            {t('values.protected.show')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Compare({ field, label, reference, onClose }: Asked) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [said, setSaid] = useState<Value | null>(null);
  const compare = useMutation({
    mutationFn: (value: Value) => call('compareValue', { ...wire(reference), key: field.key, value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (said !== null) compare.mutate(said);
  };
  return (
    <Dialog title={t('values.protected.compareTitle', { label })} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <p className="quiet">{t('values.protected.compareText')}</p>
        <FormField label={t('values.protected.said')}>
          {(control) => (
            <ValueInput
              field={field}
              value={said}
              language={language}
              label={t('values.protected.said')}
              control={control}
              onChange={(next) => {
                setSaid(next);
                compare.reset();
              }}
            />
          )}
        </FormField>
        <p role="status" className={compare.data ? `note ${compare.data.matches ? 'good' : 'caution'}` : 'hidden-text'}>
          {compare.data && t(compare.data.matches ? 'values.protected.matches' : 'values.protected.differs')}
        </p>
        <footer>
          <Button onClick={onClose}>{t('app.close')}</Button>
          <Button type="primary" htmlType="submit" disabled={said === null || compare.isPending}>
            {t('values.protected.check')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
