import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { maxReason } from '#contract/history';
import type { Value } from '#contract/value';
import { call } from '../api.ts';
import { FormField } from '../inputs/FormField.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { type Reference, wire } from './targets.ts';

interface Asked {
  field: Field;
  label: string;
  reference: Reference;
  onClose: () => void;
}

/** Asks for a reason and reveals a value. */
export function Reveal({
  field,
  label,
  reference,
  onClose,
  onValue,
}: Asked & { onValue: (value: Value | null) => void }) {
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

/** Verifies a value that the person enters. */
export function Compare({ field, label, reference, onClose }: Asked) {
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
