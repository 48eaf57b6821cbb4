import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { Copy } from 'lucide-react';
import { useController, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Output } from '#contract/endpoints';
import { type AccessKey, keyScopes, newKey, rotation } from '#contract/key';
import { issue } from '#contract/wire/issue';
import { BoundField } from '../inputs/BoundField.tsx';
import { Choice } from '../inputs/Choice.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { NameField } from '../inputs/NameField.tsx';
import { useSession } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { toast } from '../ui/toasts.ts';
import { createKey, rotateKey } from './queries.ts';
import { RightList } from './RightList.tsx';

const expiries = ['30', '90', '365', 'never'] as const;

/** Asks for a name, scopes and an expiry. Then shows the secret once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const create = useMutation(createKey());
  const form = useForm({
    resolver: judgedBy(newKey.pick({ name: true, scopes: true, days: true })),
    defaultValues: { name: '', scopes: ['read'], days: 90 },
  });
  const { field: scopes, fieldState } = useController({ control: form.control, name: 'scopes' });
  if (create.data) {
    const title = t('keys.createdTitle', { name: create.variables.name });
    return <Told title={title} told={create.data} onClose={onClose} />;
  }
  return (
    <DialogForm
      title={t('keys.new')}
      size="medium"
      form={form}
      submitLabel={t('keys.create')}
      onSubmit={create.mutateAsync}
      onClose={onClose}
    >
      <NameField control={form.control} name="name" label={t('keys.name')} help={t('keys.nameHelp')} />
      <RightList
        legend={t('keys.scopes')}
        rights={keyScopes}
        chosen={scopes.value}
        blockOf={(scope) => (can(scope) ? undefined : t('keys.notYours'))}
        error={scopes.value.length ? fieldState.error?.message : fieldState.error && issue('required')}
        onChange={scopes.onChange}
      />
      <BoundField control={form.control} name="days" label={t('keys.expires')}>
        {({ value, onChange, ...control }) => (
          <Choice
            control={control}
            label={t('keys.expires')}
            value={expiries.find((one) => one === String(value ?? 'never'))}
            onChange={(next) => onChange(next === 'never' ? null : Number(next))}
            options={expiries.map((one) => ({
              value: one,
              label: one === 'never' ? t('keys.noEnd') : t('keys.days', { count: Number(one) }),
            }))}
          />
        )}
      </BoundField>
    </DialogForm>
  );
}

const overlaps = ['0', '1', '24', '168'] as const;

/** Gives a key a new secret. The old one works for some time, so that people can replace it everywhere. */
export function RotateKey({ accessKey: { id, name }, onClose }: { accessKey: AccessKey; onClose: () => void }) {
  const { t } = useTranslation();
  const rotate = useMutation(rotateKey());
  const form = useForm({
    resolver: judgedBy(rotation.pick({ overlapHours: true })),
    defaultValues: { overlapHours: 24 },
  });
  const { field: hours } = useController({ control: form.control, name: 'overlapHours' });
  if (rotate.data) return <Told title={t('keys.rotatedTitle', { name })} told={rotate.data} onClose={onClose} />;
  return (
    <DialogForm
      title={t('keys.rotateTitle', { name })}
      size="medium"
      form={form}
      submitLabel={t('keys.rotate')}
      onSubmit={(sent) => rotate.mutateAsync({ id, ...sent })}
      onClose={onClose}
    >
      <p className="quiet">{t('keys.rotateText')}</p>
      <Choice
        label={t('keys.overlap')}
        value={overlaps.find((one) => one === String(hours.value))}
        onChange={(next) => hours.onChange(Number(next))}
        options={overlaps.map((value) => ({ value, label: t(`keys.overlaps.${value}`) }))}
      />
    </DialogForm>
  );
}

/** The secret, which nobody can see again. Only a button closes the dialog, not Escape. */
function Told({ title, told, onClose }: { title: string; told: Output<'createAccessKey'>; onClose: () => void }) {
  const { t } = useTranslation();
  const parts = [
    { label: t('keys.id'), text: told.id },
    { label: t('keys.secret'), text: told.secret },
  ];
  return (
    <Dialog title={title} size="medium" onClose={() => undefined} stays>
      <p className="note caution">{t('keys.once')}</p>
      <dl className="told">
        {parts.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code className="mono">{text}</code>
              <Button
                size="small"
                icon={<Copy className="icon" aria-hidden />}
                aria-label={t('values.raw.copyOf', { title: label })}
                onClick={() => navigator.clipboard.writeText(text).then(() => toast.say(t('values.raw.copied')))}
              >
                {t('app.copy')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <footer>
        <Button type="primary" onClick={onClose}>
          {t('keys.stored')}
        </Button>
      </footer>
    </Dialog>
  );
}
