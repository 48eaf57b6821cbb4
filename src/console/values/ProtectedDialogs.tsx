import { useMutation } from '@tanstack/react-query';
import { Input } from 'antd';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { endpoints } from '#contract/endpoints';
import type { Field } from '#contract/field';
import { maxReason } from '#contract/history';
import type { Value } from '#contract/value';
import { call } from '../api.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { ValueInput } from '../inputs/ValueInput.tsx';
import { type Reference, wire } from '../kinds.ts';
import { useLanguage } from '../ui/language.ts';

interface Asked {
  field: Field;
  label: string;
  reference: Reference;
  onClose: () => void;
}

const why = judgedBy(endpoints.revealValue.input.pick({ reason: true }));

/** Asks why a value is to be seen, and gets it. */
export function Reveal({
  field,
  label,
  reference,
  onClose,
  onValue,
}: Asked & { onValue: (value: Value | null) => void }) {
  const { t } = useTranslation();
  const form = useForm({ resolver: why, defaultValues: { reason: '' } });
  const reveal = useMutation({
    meta: { handled: true },
    mutationFn: (sent: { reason: string }) => call('revealValue', { ...wire(reference), key: field.key, ...sent }),
  });
  return (
    <DialogForm
      title={t('values.protected.revealTitle', { label })}
      form={form}
      submitLabel={t('values.protected.show')}
      onSubmit={(sent) => reveal.mutateAsync(sent).then(({ value }) => onValue(value))}
      onClose={onClose}
    >
      <p className="quiet">{t('values.protected.revealText')}</p>
      <BoundField control={form.control} name="reason" label={t('values.protected.reason')}>
        {(props) => <Input {...props} autoFocus maxLength={maxReason} />}
      </BoundField>
    </DialogForm>
  );
}

const { value: said } = endpoints.compareValue.input.shape;
const saying = judgedBy(z.object({ value: said.nullable() }));

/** Says whether what somebody says is the value. */
export function Compare({ field, label, reference, onClose }: Asked) {
  const { t } = useTranslation();
  const language = useLanguage();
  const form = useForm({ resolver: saying, defaultValues: { value: null } });
  const value = useWatch({ control: form.control, name: 'value' });
  const compare = useMutation({
    meta: { handled: true },
    mutationFn: (sent: Value) => call('compareValue', { ...wire(reference), key: field.key, value: sent }),
  });
  return (
    <DialogForm
      title={t('values.protected.compareTitle', { label })}
      form={form}
      submitLabel={t('values.protected.check')}
      cancelLabel={t('app.close')}
      isReady={value !== null}
      onSubmit={async (sent) => sent.value !== null && compare.mutateAsync(sent.value)}
      onClose={onClose}
    >
      <p className="quiet">{t('values.protected.compareText')}</p>
      <BoundField control={form.control} name="value" label={t('values.protected.said')}>
        {({ value: typed, onChange, ...control }) => (
          <ValueInput
            field={field}
            value={typed}
            language={language}
            label={t('values.protected.said')}
            placeholder=""
            control={control}
            onChange={(next) => {
              onChange(next);
              compare.reset();
            }}
          />
        )}
      </BoundField>
      <p role="status" className={compare.data ? `note ${compare.data.matches ? 'good' : 'caution'}` : 'hidden-text'}>
        {compare.data && t(compare.data.matches ? 'values.protected.matches' : 'values.protected.differs')}
      </p>
    </DialogForm>
  );
}
