import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '#contract/endpoints';
import { type AccessKey, keyScopes } from '#contract/key';
import { Choice } from '../inputs/Choice.tsx';
import { FormField } from '../inputs/FormField.tsx';
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
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<(typeof keyScopes)[number][]>(['read']);
  const [expiry, setExpiry] = useState<(typeof expiries)[number]>('90');
  const [errors, setErrors] = useState<{ name?: string; scopes?: string }>({});
  if (create.data) return <Told title={t('keys.createdTitle', { name })} told={create.data} onClose={onClose} />;
  async function submit(event: FormEvent) {
    event.preventDefault();
    const missing = {
      ...(!name.trim() && { name: 'required' }),
      ...(!scopes.length && { scopes: 'required' }),
    };
    setErrors(missing);
    if (Object.keys(missing).length) return;
    const days = expiry === 'never' ? null : Number(expiry);
    // The mutation cache shows an error.
    await create.mutateAsync({ name: name.trim(), scopes, days }).catch(() => undefined);
  }
  return (
    <Dialog title={t('keys.new')} className="key-dialog" onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <NameField
          label={t('keys.name')}
          help={t('keys.nameHelp')}
          error={errors.name}
          value={name}
          onChange={setName}
        />
        <RightList
          legend={t('keys.scopes')}
          rights={keyScopes}
          chosen={scopes}
          blockOf={(scope) => (can(scope) ? undefined : t('keys.notYours'))}
          error={errors.scopes}
          onChange={setScopes}
        />
        <FormField label={t('keys.expires')}>
          {(control) => (
            <Choice
              control={control}
              label={t('keys.expires')}
              value={expiry}
              onChange={setExpiry}
              options={expiries.map((value) => ({
                value,
                label: value === 'never' ? t('keys.noEnd') : t('keys.days', { count: Number(value) }),
              }))}
            />
          )}
        </FormField>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t('keys.create')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const overlaps = ['0', '1', '24', '168'] as const;

/** Gives a key a new secret. The old one works for some time, so that people can replace it everywhere. */
export function RotateKey({ accessKey: { id, name }, onClose }: { accessKey: AccessKey; onClose: () => void }) {
  const { t } = useTranslation();
  const rotate = useMutation(rotateKey());
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>('24');
  if (rotate.data) return <Told title={t('keys.rotatedTitle', { name })} told={rotate.data} onClose={onClose} />;
  return (
    <Dialog title={t('keys.rotateTitle', { name })} className="key-dialog" onClose={onClose}>
      <p className="quiet">{t('keys.rotateText')}</p>
      <Choice
        label={t('keys.overlap')}
        value={overlap}
        onChange={setOverlap}
        options={overlaps.map((value) => ({ value, label: t(`keys.overlaps.${value}`) }))}
      />
      <footer>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button
          type="primary"
          loading={rotate.isPending}
          onClick={() => rotate.mutateAsync({ id, overlapHours: Number(overlap) }).catch(() => undefined)}
        >
          {t('keys.rotate')}
        </Button>
      </footer>
    </Dialog>
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
    <Dialog title={title} className="key-dialog" onClose={() => undefined} stays>
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
